import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Brain } from '../../src/sandbox/openai/index.ts';

/* Golden conversations: what a customer writes, and what each agent lets them have in answer. */

const outcome = z.strictObject({
  /** What reached the phone. */
  gets: z.array(z.string()).default([]),
  outcome: z.string().nullable().default(null),
  reason: z.string().optional(),
});

const transcript = z.strictObject({
  /** The test drive where it is not said. */
  playbook: z.string().default('test-drive'),
  customer: z.strictObject({
    name: z.string(),
    language: z.string(),
    car: z.string().optional(),
    fields: z.record(z.string(), z.string()).optional(),
  }),
  turns: z.array(
    z.strictObject({
      writes: z.string(),
      rules: outcome.optional(),
      model: outcome.extend({
        calls: z.array(z.strictObject({ name: z.string(), arguments: z.unknown() })).optional(),
        says: z.string(),
      }),
    }),
  ),
});
export type Transcript = z.output<typeof transcript>;

const folder = path.resolve(import.meta.dirname, '../fixtures/transcripts');

export const transcripts: readonly (readonly [string, Transcript])[] = readdirSync(folder)
  .sort()
  .map((file) => [file.replace('.yaml', ''), transcript.parse(parse(readFileSync(path.join(folder, file), 'utf8')))]);

/** A model that asks for its tools once, then says its line. */
export const scripted =
  ({ calls, says }: { calls?: { name: string; arguments?: unknown }[] | undefined; says: string }): Brain =>
  (_request, round) =>
    calls && round === 0
      ? { call: calls.map((call) => ({ name: call.name, arguments: call.arguments })) }
      : { say: says };
