import { pauseFollowUp, type Stopped, stopFollowUp } from '../cadence/index.ts';
import type { Database, Tx } from '../db/index.ts';
import { append, type NewEffect, type NewEvent, request } from '../events/index.ts';
import { currentLead, moveStage } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { derivedId, type LeadId, type MessageId, type PersonId } from '../lib/ids.ts';
import { seal } from '../lib/secrets.ts';
import { bodyPlace, type InboundMessage, type NoticeTarget, type OptOuts, queueNotice } from '../messaging/index.ts';
import { type KnownPerson, recordConsent, type Understanding } from '../people/index.ts';
import type { NoticeKey, Playbook, Playbooks, Tenants } from '../tenants/index.ts';
import type { Candidate } from './route.ts';
import { insertInbound, personBehind } from './store.ts';

/** Handles one message for one tenant, in one transaction; the same message again changes nothing. */
export type Handle = (
  candidate: Candidate,
  message: InboundMessage,
  understood: Understanding,
) => Promise<{ personId: PersonId; inFlight: boolean }>;

export interface HandleDeps {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  optOuts: OptOuts;
  /** The gateway answers this keyword by itself on this channel. */
  gatewayAnswers(channel: InboundMessage['channel']): boolean;
}

interface Context {
  tx: Tx;
  now: Date;
  message: InboundMessage;
  understood: Understanding;
  messageId: MessageId;
  person: Pick<KnownPerson, 'id' | 'language' | 'optedOutAt'>;
  known: boolean;
  lead: { id: LeadId; playbook: string } | undefined;
  target: NoticeTarget;
  playbook: Playbook;
  /** What the salesperson hears; none for automatic replies. */
  tell: string | null;
}

export function createHandle(deps: HandleDeps): Handle {
  const { db, clock, tenants, playbooks } = deps;
  return async (candidate, message, understood) => {
    const tenant = await tenants.byId(candidate.tenantId);
    const keys = await tenants.keys(candidate.tenantId);
    return db.inTenant(candidate.tenantId, async (tx) => {
      const now = clock.now();
      const { person, addressId, known } = await personBehind(tx, message, tenant, now);
      const lead = await currentLead(tx, person.id);
      const messageId = derivedId<MessageId>(tx.tenantId, message.accountSid, message.gatewayId);
      const isNew = await insertInbound(tx, {
        id: messageId,
        personId: person.id,
        leadId: lead?.id ?? null,
        channel: message.channel,
        accountId: candidate.accountId,
        addressId,
        body: seal(keys.data, bodyPlace({ tenantId: tx.tenantId, id: messageId }), message.body),
        now,
      });
      if (!isNew) return { personId: person.id, inFlight: true };

      const target = {
        personId: person.id,
        leadId: lead?.id ?? null,
        channel: message.channel,
        accountId: candidate.accountId,
        addressId,
        language: person.language,
      };
      const playbook = lead ? playbooks.get(lead.playbook) : playbooks.all[0];
      if (!playbook) throw new Error('there is no playbook');
      const context: Context = {
        tx,
        now,
        message,
        understood,
        messageId,
        person,
        known,
        lead,
        target,
        playbook,
        tell: null,
      };
      const inFlight = await act(deps, context);
      await tell(context);
      return { personId: person.id, inFlight };
    });
  };
}

/** The stop comes before anything else is recorded or asked for. */
async function act(deps: HandleDeps, context: Context): Promise<boolean> {
  const { tx, message, understood, messageId, target, person } = context;
  switch (understood.kind) {
    case 'opt_out': {
      const { scope } = understood;
      // we do not call; who wants no calls may well want messages, so a person reads it
      if (scope === 'call') return unsure(context, understood.rule);
      const gatewayConfirms =
        understood.keyword && (message.keyword === 'stop' || deps.gatewayAnswers(message.channel));
      const result = await deps.optOuts.apply(tx, {
        personId: person.id,
        scope,
        by: understood.keyword ? 'keyword' : 'words',
        actor: 'customer',
        rule: understood.rule,
        messageId,
        // whoever closed one channel hears from a person, not from us
        ...(!gatewayConfirms && scope === 'all' && { confirm: target }),
      });
      return result.inFlight;
    }
    case 'opt_in':
      return optIn(deps, context, understood.rule);
    case 'help':
      return (await answered(context, 'help', 'help', deps.gatewayAnswers(message.channel))).inFlight;
    case 'unsure':
      return unsure(context, understood.rule);
    case 'auto_reply':
      return false;
    case 'message':
      return (await answered(context, context.known ? null : 'unknown_sender', 'replied', false)).inFlight;
  }
}

/** Everything waits until a person has read what the customer meant. */
async function unsure(context: Context, rule: string): Promise<boolean> {
  const { tx, person, messageId } = context;
  const paused = await pauseFollowUp(tx, person.id, 'unsure');
  context.tell = 'unsure';
  const ids = { personId: person.id, leadId: paused?.leadId ?? null, messageId };
  await append(tx, tx.tenantId, context.now, 'customer', [{ type: 'person.unsure', ...ids, data: { rule } }]);
  return false;
}

/** Any answer ends the follow-up; what people have written by hand still goes. */
async function answered(context: Context, notice: NoticeKey | null, tell: string, silent: boolean): Promise<Stopped> {
  const { tx, now, person, lead, playbook } = context;
  const stopped = await stopFollowUp(tx, person.id, 'replied', now);
  context.tell = context.known ? tell : 'unknown_sender';
  const events: NewEvent[] = [];
  if (stopped.enrolmentId) {
    const data = { state: 'replied', cancelled: stopped.cancelled };
    events.push({
      type: 'enrolment.ended',
      personId: person.id,
      leadId: stopped.leadId,
      messageId: context.messageId,
      data,
    });
  }
  const to = playbook.pipeline.onReply;
  const from = playbook.pipeline.stages.filter((stage) => stage.moves.includes(to)).map((stage) => stage.key);
  const moved = lead ? await moveStage(tx, lead.id, from, to, now) : null;
  if (moved && lead)
    events.push({ type: 'lead.moved', personId: person.id, leadId: lead.id, data: { from: moved.from, to } });
  await append(tx, tx.tenantId, now, 'customer', events);
  // somebody who asked for silence gets none of our texts, not even help
  if (notice && !silent && !person.optedOutAt) {
    const occasion = notice === 'unknown_sender' ? person.id : context.messageId;
    await queueNotice(tx, notice, occasion, context.target, now);
  }
  return stopped;
}

async function optIn(deps: HandleDeps, context: Context, rule: string): Promise<boolean> {
  const { tx, now, person, message, lead, target } = context;
  if (!(await deps.optOuts.reopen(tx, person.id, message.channel, rule))) {
    return (await answered(context, null, 'replied', true)).inFlight;
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
  context.tell = 'opted_in';
  if (!deps.gatewayAnswers(message.channel))
    await queueNotice(tx, 'opt_in_confirmation', context.messageId, target, now);
  return false;
}

async function tell(context: Context): Promise<void> {
  const { tx, now, message, understood, messageId, person, lead } = context;
  const data = {
    channel: message.channel,
    understood: understood.kind,
    ...('rule' in understood && understood.rule && { rule: understood.rule }),
  };
  await append(tx, tx.tenantId, now, 'customer', [
    { type: 'message.received', personId: person.id, leadId: lead?.id ?? null, messageId, data },
  ]);
  const effects: NewEffect[] = [];
  if (lead) effects.push({ kind: 'card.refresh', key: lead.id });
  if (context.tell) {
    effects.push({
      kind: 'staff.tell',
      key: `inbound/${messageId}`,
      data: { leadId: lead?.id ?? null, messageId, what: context.tell },
    });
  }
  await request(tx, tx.tenantId, effects);
}
