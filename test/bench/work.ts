import type { Sql } from '../../src/db/index.ts';
import { EVENTS } from '../../src/events/index.ts';
import type { MessageId } from '../../src/lib/ids.ts';
import { type DueMessage, READ_DUE } from '../../src/messaging/due.ts';
import { advanceLeads } from '../../src/messaging/first-sent.ts';
import type { OutgoingMessage } from '../../src/messaging/port.ts';
import { type Prepared, prepare } from '../../src/messaging/prepare.ts';
import { phoneOf } from './backlog.ts';
import { type House, SENDER } from './lab.ts';

/** What is done for one message. */
export type Work = (messageId: string) => Promise<void>;

/** As many requests at once as the dispatcher has, for everybody. */
export const CONCURRENCY = 96;
const TIMEOUT_MS = 5000;

/** A text of the length that the test drive's messages have. */
const TEXT = `Hi Anna, thank you for test driving the BMW X5 with us at Nordic Motors.
The terms for the drive are here: https://leads.example/terms/AZN45AAAcACAAAAAAAAAAA
Any questions? Just reply, Sofia is happy to help.
To opt out, reply STOP or open https://leads.example/o/AZN45AAAcACAAAAAAAAAAMfE3kXq1bqGmQk at any time.`;

/** Posts a ready-made message, and nothing else. */
export function bareWork(house: House): Work {
  let next = 0;
  return async (messageId) => {
    const message: OutgoingMessage = {
      channel: 'sms',
      to: phoneOf(next++),
      from: SENDER,
      body: TEXT,
      statusCallback: `https://leads.example/webhooks/twilio/status?message=${messageId}&attempt=1`,
      validitySeconds: 900,
    };
    await post(house, message);
  };
}

async function post(house: House, message: OutgoingMessage): Promise<string> {
  const outcome = await house.twilio.send(message, Date.now() + TIMEOUT_MS);
  if (outcome.kind !== 'accepted') throw new Error(`the gateway did not take a message: ${JSON.stringify(outcome)}`);
  return outcome.gatewayId;
}

/** For one message: with an array of one, the planner would plan again each time. */
const READ = { name: 'bench-read', text: READ_DUE.text.replace('m.id = any($1)', 'm.id = $1') };
/** The queue holds the message, so nothing is claimed here; the attempt is written down before the request all the same. */
const BEGIN = {
  name: 'bench-begin',
  text: `with go as (
      update messages set state = 'sending', attempt = $2, body = $3, template_version = $4
      where id = $1 and state = 'scheduled' returning *)
    insert into sends (message_id, attempt, tenant_id, account_id, address_id, channel, state, worker, check_at)
    select id, attempt, tenant_id, account_id, address_id, channel, 'sending', $5, clock_timestamp() + interval '15 seconds'
    from go returning message_id`,
};

/**
 * The whole work for one message as a job would do it, with our own guard, rendering and encryption: read, decide, write,
 * note the attempt, post, record the outcome with its event and effects.
 */
export function wholeWork(house: House): Work {
  const { db, rooms, clock } = house;
  const sql = db.system;
  return async (messageId) => {
    const due = await sql.query<DueMessage>(READ, [messageId, clock.now()]);
    const { ready, moves } = await prepare(rooms.dispatching, due);
    const [prepared] = ready;
    if (!prepared) throw new Error(`a due message may not leave: ${JSON.stringify(moves)}`);
    const { id, attempt, body, templateVersion } = prepared;
    const begun = await sql.query(BEGIN, [id, attempt, body, templateVersion, rooms.worker]);
    if (begun.length === 0) return;
    await finish(sql, house, prepared, await post(house, prepared.outgoing));
  };
}

/** The outcome of one message as one statement: attempt, message, event and the refresh of the card. */
const FINISH = {
  name: 'bench-finish',
  text: `with s as (
      update sends set state = 'accepted', gateway_id = $3 where message_id = $1 and attempt = $2 and state = 'sending'),
    m as (
      update messages set state = 'sent', reason = null, sent_at = coalesce(sent_at, $4)
      where id = $1 and attempt = $2 and state = 'sending' returning id, tenant_id, person_id, lead_id, enrolment_id),
    logged as (
      insert into events (tenant_id, type, at, actor, person_id, lead_id, message_id, data)
      select tenant_id, 'message.sent', $4, 'system', person_id, lead_id, id, $5 from m),
    asked as (
      insert into effects (tenant_id, kind, key, priority)
      select tenant_id, 'card.refresh', lead_id::text, 5 from m where lead_id is not null
      on conflict (tenant_id, kind, key) do update set requested = effects.requested + 1, parked_at = null)
    select id from m`,
};
const COMPLETE = {
  name: 'bench-complete',
  text: `with e as (
      update enrolments e set state = 'completed', ended_at = $2 where e.id = $1 and coalesce(e.state, '') = 'active'
        and not exists (select from messages x where x.enrolment_id = e.id
          and x.state in ('scheduled', 'claimed', 'sending', 'uncertain', 'held'))
      returning tenant_id, person_id, lead_id)
    insert into events (tenant_id, type, at, actor, person_id, lead_id, data)
    select tenant_id, 'enrolment.ended', $2, 'system', person_id, lead_id, '{"state": "completed", "cancelled": 0}' from e`,
};

async function finish(sql: Sql, { clock, rooms }: House, prepared: Prepared, gatewayId: string): Promise<void> {
  const { id, attempt, playbook, first, message } = prepared;
  const { channel, purpose, stepKey } = message;
  const now = clock.now();
  const event = EVENTS['message.sent'].parse({ channel, attempt, step: stepKey ?? '', purpose });
  await sql.query(FINISH, [id, attempt, gatewayId, now, JSON.stringify(event)]);
  if (stepKey === playbook.cadence.steps.at(-1)?.key) await sql.query(COMPLETE, [message.enrolmentId, now]);
  if (!first || !message.leadId) return;
  await advanceLeads(sql, rooms.playbooks, [message.leadId], now);
}

/** The messages that are due, oldest first. */
export async function dueIds(house: House): Promise<MessageId[]> {
  const rows = await house.db.system.query<{ id: MessageId }>(
    `select id from messages where state = 'scheduled' and due_at <= $1 order by due_at, id`,
    [house.clock.now()],
  );
  return rows.map((row) => row.id);
}
