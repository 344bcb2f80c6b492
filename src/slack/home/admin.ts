import type { Tx } from '../../db/index.ts';
import { channelName, vendorName } from '../../messaging/index.ts';
import type { Account, Tenant } from '../../tenants/index.ts';
import { inline } from '../card/index.ts';
import { capital, grouped, plural, type Times } from '../format.ts';
import { OPEN_SETUP, type SetupState, setupSteps } from '../rescue/setup-view.ts';
import { OVERVIEW } from '../settings/index.ts';
import { button, section } from '../views.ts';

/** How a sender is doing. */
export interface SenderHealth {
  accountId: string;
  /** The gateway refuses it, so it rests. */
  rests: boolean;
  /** Attempts that were refused in the last ten minutes. */
  refused: number;
  due: number;
  oldest: Date | null;
}

/** What an admin looks after. */
export interface AdminFacts {
  health: readonly SenderHealth[];
  settings: { version: number; at: Date | null; by: string | null };
  /** The newest sealed batch of the log, and when somebody outside last saw a head. */
  audit: { size: number; sealedAt: Date; shownAt: Date | null } | null;
}

/** Everything that only the admin's page shows, in two statements. */
export async function readAdmin(tx: Tx, now: Date): Promise<AdminFacts> {
  const health = await tx.query<SenderHealth>(
    {
      name: 'home-senders',
      // messages_due lane by lane, sends_refused
      text: `select r.account_id as "accountId", a.refilled_at > clock_timestamp() + interval '5 seconds' as rests,
          (select count(*) from sends s where s.account_id = a.id and s.tenant_id = $1 and s.state = 'not_sent'
            and s.started_at > clock_timestamp() - interval '10 minutes') as refused, d.due, d.oldest
        from routes r join accounts a on a.id = r.account_id
          cross join lateral (select count(*) as due, min(due_at) as oldest from messages
            where account_id = r.account_id and priority = any('{0,1,2,3}') and tenant_id = $1 and state = 'scheduled'
              and due_at <= $2) d
        where r.tenant_id = $1 and r.retired_at is null`,
    },
    [tx.tenantId, now],
  );
  const [rest] = await tx.query<{
    settings: [number, string, string | null] | null;
    audit: [number, string, string | null] | null;
  }>(
    {
      name: 'home-admin',
      // settings' primary key, seals' and seal_witnesses_last
      text: `select (select jsonb_build_array(v.version, v.changed_at, s.name) from settings v left join staff s on s.id = v.changed_by
            where v.tenant_id = $1 order by v.version desc limit 1) as settings,
          (select jsonb_build_array(b.size, b.sealed_at, (select max(w.posted_at) from seal_witnesses w where w.tenant_id = $1))
            from seals b where b.tenant_id = $1 order by b.batch desc limit 1) as audit`,
    },
    [tx.tenantId],
  );
  const [version = 0, changedAt, by = null] = rest?.settings ?? [];
  const [size, sealedAt, shownAt] = rest?.audit ?? [];
  return {
    health,
    settings: { version, at: changedAt ? new Date(changedAt) : null, by },
    audit:
      size !== undefined && sealedAt
        ? { size, sealedAt: new Date(sealedAt), shownAt: shownAt ? new Date(shownAt) : null }
        : null,
  };
}

/** What the admin's part is written with, beside its facts. */
export interface AdminContext {
  tenant: Tenant;
  setup: SetupState;
  accounts: readonly Account[];
  times: Times;
  now: Date;
}

/** Set-up, senders, settings and the log: each with what is to be done about it. Pure. */
export function adminRows(facts: AdminFacts, page: AdminContext): object[] {
  const live = page.setup.waitsFor === null;
  return [
    ...(live ? [setupRow(page)] : []),
    ...senderRows(facts, page),
    settingsRow(facts, page),
    auditRow(facts, page),
  ];
}

/** What stands above everything else while nothing leaves by itself. Pure. */
export const unfinishedRows = (page: AdminContext): object[] => (page.setup.waitsFor === null ? [] : [setupRow(page)]);

function setupRow({ setup }: AdminContext): object {
  const steps = setupSteps(setup);
  const open = steps.filter(({ state }) => state !== 'done').map(({ title }) => inline(title));
  const live =
    setup.waitsFor === null ? 'Live: follow-ups leave by themselves.' : '*Not live: nothing leaves by itself.*';
  const done = `${steps.length - open.length} of ${steps.length} steps done`;
  const rest = open.length > 0 ? `; open: ${open.join(', ')}` : '';
  const style = setup.waitsFor === null ? {} : { style: 'primary' as const };
  return section(`*Set-up*\n${live} ${done}${rest}.`, button({ text: 'Set-up', actionId: OPEN_SETUP, ...style }));
}

function senderRows({ health }: AdminFacts, { accounts, times, now }: AdminContext): object[] {
  const lines = accounts.map((account) => {
    const how = health.find(({ accountId }) => accountId === account.id);
    const facts = [
      ...(how?.rests ? ['*the gateway refuses it*'] : []),
      ...(how && how.refused > 0 ? [`${plural(how.refused, 'attempt')} refused in 10 min`] : []),
      how?.oldest ? `${grouped(how.due)} due, the oldest since ${times.beside(how.oldest, now)}` : 'nothing waits',
    ];
    const mark = how?.rests || (how?.refused ?? 0) >= 5 ? ':red_circle:' : ':large_green_circle:';
    return `${mark} *${capital(channelName(account.channel))}* from ${inline(account.sender)} (${vendorName(account.vendor)}): ${facts.join(' · ')}`;
  });
  const none = ':red_circle: No sender is connected, so nothing can be sent.';
  return [section(['*Channels*', ...(lines.length > 0 ? lines : [none])].join('\n'))];
}

function settingsRow({ settings }: AdminFacts, { times, now }: AdminContext): object {
  const by = settings.by ? ` by ${inline(settings.by)}` : '';
  const words =
    settings.at === null
      ? 'Everything is as it came.'
      : `Version ${settings.version}, last changed ${times.beside(settings.at, now)}${by}.`;
  return section(`*Settings*\n${words}`, button({ text: 'Settings', actionId: OVERVIEW }));
}

function auditRow({ audit }: AdminFacts, { times, now }: AdminContext): object {
  if (!audit) return section('*Audit log*\nNothing is sealed yet.');
  const shown = audit.shownAt
    ? `its head was last shown outside ${times.beside(audit.shownAt, now)}`
    : 'no head was shown outside yet';
  return section(
    `*Audit log*\n${plural(audit.size, 'event')} sealed, last ${times.beside(audit.sealedAt, now)}; ${shown}. \`/rescue audit\` proves any of them.`,
  );
}
