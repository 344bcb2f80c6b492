import { z } from 'zod';

/** Kinds of lead sources: what leads come from besides forms and people. */
export const SOURCE_KINDS = ['google', 'meta', 'gohighlevel'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

const fieldName = z.string().trim().min(1).max(120);

/**
 * Which of a source's fields is which of ours, where the names alone do not say it. A consent is taken from a source only
 * where somebody has said which field it is and which words stand beside it: those words are the proof.
 */
export const mappingSchema = z.strictObject({
  /** By our field: the name of theirs, or what it always is. */
  fields: z
    .record(
      z.string().max(60),
      z.union([z.strictObject({ from: fieldName }), z.strictObject({ always: z.string().trim().min(1).max(500) })]),
    )
    .default({}),
  consent: z
    .strictObject({ from: fieldName, words: z.string().trim().min(10).max(1000) })
    .nullable()
    .default(null),
});
export type SourceMapping = z.infer<typeof mappingSchema>;
