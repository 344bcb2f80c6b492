import { pauseFollowUp, type Stopped, stopFollowUp } from '../cadence/index.ts';
import type { Tx } from '../db/index.ts';
import type { NewEffect, NewEvent } from '../events/index.ts';
import { moveStage } from '../leads/index.ts';
import type { LeadId, MessageId, PersonId } from '../lib/ids.ts';
import { type InboundMessage, type NoticeTarget, type OptOuts, queueNotice } from '../messaging/index.ts';
import { type KnownPerson, recordConsent } from '../people/index.ts';
import { movesTo, type NoticeKey, type Playbook } from '../tenants/index.ts';
import type { Meaning } from './meaning.ts';
import { closeAddress } from './wrong-number.ts';

export interface ActDeps {
  optOuts: OptOuts;
}

/** A stored message with all that it takes to act on it. */
export interface Acting {
  tx: Tx;
  now: Date;
  /** Its `cameAt` is business time. */
  message: InboundMessage;
  meaning: Meaning;
  messageId: MessageId;
  person: Pick<KnownPerson, 'id' | 'language' | 'optedOutAt'>;
  lead: { id: LeadId; playbook: string } | undefined;
  target: NoticeTarget;
  playbook: Playbook;
  /** The gateway of this account answers keywords by itself on this channel. */
  gatewayAnswers: boolean;
}

export interface Acted {
  /** A request for this person is with a gateway. */
  inFlight: boolean;
  /** What the salesperson hears; null: it was said elsewhere. */
  tell: string | null;
  /** What is to be appended. */
  events: NewEvent[];
  /** What is to be asked for. */
  effects?: NewEffect[];
  /** Whatever the agent was about to say went with everything else. */
  silenced?: true;
}

/** The stop comes before anything else is recorded or asked for. */
export async function act(deps: ActDeps, acting: Acting): Promise<Acted> {
  const { tx, message, meaning, messageId, target, person } = acting;
  switch (meaning.kind) {
    case 'opt_out': {
      const { scope } = meaning;
      // we do not call; who wants no calls may well want messages, so a person reads it
      if (scope === 'call') return unsure(acting, meaning.rule);
      const gatewayConfirms = meaning.keyword && (message.keyword === 'stop' || acting.gatewayAnswers);
      const { inFlight, events, effects } = await deps.optOuts.carryOut(tx, {
        personId: person.id,
        scope,
        by: meaning.keyword ? 'keyword' : 'words',
        actor: 'customer',
        rule: meaning.rule,
        messageId,
        // whoever closed one channel hears from a person, not from us
        ...(!gatewayConfirms && scope === 'all' && { confirm: target }),
      });
      return { inFlight, tell: null, events, effects, ...(scope === 'all' && { silenced: true }) };
    }
    case 'opt_in':
      return optIn(deps, acting, meaning.rule);
    case 'help':
      return replied(acting, 'help', 'help', acting.gatewayAnswers);
    case 'unsure':
      return unsure(acting, meaning.rule);
    case 'auto_reply':
      return { inFlight: false, tell: acting.lead ? 'auto_reply' : null, events: [] };
    case 'wrong_number':
      return wrongNumber(acting);
    case 'message':
      return replied(acting, acting.lead ? null : 'unknown_sender', 'replied', false);
  }
}

/** Everything waits until a person has read what the customer meant. */
async function unsure(acting: Acting, rule: string): Promise<Acted> {
  const { tx, person, messageId } = acting;
  const paused = await pauseFollowUp(tx, person.id, 'unsure');
  const ids = { personId: person.id, leadId: paused?.leadId ?? null, messageId };
  return { inFlight: false, tell: 'unsure', events: [{ type: 'person.unsure', ...ids, data: { rule } }] };
}

/** Any answer ends the follow-up; what people have written by hand still goes. */
async function replied(acting: Acting, notice: NoticeKey | null, tell: string, silent: boolean): Promise<Acted> {
  const { tx, now, person, lead, playbook } = acting;
  const stopped = await stopFollowUp(tx, person.id, 'replied', now);
  const events = ended(acting, stopped, stopped.cancelled);
  const to = playbook.pipeline.onReply;
  const moved = lead && to !== undefined ? await moveStage(tx, lead.id, movesTo(playbook, to), to, now) : null;
  if (moved && lead && to !== undefined)
    events.push({ type: 'lead.moved', personId: person.id, leadId: lead.id, data: { from: moved.from, to } });
  // somebody who asked for silence gets none of our texts, not even help
  if (notice && !silent && !person.optedOutAt) {
    const occasion = notice === 'unknown_sender' ? person.id : acting.messageId;
    await queueNotice(tx, notice, occasion, acting.target, now);
  }
  return { inFlight: stopped.inFlight, tell: lead ? tell : 'unknown_sender', events };
}

/** Nothing more goes to this number; the person we look for has opted out of nothing, and staff find out where they are. */
async function wrongNumber(acting: Acting): Promise<Acted> {
  const { tx, now, person, lead, target } = acting;
  if (!lead) return { inFlight: false, tell: 'unknown_sender', events: [] };
  const closed = await closeAddress(tx, target.addressId);
  const stopped = await stopFollowUp(tx, person.id, 'replied', now);
  const events = ended(acting, stopped, stopped.cancelled + closed);
  return { inFlight: stopped.inFlight, tell: 'wrong_number', events };
}

function ended(acting: Acting, stopped: Stopped, cancelled: number): NewEvent[] {
  if (!stopped.enrolmentId) return [];
  const ids = { personId: acting.person.id, leadId: stopped.leadId, messageId: acting.messageId };
  return [{ type: 'enrolment.ended', ...ids, data: { state: 'replied', cancelled } }];
}

/** Whether we have heard a stop of this person since then, a repeated one too. By events_lead and events_person. */
async function hasStoppedSince(tx: Tx, personId: PersonId, since: Date): Promise<boolean> {
  const [row] = await tx.query<{ stopped: boolean }>(
    `select exists (select from events
       where (lead_id in (select id from leads where person_id = $1) or (person_id = $1 and lead_id is null)) and at > $2
         and (type = 'person.opted_out' or type = 'message.received' and data->>'understood' = 'opt_out')) as stopped`,
    [personId, since],
  );
  return row?.stopped ?? true;
}

async function optIn(deps: ActDeps, acting: Acting, rule: string): Promise<Acted> {
  const { tx, now, person, message, lead, target } = acting;
  // a START that is heard late opens nothing that was closed since: what came last counts, and a person reads it
  if (message.cameAt && (await hasStoppedSince(tx, person.id, message.cameAt))) return unsure(acting, rule);
  if (!(await deps.optOuts.reopen(tx, person.id, message.channel, rule))) {
    return replied(acting, null, 'replied', true);
  }
  await recordConsent(
    tx,
    person.id,
    lead?.id ?? null,
    {
      channels: [message.channel],
      text: message.body.slice(0, 200),
      textVersion: 'keyword-start',
      language: person.language,
      source: `${message.channel}:start`,
      recordedBy: null,
    },
    now,
  );
  if (!acting.gatewayAnswers) await queueNotice(tx, 'opt_in_confirmation', acting.messageId, target, now);
  return { inFlight: false, tell: 'opted_in', events: [] };
}
