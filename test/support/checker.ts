import type { Sql } from '../../src/db/index.ts';
import type { Journal } from '../../src/sandbox/twilio/index.ts';

/*
 * An independent look at what happened: what the gateway took against what the product believes, in the checker's own
 * words. It uses none of the product's rules, and finds everything that is wrong, not only the first.
 */

/** Somebody who asked to stop, and when the answer of the product had arrived (machine ms). */
export interface Acknowledged {
  phone: string;
  at: number;
  /** How long the product took to answer, by the clock that it goes by (ms). */
  waitedMs?: number;
  /** Whether it said that nothing was on its way any more. */
  settled?: boolean;
  /** They opted in again (machine ms). */
  until?: number;
}

export interface Expected {
  sql: Sql;
  journal: Pick<Journal, 'sent'>;
  /** Business time: everything planned up to here must have left. */
  now: Date;
  acknowledged?: readonly Acknowledged[];
  /** How many verdicts "unconfirmed" the schedule makes possible. */
  unconfirmed?: number;
  /** The gateway may refuse a message so often, or so, that a person has to look. */
  refuses?: boolean;
  /** Only these people are looked at. */
  phones?: readonly string[];
  /** Machine time that was let pass, and when: attempts that had begun by then are that much older than they were. */
  passed?: readonly { at: number; ms: number }[];
}

interface MessageRow {
  id: string;
  phone: string;
  purpose: string;
  step: string | null;
  state: string;
  attempt: number;
  due: boolean;
  enrolment: string | null;
  optedOut: boolean;
  /** Attempts, as `number state gateway-id`. */
  sends: { attempt: number; state: string; gatewayId: string | null; startedAt: number; doubted: boolean }[];
  /** Events about it, as `type` or `type:verdict`. */
  events: string[];
}

interface EnrolmentRow {
  id: string;
  state: string;
  open: number;
  ended: number;
  optedOut: boolean;
}

const MESSAGES = `select m.id, a.value as phone, m.purpose, m.step_key as step, m.state, m.attempt, m.due_at <= $1 as due,
    e.state as enrolment, p.opted_out_at is not null as "optedOut",
    (select coalesce(jsonb_agg(jsonb_build_object('attempt', s.attempt, 'state', s.state, 'gatewayId', s.gateway_id,
      'startedAt', extract(epoch from s.started_at) * 1000, 'doubted', exists (select from events d
        where d.message_id = s.message_id and d.type = 'message.uncertain' and d.data->'attempt' = to_jsonb(s.attempt)))
      order by s.attempt), '[]') from sends s where s.message_id = m.id) as sends,
    (select coalesce(array_agg(concat_ws(':', v.type, v.data->>'verdict') order by v.id), '{}') from events v
      where v.message_id = m.id and v.type like 'message.%') as events
  from messages m join persons p on p.id = m.person_id left join addresses a on a.id = m.address_id
    left join enrolments e on e.id = m.enrolment_id
  where m.direction = 'out' and ($2::text[] is null or a.value = any($2))`;

const ENROLMENTS = `select e.id, e.state, p.opted_out_at is not null as "optedOut",
    (select count(*) from messages m where m.enrolment_id = e.id
      and m.state in ('scheduled', 'claimed', 'sending', 'uncertain', 'held', 'unconfirmed')) as open,
    (select count(*) from events v where v.lead_id = e.lead_id and v.type in ('enrolment.ended', 'person.opted_out')) as ended
  from enrolments e join persons p on p.id = e.person_id
  where $1::text[] is null or p.id in (select person_id from addresses where value = any($1))`;

const GONE = new Set(['sent', 'delivered', 'read']);
const MOVING = new Set(['claimed', 'sending', 'uncertain']);

/** Everything that is not as promised, one line each; empty when all is well. */
export async function violations(expected: Expected): Promise<string[]> {
  const { sql, now, acknowledged = [], unconfirmed = 0, phones, passed = [] } = expected;
  const mine = phones && new Set(phones);
  const journal = { sent: expected.journal.sent.filter(({ to }) => !mine || mine.has(to)) };
  const messages = await sql.query<MessageRow>(MESSAGES, [now, phones ?? null]);
  for (const { sends } of messages) for (const send of sends) send.startedAt = startOf(send.startedAt, passed);
  const enrolments = await sql.query<EnrolmentRow>(ENROLMENTS, [phones ?? null]);
  const taken = new Map<string, string[]>();
  for (const { sid, statusCallback } of journal.sent) {
    const id = statusCallback ? new URL(statusCallback).searchParams.get('message') : null;
    if (id) taken.set(id, [...(taken.get(id) ?? []), sid]);
  }
  const known = new Set(messages.map((message) => message.id));
  const doubtful = messages.filter((message) => message.state === 'unconfirmed').length;
  return [
    ...doubles(journal),
    ...[...taken.keys()].filter((id) => !known.has(id)).map((id) => `the gateway took ${id}, which nobody planned`),
    ...messages.flatMap((message) =>
      wrongWith(message, taken.get(message.id) ?? [], expected.refuses === true).map(
        (what) => `${nameOf(message)}: ${what}`,
      ),
    ),
    ...enrolments.flatMap((enrolment) =>
      wrongWithEnrolment(enrolment).map((what) => `enrolment ${enrolment.id}: ${what}`),
    ),
    ...(doubtful > unconfirmed ? [`${doubtful} messages are unconfirmed, at most ${unconfirmed} could be`] : []),
    ...acknowledged.flatMap((stop) => afterStop(stop, journal, messages)),
  ];
}

const nameOf = (message: MessageRow) => `${message.phone} ${message.step ?? message.purpose} (${message.state})`;

/** The customer's own view: nobody reads the same words twice. */
function doubles(journal: Expected['journal']): string[] {
  const seen = new Map<string, number>();
  for (const { to, body } of journal.sent) seen.set(`${to} ${body}`, (seen.get(`${to} ${body}`) ?? 0) + 1);
  return [...seen].filter(([, times]) => times > 1).map(([what, times]) => `${times} times: ${what.slice(0, 60)}`);
}

/** When an attempt began, before time was let pass. */
function startOf(shown: number, passed: readonly { at: number; ms: number }[]): number {
  let start = shown;
  for (const { at, ms } of passed.toReversed()) {
    if (start + ms > at) break;
    start += ms;
  }
  return start;
}

function wrongWith(message: MessageRow, sids: readonly string[], refuses: boolean): string[] {
  const { state, attempt, sends, events, due, enrolment } = message;
  const wrong: string[] = [];
  const check = (fine: boolean, what: string) => {
    if (!fine) wrong.push(what);
  };
  const last = sends.at(-1);
  const told = events.filter((event) => event === 'message.sent' || event === 'message.reconciled:sent').length;

  check(sids.length <= 1, `the gateway took it ${sids.length} times`);
  check(!MOVING.has(state), 'left on its way');
  check(!sends.some((send) => send.state === 'sending' || send.state === 'uncertain'), 'an attempt without an outcome');
  check(
    sends.every((send, index) => send.attempt === index + 1),
    'attempts are not numbered 1, 2, 3 …',
  );
  check(sends.length === attempt, `attempt ${attempt}, but ${sends.length} are written down`);
  check(
    sends.slice(0, -1).every((send) => send.state === 'not_sent'),
    'tried again although an attempt may have left',
  );

  if (GONE.has(state)) {
    check(last?.state === 'accepted', `its last attempt is ${last?.state ?? 'missing'}`);
    check(sids.length === 0 || last?.gatewayId === sids[0], 'the gateway knows it by another id');
    check(sids.length === 1, 'the gateway never took it');
    check(told === 1, `${told} events say that it was sent`);
  } else {
    check(last?.state !== 'accepted', 'its attempt was accepted');
    check(sids.length === 0 || state === 'unconfirmed', 'the gateway took it');
    check(told === 0, 'an event says that it was sent');
  }
  if (state === 'unconfirmed') check(last?.state === 'unconfirmed', `its last attempt is ${last?.state ?? 'missing'}`);
  if (state === 'cancelled' && enrolment) check(enrolment !== 'active', 'cancelled while its enrolment is active');
  if (message.purpose === 'cadence' && due) {
    const running = enrolment === 'active' || enrolment === 'completed';
    const refused = refuses && (state === 'failed' || state === 'held') && last?.state === 'not_sent';
    check(!running || GONE.has(state) || state === 'unconfirmed' || refused, 'due, and it did not leave');
  }
  if (state === 'scheduled')
    check(enrolment === null || enrolment === 'active', `planned, but its enrolment is ${enrolment}`);
  if (state === 'scheduled' || state === 'held')
    check(!message.optedOut || message.purpose === 'notice', 'planned for somebody who opted out');
  return wrong;
}

function wrongWithEnrolment({ state, open, ended, optedOut }: EnrolmentRow): string[] {
  const running = state === 'active' || state === 'paused';
  return [
    ...(running && open === 0 ? ['nothing is left to send, but it is not over'] : []),
    ...(state === 'completed' && open > 0 ? ['over, but something is left to send'] : []),
    ...(running && optedOut ? ['it runs on for somebody who opted out'] : []),
    ...(!running && ended === 0 ? ['it ended, and no event says so'] : []),
    ...(running && ended > 0 ? ['an event says that it ended'] : []),
  ];
}

/** How long a stop waits for a request that is with the gateway before it is acknowledged all the same. */
const SETTLES_MS = 2000;

/** After the acknowledgement: nothing but the one confirmation, and what the stop has waited for in vain. */
function afterStop(stop: Acknowledged, journal: Expected['journal'], messages: MessageRow[]): string[] {
  const { phone, at, waitedMs, settled, until = Number.POSITIVE_INFINITY } = stop;
  const mine = new Map(messages.map((message) => [message.id, message]));
  const late = journal.sent.flatMap(({ to, at: came, statusCallback }) => {
    if (to !== phone || came <= at || came >= until) return [];
    return [mine.get((statusCallback && new URL(statusCallback).searchParams.get('message')) || '')];
  });
  const confirmations = late.filter((message) => message?.step === 'opt_out_confirmation');
  const inVain = ({ startedAt, doubted }: MessageRow['sends'][number]) =>
    waitedMs === undefined ? startedAt <= at - SETTLES_MS : startedAt < at && (doubted || waitedMs >= SETTLES_MS);
  const waitedFor = late.filter((message) => settled !== true && message?.sends.some(inVain));
  const others = late.filter((message) => !confirmations.includes(message) && !waitedFor.includes(message));
  return [
    ...(others.length > 0 ? [`${phone}: ${others.length} messages after the acknowledged stop`] : []),
    ...(waitedFor.length > 1 ? [`${phone}: ${waitedFor.length} messages were in flight`] : []),
    ...(confirmations.length > 1 ? [`${phone}: ${confirmations.length} confirmations`] : []),
  ];
}
