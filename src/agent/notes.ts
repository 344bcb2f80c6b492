import { z } from 'zod';
import { open, seal } from '../lib/secrets.ts';

/*
 * What the agent understood of a customer, kept sealed with the lead that they talk about. It is the customer's own
 * account; people read it on the card. What of it may move the lead is judged in `qualify.ts`.
 */

const line = z.string().trim().min(1).max(160);
const list = z.array(line).max(8).default([]);

const offered = z.strictObject({
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  staffId: z.uuid(),
  zone: z.string().max(60),
  words: z.string().max(120),
});

export const notesSchema = z.strictObject({
  qualified: z.boolean().nullable().default(null),
  budget: line.nullable().default(null),
  timeline: line.nullable().default(null),
  stage: z.enum(['asking', 'comparing', 'deciding', 'decided']).nullable().default(null),
  painPoints: list,
  objections: list,
  nextSteps: list,
  /** Answers to what the agent asked, by slot. */
  slots: z.record(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/), line).default({}),
  /** What was asked last: a slot, `visit`, `day` or `time`. */
  asked: z.string().max(40).nullable().default(null),
  /** Times that were offered last. */
  offered: z.array(offered).max(6).default([]),
});

export type Notes = z.infer<typeof notesSchema>;

export const NO_NOTES: Notes = Object.freeze(notesSchema.parse({}));

const place = (tenantId: string, personId: string) => `${tenantId}/${personId}/notes`;

export const sealNotes = (key: Buffer, tenantId: string, personId: string, notes: Notes): Buffer =>
  seal(key, place(tenantId, personId), JSON.stringify(notesSchema.parse(notes)));

/** Notes of an older version that no longer fit count as none: they are a help, not a record. */
export function openNotes(key: Buffer, tenantId: string, personId: string, sealed: Buffer | null): Notes {
  if (!sealed) return NO_NOTES;
  const read = notesSchema.safeParse(JSON.parse(open(key, place(tenantId, personId), sealed).toString()));
  return read.success ? read.data : NO_NOTES;
}
