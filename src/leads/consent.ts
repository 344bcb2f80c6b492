import { createHash } from 'node:crypto';
import type { Tx } from '../db/index.ts';
import type { Actor, NewEvent } from '../events/index.ts';
import type { LeadId, PersonId, StaffId } from '../lib/ids.ts';
import { recordConsent } from '../people/index.ts';
import type { Playbook, Tenant } from '../tenants/index.ts';
import type { CaptureInput } from './enquiry.ts';

/** The channels that the playbooks' consent texts name. */
export const AGREED_CHANNELS = ['whatsapp', 'sms', 'email'] as const;

type AgreedChannel = (typeof AGREED_CHANNELS)[number];

/** How people write the names of channels in the languages that consents are asked for in. */
const NAMED: Record<AgreedChannel, RegExp> = {
  whatsapp: /whats\s?app|व्हाट्सऐप|व्हाट्सएप/i,
  sms: /\bsms\b|text messages?|textmeddelande|textnachricht|mensajes? de texto|एसएमएस/i,
  email: /\be-?mails?\b|\bmejl|e-?post|correos?\b|ईमेल|ई-मेल/i,
};

/** The channels that somebody's own words of a consent name: it holds for no others (COMPLIANCE 6). Pure. */
export const channelsNamed = (words: string): AgreedChannel[] =>
  AGREED_CHANNELS.filter((channel) => NAMED[channel].test(words));

/** What was agreed to, as it is kept: the playbook's words in the person's language, unless others were shown. */
function proofOf(given: Parameters<typeof agreement>[1]) {
  const { playbook, tenant, language, input } = given;
  if (input.consentWords) {
    const { text, language: shownIn } = input.consentWords;
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
    return {
      text,
      textVersion: `${input.source}/${shownIn}/${hash}`,
      language: shownIn,
      channels: channelsNamed(text),
    };
  }
  const consent = playbook.consent(language, tenant.language);
  return {
    text: consent.statement.replaceAll('{business}', tenant.name),
    textVersion: consent.version,
    language: consent.language,
    channels: [...AGREED_CHANNELS],
  };
}

/** Keeps the proof of what was agreed to, in the words of the person's language; returns what is to be appended. */
export async function agreement(
  tx: Tx,
  given: { playbook: Playbook; tenant: Tenant; language: string; input: CaptureInput },
  ids: { leadId: LeadId; personId: PersonId },
  now: Date,
): Promise<NewEvent[]> {
  const { input } = given;
  if (input.brought) return broughtAgreement(tx, input, ids);
  const proof = { ...proofOf(given), source: input.source, recordedBy: input.ownerId };
  await recordConsent(tx, ids.personId, ids.leadId, proof, now);
  const data = { textVersion: proof.textVersion, channels: proof.channels, source: input.source };
  return [{ type: 'consent.given', ...ids, data }];
}

/** Of somebody in a file: the words in which one of ours answers for it, with the time and the channels they named. */
async function broughtAgreement(
  tx: Tx,
  { brought, source, ownerId, actor }: CaptureInput,
  ids: { leadId: LeadId; personId: PersonId },
): Promise<NewEvent[]> {
  const agreed = brought?.agreed;
  if (!agreed) return [];
  const { words: text, textVersion } = agreed;
  const channels = [...agreed.channels];
  const proof = { text, textVersion, language: 'en', channels, source, recordedBy: staffOf(actor) ?? ownerId };
  await recordConsent(tx, ids.personId, ids.leadId, proof, agreed.at);
  return [{ type: 'consent.given', ...ids, data: { textVersion, channels, source } }];
}

const staffOf = (actor: Actor): StaffId | null =>
  actor.startsWith('staff:') ? (actor.slice('staff:'.length) as StaffId) : null;
