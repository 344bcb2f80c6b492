import type { Rows, Tx } from '../db/index.ts';
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

const INSERT: Rows = {
  name: 'consents-insert',
  depth: 3,
  // an array of arrays would be one long array
  text: `insert into consents
      (id, tenant_id, person_id, lead_id, channels, text, text_version, language, source, recorded_by, given_at)
    select c.id, $1, c.person_id, c.lead_id, string_to_array(c.channels, ','), c.text, c.text_version, c.language, c.source,
      c.recorded_by, c.given_at
    from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
      $10::uuid[], $11::timestamptz[])
      as c(id, person_id, lead_id, channels, text, text_version, language, source, recorded_by, given_at)`,
};

/** Keeps a consent with its proof, in the caller's transaction. */
export async function recordConsent(
  tx: Tx,
  personId: PersonId,
  leadId: LeadId | null,
  proof: ConsentProof,
  givenAt: Date,
): Promise<void> {
  await tx.writeRows(INSERT, [
    [newId()],
    [personId],
    [leadId],
    [proof.channels.join(',')],
    [proof.text],
    [proof.textVersion],
    [proof.language],
    [proof.source],
    [proof.recordedBy],
    [givenAt],
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
