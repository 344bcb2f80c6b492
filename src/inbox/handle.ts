import { type Database, StartAgain } from '../db/index.ts';
import { append, type NewEffect, type NewEvent, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { type AccountId, derivedId, type MessageId, newId, type PersonId } from '../lib/ids.ts';
import { seal } from '../lib/secrets.ts';
import { bodyPlace, type InboundMessage, overtakeAgent, sealLetter } from '../messaging/index.ts';
import type { Understanding } from '../people/index.ts';
import { agentModeOf, type Playbooks, type Tenants } from '../tenants/index.ts';
import { type ActDeps, type Acted, type Acting, act } from './acts.ts';
import { effectOf, type Meaning, meaningOf } from './meaning.ts';
import type { Candidate } from './route.ts';
import { findSender, insertInbound, mediaPlace, senderOf, storeStranger } from './store.ts';

/** Handles one message for one tenant, in one transaction; the same message again changes nothing. */
export type Handle = (
  candidate: Candidate,
  message: InboundMessage,
  understood: Understanding,
) => Promise<{ personId: PersonId; inFlight: boolean; erased?: boolean }>;

export interface HandleDeps extends ActDeps {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  /** The gateway of the account answers keywords (STOP, START, HELP) by itself on its channel. */
  gatewayAnswers(accountId: AccountId, channel: InboundMessage['channel']): Promise<boolean>;
}

export function createHandle(deps: HandleDeps): Handle {
  const { db, clock, tenants, playbooks } = deps;
  return async (candidate, message, understood) => {
    const [tenant, keys, settings, gatewayAnswers] = await Promise.all([
      tenants.byId(candidate.tenantId),
      tenants.keys(candidate.tenantId),
      tenants.settings(candidate.tenantId),
      deps.gatewayAnswers(candidate.accountId, message.channel),
    ]);
    return db.inTenant(candidate.tenantId, async (tx) => {
      const now = clock.now();
      const messageId = derivedId<MessageId>(tx.tenantId, message.accountSid, message.gatewayId);
      const answered = candidate.answers ? (candidate.addressId ?? undefined) : undefined;
      const [found, known] = await Promise.all([
        findSender(tx, message, candidate.personId, answered),
        senderOf(tx, messageId),
      ]);
      // also when its sender was erased since: they are not made anew
      if (known) return { ...known, inFlight: true };
      const { person, addressId, lead } = found ?? (await storeStranger(tx, message, tenant, now));
      const meaning = meaningOf(message, understood, person.language);
      const storing = insertInbound(tx, {
        id: messageId,
        personId: person.id,
        leadId: lead?.id ?? null,
        channel: message.channel,
        accountId: candidate.accountId,
        addressId,
        body: seal(keys.data, bodyPlace({ tenantId: tx.tenantId, id: messageId }), message.body),
        media: message.media.map(({ url, contentType }) => {
          const id = newId();
          const place = mediaPlace({ tenantId: tx.tenantId, id }, 'url');
          return { id, url: seal(keys.data, place, url), declared: contentType.slice(0, 120) };
        }),
        letter: message.letter ? sealLetter(keys.data, tx.tenantId, messageId, message.letter) : null,
        cameAt: message.cameAt && message.cameAt < now ? message.cameAt : now,
        effect: effectOf(meaning, { known: lead !== undefined, optedOut: person.optedOutAt !== null }),
        now,
      });
      const target = {
        personId: person.id,
        leadId: lead?.id ?? null,
        channel: message.channel,
        accountId: candidate.accountId,
        addressId,
        language: person.language,
      };
      const playbook = lead ? playbooks.get(lead.playbook) : playbooks.standard;
      const acting: Acting = { tx, now, message, meaning, messageId, person, lead, target, playbook, gatewayAnswers };
      // nobody waits for one to ask for the other: the server does them in this order
      const [stored, acted] = await Promise.all([storing, act(deps, acting)]);
      if (!stored) throw new StartAgain(); // somebody has just stored it, and is found the next time
      if (lead && meaning.kind !== 'auto_reply' && !acted.silenced)
        await overtakeAgent(tx, person.id, 'newer_message', now);
      const mayAct = lead && !stored.takenBy && agentModeOf(settings, lead.playbook) !== 'off';
      await follow(acting, acted, mayAct === true);
      return { personId: person.id, inFlight: acted.inFlight };
    });
  };
}

/** Appends that the message came and asks for what is slow: telling staff, fetching media, the agent's turn. */
async function follow(
  acting: Acting,
  { tell, events, effects: asked = [] }: Acted,
  agentMayAct: boolean,
): Promise<void> {
  const { tx, now, message, meaning, messageId, person, lead } = acting;
  const received: NewEvent[] = [
    ...events,
    {
      type: 'message.received',
      personId: person.id,
      leadId: lead?.id ?? null,
      messageId,
      data: { channel: message.channel, understood: meaning.kind, ...ruleOf(meaning) },
    },
  ];
  const effects: NewEffect[] = [...asked];
  if (lead) effects.push({ kind: 'card.refresh', key: lead.id });
  if (tell) {
    const data = { leadId: lead?.id ?? null, messageId, what: tell };
    effects.push({ kind: 'staff.tell', key: `inbound/${messageId}`, data });
  }
  if (message.media.length > 0) effects.push({ kind: 'media.fetch', key: messageId });
  if (agentMayAct && !person.optedOutAt && (meaning.kind === 'message' || meaning.kind === 'help')) {
    effects.push({ kind: 'agent.turn', key: person.id, data: { messageId } });
  }
  await Promise.all([append(tx, tx.tenantId, now, 'customer', received), request(tx, tx.tenantId, effects)]);
}

const ruleOf = (meaning: Meaning) => ('rule' in meaning && meaning.rule ? { rule: meaning.rule } : {});
