import { z } from 'zod';
import type { Alerts } from '../../alerts/index.ts';
import type { Database } from '../../db/index.ts';
import { openMinutes, type WebhookLog } from '../../inbox/index.ts';
import type { Clock } from '../../lib/clock.ts';
import { createTurns } from '../../lib/turns.ts';
import type { Live } from '../../messaging/index.ts';
import { periodOf, type Reports } from '../../reports/index.ts';
import {
  may,
  openStages,
  type Playbooks,
  type Role,
  type RoutingBook,
  type Settings,
  type Staff,
  type StaffBook,
  type Tenant,
  type Tenants,
  tenantPlaybooks,
} from '../../tenants/index.ts';
import type { Asked, Feature } from '../feature.ts';
import { knownZone, timesFor } from '../format.ts';
import { accountLine, accountsOf } from '../rescue/channels.ts';
import { isBranded, type SetupState } from '../rescue/setup-view.ts';
import { readAdmin } from './admin.ts';
import { readHome } from './read.ts';
import { homeView, strangerView } from './view.ts';

export interface HomeDeps {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  staff: StaffBook;
  playbooks: Playbooks;
  routing: RoutingBook;
  live: Live;
  alerts: Alerts;
  reports: Reports;
  webhooks: Pick<WebhookLog, 'parked'>;
}

/** As long as this after somebody has opened it, the page follows what they do. */
const LATELY_MS = 3_600_000;
const REMEMBERED = 5000;

/** App Home: each person's own page, written anew when they open it and after what they do. */
export function createHome(deps: HomeDeps): Feature {
  /** Whose page shows which business, and since when: one page for each person of Slack. */
  const opened = new Map<string, { staffId: string; at: number }>();
  const keyOf = ({ tenant, staff }: Asked) => `${tenant.slackTeamId}/${staff.slackUserId}`;
  /** Read and shown by turns: a page read earlier never replaces one that was read later. */
  const inTurn = createTurns();

  function remember(asked: Asked): void {
    const key = keyOf(asked);
    opened.delete(key);
    opened.set(key, { staffId: asked.staff.id, at: deps.clock.machine() });
    const [oldest] = opened.keys();
    if (opened.size > REMEMBERED && oldest !== undefined) opened.delete(oldest);
  }

  const publish = (asked: Asked): Promise<void> =>
    inTurn(keyOf(asked), async () => {
      const view = asked.staff.role === null ? strangerView() : await pageOf(deps, asked);
      await asked.slack.call('views.publish', { user_id: asked.staff.slackUserId, view }, z.unknown());
    });

  return {
    home: {
      async opened(asked) {
        remember(asked);
        await publish(asked);
      },
      async acted(asked) {
        const shown = opened.get(keyOf(asked));
        const lately = shown !== undefined && deps.clock.machine() - shown.at < LATELY_MS;
        if (lately && shown.staffId === asked.staff.id) await publish(asked);
      },
    },
  };
}

async function pageOf(deps: HomeDeps, { tenant, staff }: Asked): Promise<object> {
  const now = deps.clock.now();
  const zone = knownZone(staff.zone, tenant.zone);
  const manages = may(staff.role, 'lead.see_all');
  const [settings, closedDays, keys, people, report, incoming] = await Promise.all([
    deps.tenants.settings(tenant.id),
    deps.tenants.closedDays(tenant.id),
    deps.tenants.keys(tenant.id),
    deps.staff.list(tenant.id),
    manages ? deps.reports.read(tenant.id, null, periodOf('month', now, tenant.zone)) : null,
    manages ? deps.webhooks.parked(tenant.id) : 0,
  ]);
  const won = deps.playbooks.all.flatMap(({ pipeline }) =>
    pipeline.stages.filter((stage) => stage.ends === 'converted').map((stage) => stage.key),
  );
  const who = { staffId: staff.id, manages, zone, won, open: openStages(deps.playbooks.all) };
  const [facts, admin] = await Promise.all([
    deps.db.inTenant(tenant.id, (tx) => readHome(tx, keys.data, who, now, { openAlerts: deps.alerts.open, incoming })),
    may(staff.role, 'tenant.set_up') ? adminOf(deps, tenant, settings, people, now) : null,
  ]);
  const hours = { opening: settings.opening, closedDays, zone: tenant.zone };
  return homeView(facts, {
    me: staff.id,
    staff: people,
    playbooks: tenantPlaybooks(deps.playbooks, settings),
    times: timesFor({ zone, country: tenant.country, now }),
    now,
    waited: (since) => openMinutes(since, now, hours),
    report,
    admin,
    business: (await deps.tenants.ofTeam(tenant.slackTeamId ?? '')).length > 1 ? tenant.name : null,
  });
}

/** What only admins see. The rehearsal of every follow-up is left to the set-up's own window: it takes its time. */
async function adminOf(deps: HomeDeps, tenant: Tenant, settings: Settings, people: readonly Staff[], now: Date) {
  const [routing, waiting, facts] = await Promise.all([
    deps.routing.of(tenant.id),
    deps.live.waiting(tenant.id),
    deps.db.inTenant(tenant.id, (tx) => readAdmin(tx, now)),
  ]);
  const accounts = accountsOf(routing);
  const count = (role: Role) => people.filter((person) => person.role === role).length;
  const setup: SetupState = {
    business: tenant,
    people: { admins: count('admin'), managers: count('manager'), salespeople: count('salesperson') },
    senders: accounts.map(accountLine),
    templates: null,
    terms: settings.termsUrl !== null,
    feed: settings.feedChannel !== null,
    branded: isBranded(settings),
    troubled: null,
    waitsFor: tenant.waitsFor,
    waiting,
  };
  const times = timesFor({ zone: tenant.zone, country: tenant.country, now });
  return { facts, page: { tenant, setup, accounts, times, now } };
}
