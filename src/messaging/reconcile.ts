import type { Sql } from '../db/index.ts';
import type { LeadId, MessageId, TenantId } from '../lib/ids.ts';
import { open } from '../lib/secrets.ts';
import type { DispatcherDeps } from './dispatcher.ts';
import { advanceLeads } from './first-sent.ts';
import type { ChannelName, ListedMessage } from './port.ts';
import { bodyPlace } from './prepare.ts';
import { record, type Transition } from './record.ts';
import { AT_HOME } from './restored.ts';

/** First part of the advisory lock that a worker holds while it lives; the second is its number. */
export const WORKER_LOCK = 73_260;

/** The verdict is due this long after the attempt began, whatever the gateway says (G2). */
const VERDICT_SECONDS = 50;
const RETRY_SECONDS = 5;
/** Another worker holds the sender and can ask: it is left to that one, for so long beyond the verdict's time at most. */
const ELSEWHERE_SECONDS = 8;
const HAND_OVER_SECONDS = 1;
const MAX_ATTEMPTS = 6;
/** Gateways show whole seconds, and their clock is not ours. */
const SKEW_MS = 3000;

/** Attempts looked up at once. A gateway has few connections for reading; each list waits for one at most a time-out. */
const BATCH = 24;

interface OpenSend {
  messageId: MessageId;
  attempt: number;
  tenantId: TenantId;
  leadId: LeadId | null;
  purpose: string;
  vendor: string;
  credentialId: string | null;
  accountId: string;
  channel: ChannelName;
  from: string;
  to: string;
  body: Buffer | null;
  /** Made by nobody here: after a restore it is asked whether it was made in the time that was lost. */
  doubted: boolean;
  /** The owner has reported that its request is over. */
  reported: boolean;
  /** The worker that began it still lives (or is frozen). */
  ownerAlive: boolean;
  startedAt: Date;
  ageSeconds: number;
}

const TAKE = {
  name: 'sends-take-open',
  // sends_open; on a copy that nobody has noticed yet nothing gets a verdict; the check is moved on, so that only one worker looks at a time
  text: `with due as materialized (
      select message_id, attempt from sends where state in ('sending', 'uncertain') and check_at <= clock_timestamp() and ${AT_HOME}
      order by check_at limit ${BATCH} for update skip locked),
    taken as (
      update sends set check_at = clock_timestamp() + interval '10 seconds'
      where (message_id, attempt) in (select * from due) returning *)
    select t.message_id as "messageId", t.attempt, t.tenant_id as "tenantId", m.lead_id as "leadId", m.purpose, c.vendor,
      c.credential_id as "credentialId",
      t.account_id as "accountId", t.channel, c.sender as "from", a.value as "to", m.body,
      t.doubted_at is not null as doubted, t.state = 'uncertain' as reported, t.started_at as "startedAt",
      extract(epoch from clock_timestamp() - t.started_at)::float as "ageSeconds",
      exists (select from pg_locks k where k.locktype = 'advisory' and k.classid = ${WORKER_LOCK}
        and k.objid = t.worker and k.granted) as "ownerAlive"
    from taken t join messages m on m.id = t.message_id join accounts c on c.id = t.account_id
      join addresses a on a.id = t.address_id`,
};

export type SendVerdict =
  | { kind: 'sent'; gatewayId: string }
  | { kind: 'not_sent' }
  | { kind: 'unconfirmed'; why: 'two_candidates' | 'no_answer' }
  | { kind: 'ask_again' };

/**
 * Decides what became of an attempt. Pure. `candidates` are the gateway's messages to this address with these words
 * that belong to no other attempt; null when the list could not be read. That nothing is there counts only when nothing
 * can come any more: the owner said that its request is over, or is dead.
 */
export function judge(
  send: Pick<OpenSend, 'reported' | 'ownerAlive' | 'ageSeconds'>,
  candidates: readonly ListedMessage[] | null,
): SendVerdict {
  const late = send.ageSeconds >= VERDICT_SECONDS;
  if (candidates === null) return late ? { kind: 'unconfirmed', why: 'no_answer' } : { kind: 'ask_again' };
  const [only] = candidates;
  if (only && candidates.length === 1) return { kind: 'sent', gatewayId: only.gatewayId };
  if (only) return { kind: 'unconfirmed', why: 'two_candidates' };
  if (send.reported || !send.ownerAlive) return { kind: 'not_sent' };
  return late ? { kind: 'unconfirmed', why: 'no_answer' } : { kind: 'ask_again' };
}

/** Looks at attempts whose outcome is not known and settles them. Returns how many got a verdict. */
export async function reconcile(deps: DispatcherDeps): Promise<number> {
  const sends = await deps.db.system.query<OpenSend>(TAKE);
  // asked at once: a gateway that hangs holds up each verdict once, not all of them one after the other
  const lists = await Promise.all(sends.map((send) => candidatesFor(deps, send)));
  const moves: Transition[] = [];
  const given = new Set<string>();
  for (const [index, send] of sends.entries()) {
    // two messages in the same words to the same person: what the gateway has once belongs to one of them
    const list = lists[index] ?? null;
    const shown = list !== 'unreadable' && list !== 'elsewhere';
    const candidates = !shown ? null : (list?.filter((each) => !given.has(each.gatewayId)) ?? null);
    // nobody waits for a verdict on what was lost: the gateway is asked until it answers
    const waits =
      (!shown && send.doubted) || (list === 'elsewhere' && send.ageSeconds < VERDICT_SECONDS + ELSEWHERE_SECONDS);
    const verdict: SendVerdict = waits ? { kind: 'ask_again' } : judge(send, candidates);
    if (verdict.kind === 'sent') given.add(verdict.gatewayId);
    const seconds = list === 'elsewhere' ? HAND_OVER_SECONDS : RETRY_SECONDS;
    if (verdict.kind === 'ask_again') await askAgain(deps.db.system, send, seconds);
    else moves.push(toTransition(send, verdict, deps.clock.now()));
  }
  const moved = await record(deps.db.system, deps.worker, deps.clock.now(), (3 * deps.httpTimeoutMs) / 1000, moves);
  const steps = new Set(sends.filter(({ purpose }) => purpose === 'cadence').map(({ messageId }) => messageId));
  const sent = moved.flatMap((row) => (row.state === 'sent' && row.leadId && steps.has(row.id) ? [row.leadId] : []));
  await advanceLeads(deps.db.system, deps.playbooks, sent, deps.clock.now());
  for (const row of moved) {
    if (row.state === 'unconfirmed') {
      deps.log.error(
        { tenant: row.tenantId, message: row.id },
        'unconfirmed send: a person must choose Resend or Leave',
      );
    }
  }
  return moved.length;
}

/**
 * Null: the gateway keeps no list that decides. `unreadable`: it has one, and did not show it. `elsewhere`: only the process
 * that holds the sender can ask, and this one does not.
 */
async function candidatesFor(
  deps: DispatcherDeps,
  send: OpenSend,
): Promise<ListedMessage[] | null | 'unreadable' | 'elsewhere'> {
  const gateway = await deps.gateways.of(send);
  if (!gateway) return 'unreadable';
  if (gateway.holds?.(send.from) === false) return 'elsewhere';
  if (!gateway.capabilities.listsMessages || !send.body) return null;
  const { data } = await deps.tenants.keys(send.tenantId);
  const body = open(data, bodyPlace({ tenantId: send.tenantId, id: send.messageId }), send.body).toString();
  try {
    const createdAfter = new Date(send.startedAt.getTime() - SKEW_MS);
    const listed = await gateway.findSent({ channel: send.channel, to: send.to, from: send.from, createdAfter });
    const isOurs = ({ ours, body: words }: ListedMessage) =>
      ours ? ours.messageId === send.messageId && ours.attempt === send.attempt : words === body;
    const inTime = listed.filter((each) => each.createdAt >= createdAfter);
    const same = inTime.filter(isOurs);
    if (same.length === 0 && gateway.capabilities.listsLate) return null;
    // in the time that was lost the agent may have answered in other words; what failed may have gone another way
    const otherWords = send.doubted && send.purpose === 'agent' && same.length === 0;
    if (send.doubted && same.some(({ status }) => status === 'failed')) return null;
    const matching = otherWords ? inTime : same;
    const known = await deps.db.system.query<{ gatewayId: string }>(
      'select gateway_id as "gatewayId" from sends where account_id = $1 and gateway_id = any($2::text[])',
      [send.accountId, matching.map((each) => each.gatewayId)],
    );
    const taken = new Set(known.map((row) => row.gatewayId));
    const unknown = matching.filter((each) => !taken.has(each.gatewayId));
    return otherWords && unknown.length > 0 ? null : unknown;
  } catch (error) {
    deps.log.warn({ err: error, message: send.messageId }, 'the gateway did not list its messages');
    return 'unreadable';
  }
}

function toTransition(send: OpenSend, verdict: Exclude<SendVerdict, { kind: 'ask_again' }>, now: Date): Transition {
  const base = { id: send.messageId, attempt: send.attempt, from: 'sending' } as const;
  const event = { type: 'message.reconciled', data: { attempt: send.attempt, verdict: verdict.kind } } as const;
  switch (verdict.kind) {
    case 'sent':
      return { ...base, state: 'sent', send: { state: 'accepted', gatewayId: verdict.gatewayId }, event };
    case 'not_sent':
      return send.attempt < MAX_ATTEMPTS
        ? { ...base, state: 'scheduled', reason: 'again:not_sent', dueAt: now, send: { state: 'not_sent' }, event }
        : { ...base, state: 'held', reason: 'not_sent', send: { state: 'not_sent' }, event };
    case 'unconfirmed':
      return { ...base, state: 'unconfirmed', reason: verdict.why, send: { state: 'unconfirmed' }, event };
  }
}

async function askAgain(sql: Sql, send: OpenSend, seconds: number): Promise<void> {
  await sql.query(
    `update sends set check_at = clock_timestamp() + make_interval(secs => $3)
     where message_id = $1 and attempt = $2 and state in ('sending', 'uncertain')`,
    [send.messageId, send.attempt, seconds],
  );
}
