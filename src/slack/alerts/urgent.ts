import { routeOf } from '../../alerts/index.ts';
import type { Tx } from '../../db/index.ts';
import { append, type EffectHandler, request } from '../../events/index.ts';
import { bandOf, findLead, isHighValue, type LeadSummary, readScore } from '../../leads/index.ts';
import type { LeadId, TenantId } from '../../lib/ids.ts';
import type { StaffSms } from '../../messaging/index.ts';
import { may, type Playbook, type Staff } from '../../tenants/index.ts';
import {
  type CardDeps,
  createOutlets,
  isGone,
  keepUrgentPlaces,
  leaders,
  mastheadOf,
  type Place,
  type Post,
  posted,
  revise,
  urgentPlaces,
} from '../card/index.ts';
import { placeOf, receiversOf } from './receivers.ts';
import { alertNote, alertText, type Urgent } from './urgent-words.ts';

export interface UrgentDeps extends CardDeps {
  staffSms: StaffSms;
  /** Managers were told, so long after it was known. */
  observeAlert?(by: 'slack' | 'sms', ms: number): void;
}

/** Rung at most. */
const MAX_RUNG = 5;

/**
 * Tells managers of a lead that cannot wait (a score that is alerted, a value above the playbook's line): in Slack and by SMS. The
 * posts in Slack go on saying who looks after it.
 */
export function createUrgentHandlers(
  deps: UrgentDeps,
): Record<'alert.slack' | 'alert.keep' | 'alert.sms', EffectHandler> {
  const { db, clock, log, playbooks, tenants } = deps;
  const outlets = createOutlets(deps);

  async function read(tenantId: TenantId, leadId: LeadId): Promise<Urgent | undefined> {
    const [tenant, { currency }, staff] = await Promise.all([
      tenants.byId(tenantId),
      tenants.settings(tenantId),
      deps.staff.list(tenantId),
    ]);
    return db.inTenant(tenantId, async (tx) => {
      const lead = await findLead(tx, leadId);
      const score = await readScore(tx, leadId);
      if (!lead || !score) return undefined;
      const owner = staff.find(({ id }) => id === lead.ownerId)?.slackUserId ?? null;
      return urgent(lead, playbooks.get(lead.playbook), score.points, { business: tenant.name, currency, owner });
    });
  }

  async function untold(tenantId: TenantId, leadId: LeadId, by: 'slack' | 'sms'): Promise<Urgent | undefined> {
    const known = await db.inTenant(tenantId, (tx) => wasTold(tx, leadId, by));
    return known ? undefined : read(tenantId, leadId);
  }

  async function noteOf(tenantId: TenantId, about: Urgent): Promise<Post> {
    const [staff, masthead] = await Promise.all([deps.staff.list(tenantId), mastheadOf(deps, tenantId)]);
    return { ...alertNote(about, managersWithPhone(staff).length === 0), masthead };
  }

  /** Keeps where it was posted; whoever took it meanwhile found nothing to bring up to date. */
  async function keep(tenantId: TenantId, { lead }: Urgent, places: readonly Place[]): Promise<void> {
    await db.inTenant(tenantId, async (tx) => {
      await keepUrgentPlaces(tx, lead.id, places);
      const now = await findLead(tx, lead.id);
      if (now && now.ownerId !== lead.ownerId) await request(tx, tenantId, [{ kind: 'alert.keep', key: lead.id }]);
    });
  }

  /** Writes down that it was done, and after how long. */
  async function told(tenantId: TenantId, leadId: LeadId, by: 'slack' | 'sms'): Promise<void> {
    await db.inTenant(tenantId, async (tx) => {
      const [row] = await tx.query<{ ms: number; personId: LeadSummary['personId'] }>(
        `select l.person_id as "personId", greatest(0, extract(epoch from clock_timestamp() - s.alert_asked_at) * 1000)::int as ms
         from scores s join leads l on l.id = s.lead_id where s.lead_id = $1`,
        [leadId],
      );
      if (!row) return;
      const data = { by, ms: row.ms };
      await append(tx, tenantId, clock.now(), 'system', [
        { type: 'lead.alerted', leadId, personId: row.personId, data },
      ]);
      deps.observeAlert?.(by, row.ms);
    });
  }

  return {
    async 'alert.slack'({ tenantId, key }) {
      const leadId = key as LeadId;
      const about = await untold(tenantId, leadId, 'slack');
      if (!about) return;
      const client = await deps.clientOf(tenantId);
      const [staff, settings, note] = await Promise.all([
        deps.staff.list(tenantId),
        tenants.settings(tenantId),
        noteOf(tenantId, about),
      ]);
      const managers = leaders(staff).map(({ slackUserId }) => ({ id: slackUserId, direct: true }));
      const routed = routeOf('hot_lead', settings) ? receiversOf('hot_lead', settings, staff) : [];
      const places: Place[] = [];
      for (const receiver of [...routed, ...managers]) {
        const reached = places.length;
        if (reached >= MAX_RUNG || (reached > 0 && reached === routed.length)) break; // where it is routed to, nobody else is rung
        const channel = await placeOf(outlets, client, tenantId, receiver);
        const place = channel && (await posted(client, channel, note));
        if (place) places.push(place);
      }
      if (places.length > 0) {
        await keep(tenantId, about, places);
        await told(tenantId, leadId, 'slack');
      } else log.warn({ tenant: tenantId, lead: leadId }, 'nobody is there to be told of an urgent lead');
    },
    async 'alert.keep'({ tenantId, key }) {
      const leadId = key as LeadId;
      const about = await read(tenantId, leadId);
      if (!about) return; // erased since: its posts are emptied with its card
      const [client, note, places] = await Promise.all([
        deps.clientOf(tenantId),
        noteOf(tenantId, about),
        db.inTenant(tenantId, (tx) => urgentPlaces(tx, leadId)),
      ]);
      for (const place of places) {
        await revise(client, place, note).catch((error: unknown) => {
          if (!isGone(error)) throw error;
        });
      }
    },
    async 'alert.sms'({ tenantId, key }) {
      const leadId = key as LeadId;
      const about = await untold(tenantId, leadId, 'sms');
      if (!about) return;
      const phones = managersWithPhone(await deps.staff.list(tenantId)).slice(0, MAX_RUNG);
      // the post in Slack says so too
      if (phones.length === 0) log.warn({ tenant: tenantId, lead: leadId }, 'no manager has a phone to be told by');
      let reached = 0;
      for (const phone of phones) {
        const outcome = await deps.staffSms.send(tenantId, phone, alertText(about));
        if (outcome?.kind === 'accepted') reached++;
        else
          log.warn(
            { tenant: tenantId, lead: leadId, outcome: outcome?.kind ?? 'no_sender' },
            'an alert by SMS did not leave',
          );
        // certainly not sent, and nobody else has it yet: the outbox tries again
        if (outcome?.kind === 'not_written' && reached === 0) throw new Error('an alert by SMS was not written');
      }
      if (reached > 0) await told(tenantId, leadId, 'sms');
    },
  };
}

const managersWithPhone = (staff: readonly Staff[]): string[] => [
  ...new Set(staff.flatMap(({ role, phone }) => (may(role, 'lead.see_all') && phone ? [phone] : []))),
];

async function wasTold(tx: Tx, leadId: LeadId, by: string): Promise<boolean> {
  const rows = await tx.query(
    // events_lead
    `select from events where lead_id = $1 and type = 'lead.alerted' and data->>'by' = $2 limit 1`,
    [leadId, by],
  );
  return rows.length > 0;
}

function urgent(
  lead: LeadSummary,
  playbook: Playbook,
  points: number,
  about: Pick<Urgent, 'business' | 'currency' | 'owner'>,
): Urgent | undefined {
  const { score } = playbook;
  if (!score) return undefined;
  const { highValue } = score;
  const value = highValue && isHighValue(score, lead.fields) ? Number(lead.fields[highValue.field]) : null;
  return { ...about, lead, playbook, points, band: bandOf(score, points).label, value };
}
