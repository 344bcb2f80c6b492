import type { Tx } from '../db/index.ts';
import { type LeadId, newId, type PersonId, type StaffId } from '../lib/ids.ts';

/** Proof that a person agreed: who recorded it, when, through which door, and the words as they were shown. */
export interface ConsentProof {
  channels: string[];
  text: string;
  textVersion: string;
  language: string;
  source: string;
  recordedBy: StaffId | null;
}

const INSERT = {
  name: 'consents-insert',
  text: `insert into consents
      (id, tenant_id, person_id, lead_id, channels, text, text_version, language, source, recorded_by, given_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
};

/** Keeps a consent with its proof, in the caller's transaction. */
export async function recordConsent(
  tx: Tx,
  personId: PersonId,
  leadId: LeadId | null,
  proof: ConsentProof,
  givenAt: Date,
): Promise<void> {
  await tx.write(INSERT, [
    newId(),
    tx.tenantId,
    personId,
    leadId,
    proof.channels,
    proof.text,
    proof.textVersion,
    proof.language,
    proof.source,
    proof.recordedBy,
    givenAt,
  ]);
}

/** Whether a person has agreed to anything that they have not taken back. */
export async function hasConsent(tx: Tx, personId: PersonId): Promise<boolean> {
  const [row] = await tx.query<{ there: boolean }>(
    // consents_person
    'select exists (select from consents where person_id = $1 and withdrawn_at is null) as there',
    [personId],
  );
  return row?.there ?? false;
}
