import { DateTime } from 'luxon';
import type { Alert } from '../../alerts/index.ts';
import type { Tx } from '../../db/index.ts';
import { type Owed, owedAnswers } from '../../inbox/index.ts';
import { type LeadSummary, unownedLeads } from '../../leads/index.ts';
import type { LeadId, StaffId } from '../../lib/ids.ts';
import { open } from '../../lib/secrets.ts';
import { bodyPlace } from '../../messaging/index.ts';
import type { OpenStage } from '../../tenants/index.ts';
import type { Decisions } from './manage.ts';

/** An owed answer with the customer's last words. */
export interface OwedLine extends Owed {
  words: string;
}

/** A planned message of today. */
export interface PlannedLine {
  leadId: LeadId;
  name: string;
  playbook: string;
  fields: Record<string, string>;
  stepKey: string | null;
  channel: string;
  dueAt: Date;
}

export interface HomeFacts {
  mine: { owed: OwedLine[]; total: number };
  /** Null for salespeople. */
  team: { owed: OwedLine[]; total: number; decisions: Decisions; alerts: readonly Alert[] } | null;
  /** Open leads that nobody looks after, newest first; one more than is shown. */
  unowned: LeadSummary[];
  today: { planned: PlannedLine[]; total: number };
  week: { logged: number; replied: number; won: number };
}

const MAX_OWED = 8;
const MAX_PLANNED = 6;
export const MAX_UNOWNED = 3;

/** The day and the week that hold an instant, on the reader's clock. */
export function spansOf(now: Date, zone: string): { dayEnds: Date; weekBegan: Date } {
  const local = DateTime.fromJSDate(now, { zone });
  return { dayEnds: local.endOf('day').toJSDate(), weekBegan: local.startOf('week').toJSDate() };
}

const PLANNED = {
  name: 'home-planned',
  // messages_due: today's of the tenant, of which the leads narrow down
  text: `select m.lead_id as "leadId", p.name, l.playbook, l.fields, m.step_key as "stepKey", m.channel,
      m.due_at as "dueAt", count(*) over () as total
    from messages m join leads l on l.id = m.lead_id join persons p on p.id = m.person_id
    where m.state = 'scheduled' and m.account_id in (select account_id from routes where tenant_id = $1)
      and m.priority between 0 and 3 and m.tenant_id = $1 and m.due_at between $2 and $3 and m.purpose = 'cadence'
      and l.owner_id = $4
    order by m.due_at limit ${MAX_PLANNED}`,
};

const WEEK = {
  name: 'home-week',
  // leads_owner, enrolments_lead
  text: `select count(*) filter (where l.captured_at >= $3) as logged,
      count(*) filter (where l.stage_at >= $3 and l.stage = any($4::text[])) as won,
      (select count(distinct e.lead_id) from enrolments e join leads o on o.id = e.lead_id
        where o.tenant_id = $1 and o.owner_id = $2 and e.state = 'replied' and e.ended_at >= $3) as replied
    from leads l where l.tenant_id = $1 and l.owner_id = $2`,
};

const DECISIONS = {
  name: 'home-decisions',
  // messages_waiting, effects_parked, hook_deliveries_parked, setting_changes_waiting, erasures_tenant
  text: `select (select count(*) from messages where tenant_id = $1 and state = 'unconfirmed') as unconfirmed,
      (select count(*) from messages where tenant_id = $1 and state = 'held'
        and reason not in ('paused', 'unsure', 'channel_opted_out')) as held,
      (select count(*) from drafts where tenant_id = $1 and state = 'open') as drafts,
      (select count(*) from whatsapp_templates where tenant_id = $1 and state in ('paused', 'rejected', 'disabled')) as templates,
      (select count(*) from effects where tenant_id = $1 and parked_at is not null)
        + (select count(*) from hook_deliveries where tenant_id = $1 and state = 'parked') as parked,
      (select count(*) from setting_changes where tenant_id = $1 and state = 'waiting') as changes,
      (select count(*) from erasures where tenant_id = $1 and state = 'asked') as erasures`,
};

/** Reads one person's page. `won` are the stages that count as won; `incoming` is parked, and read across tenants. */
export async function readHome(
  tx: Tx,
  dataKey: Buffer,
  who: { staffId: StaffId; manages: boolean; zone: string; won: readonly string[]; open: readonly OpenStage[] },
  now: Date,
  { openAlerts, incoming }: { openAlerts: (tx: Tx) => Promise<Alert[]>; incoming: number },
): Promise<HomeFacts> {
  const { staffId, manages, zone, won, open: stages } = who;
  const { dayEnds, weekBegan } = spansOf(now, zone);
  const mine = await owedAnswers(tx, { by: staffId, limit: MAX_OWED });
  const everybodys = manages ? await owedAnswers(tx, { limit: MAX_OWED * 2 }) : undefined;
  const words = await wordsOf(tx, dataKey, [...mine.owed, ...(everybodys?.owed ?? [])]);
  const withWords = (owed: readonly Owed[]): OwedLine[] =>
    owed.map((each) => ({ ...each, words: words.get(each.lastInboundId) ?? '' }));
  const planned = await tx.query<PlannedLine & { total: number }>(PLANNED, [tx.tenantId, now, dayEnds, staffId]);
  const [week] = await tx.query<HomeFacts['week']>(WEEK, [tx.tenantId, staffId, weekBegan, won]);
  return {
    mine: { owed: withWords(mine.owed), total: mine.total },
    team: everybodys
      ? {
          owed: withWords(everybodys.owed.filter((each) => each.owesId !== staffId)).slice(0, MAX_OWED),
          total: everybodys.total - mine.total,
          decisions: { ...(await decisionsOf(tx)), incoming },
          alerts: await openAlerts(tx),
        }
      : null,
    unowned: await unownedLeads(tx, stages, MAX_UNOWNED + 1),
    today: { planned, total: planned[0]?.total ?? 0 },
    week: week ?? { logged: 0, replied: 0, won: 0 },
  };
}

async function decisionsOf(tx: Tx): Promise<Omit<Decisions, 'incoming'>> {
  const [decisions] = await tx.query<Omit<Decisions, 'incoming'>>(DECISIONS, [tx.tenantId]);
  if (!decisions) throw new Error('counting gave no row');
  return decisions;
}

async function wordsOf(tx: Tx, dataKey: Buffer, owed: readonly Owed[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ id: string; body: Buffer }>(
    'select id, body from messages where id = any($1::uuid[]) and body is not null',
    [owed.map((each) => each.lastInboundId)],
  );
  return new Map(
    rows.map(({ id, body }) => [id, open(dataKey, bodyPlace({ tenantId: tx.tenantId, id }), body).toString()]),
  );
}
