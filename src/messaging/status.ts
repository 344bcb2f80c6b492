import { channelOrder } from '../cadence/index.ts';
import type { Database, Sql } from '../db/index.ts';
import { request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { AccountId, EnrolmentId, LeadId, MessageId, PersonId, TenantId } from '../lib/ids.ts';
import { type Playbook, type Playbooks, type Tenants, tenantPlaybook } from '../tenants/index.ts';
import { advanceLeads } from './first-sent.ts';
import type { Way } from './guard.ts';
import type { Health } from './health.ts';
import { afterRefusal, SWITCH_SECONDS } from './outcome.ts';
import type { ChannelName, StatusReport } from './port.ts';
import {
  type Blocked,
  completeBeside,
  endings,
  IS_RUNNING,
  markUnreachable,
  type Recorded,
  record,
  type Transition,
} from './record.ts';

interface Moved {
  messageId: MessageId;
  attempt: number;
  status: string;
  tenantId: TenantId;
  personId: PersonId;
  leadId: LeadId | null;
  channel: ChannelName;
  stepKey: string | null;
  current: boolean;
  purpose: string;
  playbook: string | null;
  /** The settings that its follow-up was planned with; null for what belongs to none. */
  settingsVersion: number | null;
  /** The other ways to this person, WhatsApp left out, which would need a template. */
  ways: Way[] | null;
  agreed: ChannelName[];
  beside: EnrolmentId | null;
  accountId: AccountId;
  /** How often in a row its account had to rest. */
  rests: number;
  /** It was begun since the account's last rest, so it says how the account does. */
  speaks: boolean;
}

/*
 * Delivery only moves forward: accepted < sent < delivered < read, and a failure is final. One e-mail server may have taken a
 * letter, which is all that "delivered" says, and the next one find no such mailbox: such a bounce counts after it. The report
 * itself proves that an uncertain attempt was taken. Only the newest attempt speaks for the message.
 */
const APPLY = {
  name: 'statuses-apply',
  text: `with r as (
      select distinct on (id, attempt) * from unnest($1::uuid[], $2::smallint[], $3::text[], $4::text[], $5::text[], $6::smallint[], $8::text[], $9::boolean[])
        as r(id, attempt, gateway_id, status, code, rank, gateway_account, no_such_address)
      order by id, attempt, rank desc),
    -- the message before its attempt, as whoever records an outcome does: they would else wait for each other in a circle
    held as (
      select id from messages where id = any(array(select id from r)) order by id for update),
    cur as (
      select s.message_id, s.attempt, s.state as was, r.gateway_id, r.status, r.code, s.tenant_id, a.id as account_id, a.rests,
        a.rests = 0 or s.started_at > a.rests_until as speaks
      from r join sends s on s.message_id = r.id and s.attempt = r.attempt
        join accounts a on a.id = s.account_id and a.gateway_account = coalesce(r.gateway_account, a.gateway_account)
      where (select count(*) from held) >= 0 and s.status is distinct from 'failed'
        and r.rank > coalesce(array_position(array['accepted', 'sent', 'delivered', 'read'], s.status), 0)
        and not (r.status = 'failed' and coalesce(s.status, '') in ('delivered', 'read')
          and not (r.no_such_address and a.channel = 'email'))
      for update of s),
    s as (
      update sends s set status = c.status, gateway_id = coalesce(s.gateway_id, c.gateway_id), code = coalesce(c.code, s.code),
        state = case when c.status = 'failed' then 'not_sent' else 'accepted' end
      from cur c where s.message_id = c.message_id and s.attempt = c.attempt),
    m as (
      update messages m set
        state = case c.status when 'read' then 'read' when 'delivered' then 'delivered'
          else case when m.state in ('delivered', 'read') then m.state else 'sent' end end,
        reason = null,
        sent_at = coalesce(m.sent_at, $7),
        delivered_at = case when c.status in ('delivered', 'read') then coalesce(m.delivered_at, $7) else m.delivered_at end,
        read_at = case when c.status = 'read' then $7 else m.read_at end,
        lease_owner = null, lease_until = null
      from cur c where m.id = c.message_id and m.attempt = c.attempt and c.status <> 'failed'
        and (m.state in ('sending', 'uncertain', 'unconfirmed', 'sent', 'delivered', 'read')
          -- it was thought not to have left, and had: the report may be in time to keep it from leaving again
          or c.was <> 'accepted' and m.state in ('scheduled', 'claimed', 'held', 'cancelled', 'failed'))
        -- that it went on its way is what we know of most of them: nothing to write, nothing to show
        and not (c.was = 'accepted' and c.status in ('accepted', 'sent') and m.state in ('sent', 'delivered', 'read') and m.reason is null)
      returning m.id, m.tenant_id, m.person_id, m.lead_id, m.enrolment_id, m.channel, m.attempt, m.step_key, m.purpose, m.state,
        m.trial, case when m.trial is not null then m.template_key end as template, c.status, c.was),
    -- the report came before we had written down that it was sent: then it is this that ends the cadence
    told as materialized (select id, state, enrolment_id from m where was <> 'accepted'),
    ends as materialized (${endings('told')}),
    completed as (
      update enrolments e set state = 'completed', ended_at = $7
      from ends where ends.over and e.id = ends.id and ${IS_RUNNING}
      returning e.tenant_id, e.person_id, e.lead_id),
    logged as (
      insert into events (tenant_id, type, at, actor, person_id, lead_id, message_id, data)
      select tenant_id, 'message.sent', $7, 'gateway', person_id, lead_id, id,
        jsonb_strip_nulls(jsonb_build_object('channel', channel, 'attempt', attempt, 'step', step_key, 'purpose', purpose,
          'template', template, 'trial', trial))
      from m where was <> 'accepted'
      union all
      select tenant_id, 'message.' || status, $7, 'gateway', person_id, lead_id, id, jsonb_build_object('attempt', attempt)
      from m where status in ('delivered', 'read')
      union all
      select tenant_id, 'enrolment.ended', $7, 'system', person_id, lead_id, null,
        '{"state": "completed", "cancelled": 0}'::jsonb from completed),
    asked as (
      insert into effects (tenant_id, kind, key, priority)
      select distinct tenant_id, 'card.refresh', lead_id::text, 6 from m
      where lead_id is not null and (select count(*) from completed) >= 0 order by 1, 3
      on conflict (tenant_id, kind, key) do update set requested = effects.requested + 1, parked_at = null)
    select c.message_id as "messageId", c.attempt, c.status, c.account_id as "accountId", c.rests, c.speaks, c.tenant_id as "tenantId", x.person_id as "personId",
      x.lead_id as "leadId", x.channel, x.step_key as "stepKey", x.attempt = c.attempt as current, x.purpose,
      (select l.playbook from leads l where l.id = x.lead_id) as playbook,
      (select e.settings_version from enrolments e where e.id = x.enrolment_id) as "settingsVersion",
      case when c.status = 'failed' then (
        select json_agg(json_build_object('channel', r.channel, 'accountId', r.account_id, 'addressId', a.id)
          order by a.id = x.address_id desc, a.created_at, n.rests > 0, r.place, n.id)
        from routes r join accounts n on n.id = r.account_id join persons p on p.id = x.person_id join addresses a on a.person_id = p.id
          and a.kind = case r.channel when 'email' then 'email' else 'phone' end
        where r.tenant_id = c.tenant_id and r.retired_at is null and r.channel not in ('whatsapp', x.channel)
          and not r.channel = any(p.opted_out_channels) and not r.channel = any(a.unreachable)) end as ways,
      array(select unnest(g.channels) from consents g where g.person_id = x.person_id and g.withdrawn_at is null) as agreed,
      case when not ends.over and ends.beside then ends.id end as beside
    from cur c join messages x on x.id = c.message_id left join ends on ends.id = x.enrolment_id`,
};

const RANK: Record<StatusReport['status'], number> = { accepted: 1, sent: 2, delivered: 3, read: 4, failed: 5 };

export interface StatusDeps {
  db: Database;
  clock: Clock;
  worker: number;
  playbooks: Playbooks;
  tenants: Pick<Tenants, 'settings' | 'at'>;
  health: Pick<Health, 'heard'>;
  /** A gateway reports that it blocks this person. The effect `person.blocked` does it again, should we die before. */
  onOptedOut(message: Blocked): Promise<void>;
}

/**
 * Applies delivery reports, in any order and number. A failure that another channel can mend plans a new attempt there;
 * returns true when something is due because of it.
 */
export async function applyStatuses(deps: StatusDeps, reports: readonly StatusReport[]): Promise<boolean> {
  const { db } = deps;
  const now = deps.clock.now();
  const fails = reports.some(({ status }) => status === 'failed');
  // nobody tells us twice: that an attempt failed and what follows from it are written down together, or not at all
  const { moved, recorded, blocked } = fails
    ? await db.system.transaction((sql) => apply(deps, sql, reports, now))
    : await apply(deps, db.system, reports, now);
  tellHealth(deps.health, moved, reports);
  await completeBeside(db.system, [...moved, ...recorded], now);
  // the outcome may never have come, or whoever heard it died before it moved the lead
  const reached = moved.flatMap((row) =>
    row.leadId && row.current && row.purpose === 'cadence' && row.status !== 'failed' ? [row.leadId] : [],
  );
  await advanceLeads(db.system, deps.playbooks, reached, now);
  for (const row of recorded) if (blocked.includes(row.id)) await deps.onOptedOut(row);
  return recorded.some((row) => row.state === 'scheduled');
}

/** How the accounts do that the reports speak of. What a mail bounces with is the receiver's server's word, not the gateway's. */
function tellHealth(health: StatusDeps['health'], moved: readonly Moved[], reports: readonly StatusReport[]): void {
  const refused = new Set(
    reports.flatMap(({ messageId, attempt, failure }) =>
      failure?.reason === 'sender' ? [`${messageId}/${attempt}`] : [],
    ),
  );
  for (const { messageId, attempt, status, channel, accountId: id, rests, speaks } of moved) {
    if (!speaks || status === 'accepted' || channel === 'email') continue;
    if (refused.has(`${messageId}/${attempt}`)) health.heard({ id, rests }, 'reported');
    else if (status !== 'failed') health.heard({ id, rests }, 'well');
  }
}

interface Applied {
  moved: Moved[];
  /** What became of those that failed. */
  recorded: Recorded[];
  /** Those whose gateway blocks the person. */
  blocked: MessageId[];
}

const LOCK = {
  name: 'statuses-lock',
  text: `select p.id from persons p where p.id = any(array(select person_id from messages where id = any($1::uuid[])))
    order by p.created_at, p.id for share`,
};

async function apply(deps: StatusDeps, sql: Sql, reports: readonly StatusReport[], now: Date): Promise<Applied> {
  const failing = reports.filter(({ status }) => status === 'failed').map(({ messageId }) => messageId);
  // what goes back into the plan waits for whoever has locked the person, and persons are locked before messages
  if (failing.length > 0) await sql.query(LOCK, [failing]);
  const moved = await sql.query<Moved>(APPLY, [
    reports.map((report) => report.messageId),
    reports.map((report) => report.attempt),
    reports.map((report) => report.gatewayId),
    reports.map((report) => report.status),
    reports.map((report) => report.failure?.code ?? null),
    reports.map((report) => RANK[report.status]),
    now,
    reports.map((report) => report.gatewayAccount ?? null),
    reports.map((report) => report.failure?.reason === 'unreachable'),
  ]);
  const failed = moved.filter((row) => row.status === 'failed' && row.current);
  if (failed.length === 0) return { moved, recorded: [], blocked: [] };

  const failureOf = new Map(reports.map((report) => [`${report.messageId}/${report.attempt}`, report.failure]));
  const blocked: MessageId[] = [];
  const unreachable: { id: MessageId; attempt: number; channel: ChannelName }[] = [];
  const cadences = await Promise.all(failed.map((row) => cadenceOf(row, deps)));
  const moves = failed.map((row, at) => {
    const failure = failureOf.get(`${row.messageId}/${row.attempt}`) ?? { reason: 'unknown', code: '' };
    if (failure.reason === 'unreachable')
      unreachable.push({ id: row.messageId, attempt: row.attempt, channel: row.channel });
    const move = afterFailure(row, wayAfter(row, cadences[at]), failure, now);
    if (failure.reason === 'opted_out') blocked.push(row.messageId);
    return move;
  });
  await markUnreachable(sql, unreachable);
  const recorded = await record(sql, deps.worker, now, 0, moves);
  for (const { id, tenantId, personId } of recorded) {
    if (!blocked.includes(id)) continue;
    await request(sql, tenantId, [{ kind: 'person.blocked', key: personId, data: { messageId: id } }]);
  }
  return { moved, recorded, blocked };
}

const PHONE_FIRST: readonly ChannelName[] = ['whatsapp', 'sms', 'email'];

/** The playbook as the tenant has it, by the settings that the follow-up was planned with. */
async function cadenceOf(
  { tenantId, playbook, settingsVersion }: Moved,
  { playbooks, tenants }: StatusDeps,
): Promise<Playbook | undefined> {
  if (playbook === null) return undefined;
  const planned = settingsVersion === null ? tenants.settings(tenantId) : tenants.at(tenantId, settingsVersion);
  return tenantPlaybook(playbooks.get(playbook), await planned);
}

/** The way that comes after the one which failed, in the step's order and as far as the consent goes. */
function wayAfter({ channel, stepKey, purpose, ways, agreed }: Moved, known: Playbook | undefined): Way | undefined {
  const asks = known?.consentRequired === true && purpose === 'cadence';
  const channels = known ? channelOrder(known.cadence, stepKey) : PHONE_FIRST;
  const order = channels.filter((each) => !asks || agreed.includes(each));
  const later = order.slice(order.indexOf(channel) + 1);
  return later.flatMap((each) => ways?.find((way) => way.channel === each) ?? [])[0];
}

function afterFailure(
  row: Moved,
  way: Way | undefined,
  failure: NonNullable<StatusReport['failure']>,
  now: Date,
): Transition {
  const next = afterRefusal(failure.reason, row.attempt, way?.channel ?? null);
  const base = { id: row.messageId, attempt: row.attempt, from: 'reported' } as const;
  const event = {
    type: 'message.failed',
    data: { attempt: row.attempt, code: failure.code, next: next.kind },
  } as const;
  if (next.kind === 'fallback' && way) {
    return { ...base, state: 'scheduled', reason: `fallback:${failure.code}`, dueAt: now, ...way, event };
  }
  if (next.kind === 'again') {
    // the sender rests from now on: another one takes it, or it waits for the rest to end
    const seconds = failure.reason === 'sender' ? SWITCH_SECONDS : next.afterSeconds;
    const dueAt = new Date(now.getTime() + seconds * 1000);
    return { ...base, state: 'scheduled', reason: `again:${failure.code}`, dueAt, event };
  }
  return { ...base, state: next.kind === 'hold' ? 'held' : 'failed', reason: failure.code, event };
}
