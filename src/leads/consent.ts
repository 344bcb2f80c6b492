import type { Tx } from '../db/index.ts';
import type { NewEvent } from '../events/index.ts';
import type { LeadId, PersonId } from '../lib/ids.ts';
import { recordConsent } from '../people/index.ts';
import type { Playbook, Tenant } from '../tenants/index.ts';
import type { CaptureInput } from './enquiry.ts';

/** The channels that the playbooks' consent texts name. */
export const AGREED_CHANNELS = ['whatsapp', 'sms', 'email'] as const;

/** Keeps the proof of what was agreed to, in the words of the person's language; returns what is to be appended. */
export async function agreement(
  tx: Tx,
  given: { playbook: Playbook; tenant: Tenant; language: string; input: CaptureInput },
  ids: { leadId: LeadId; personId: PersonId },
  now: Date,
): Promise<NewEvent[]> {
  const { playbook, tenant, language, input } = given;
  const consent = playbook.consent(language, tenant.language);
  const proof = {
    text: consent.statement.replaceAll('{business}', tenant.name),
    textVersion: consent.version,
    language: consent.language,
    channels: [...AGREED_CHANNELS],
    source: input.source,
    recordedBy: input.ownerId,
  };
  await recordConsent(tx, ids.personId, ids.leadId, proof, now);
  const data = { textVersion: proof.textVersion, channels: [...AGREED_CHANNELS], source: input.source };
  return [{ type: 'consent.given', ...ids, data }];
}
