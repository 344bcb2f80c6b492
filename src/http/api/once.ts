import type { Request } from 'express';
import type { Answered, AnswerLog, ApiKey } from '../../access/index.ts';
import { KnownError } from '../../lib/errors.ts';
import { newId } from '../../lib/ids.ts';

export const ONCE_HEADER = 'Idempotency-Key';
const KEY = /^[\x21-\x7e]{1,200}$/;

/** The key belongs to another request. */
export class KeyReused extends Error {}

/** The key under which a request is done once; undefined where the sender gave none. Throws a validation error. */
export function onceKey(req: Request): string | undefined {
  const key = req.get(ONCE_HEADER);
  if (key === undefined || KEY.test(key)) return key;
  throw new KnownError('validation_error', 'bad idempotency key', `${ONCE_HEADER}: 1 to 200 visible ASCII characters.`);
}

/**
 * Does a request once for its key: asked again, it is answered as before, without doing anything. An error is not kept,
 * because it did nothing. Throws `KeyReused`, or `conflict` while the first is under way.
 */
export async function once(
  log: AnswerLog,
  key: ApiKey,
  idempotencyKey: string | undefined,
  request: string,
  work: (once: string) => Promise<Answered>,
): Promise<Answered & { again: boolean }> {
  if (idempotencyKey === undefined) return { ...(await work(newId())), again: false };
  const seen = await log.begin(key, idempotencyKey, request);
  switch (seen.kind) {
    case 'answered':
      return { ...seen.answer, again: true };
    case 'other':
      throw new KeyReused();
    case 'busy':
      throw new KnownError('conflict', 'request under way', 'The same request is being worked on. Ask again shortly.');
    case 'new': {
      const answer = await work(`${key.id}/${idempotencyKey}`).catch(async (error: unknown) => {
        await log.drop(key, idempotencyKey);
        throw error;
      });
      await log.finish(key, idempotencyKey, answer);
      return { ...answer, again: false };
    }
  }
}
