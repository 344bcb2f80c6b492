import type { AppAnswer } from './app-client.ts';
import { parseObject } from './args.ts';
import { acknowledged } from './stage.ts';
import type { JsonObject } from './types.ts';

/** The JSON object in an acknowledgement; undefined when there was none that counts. */
export function acknowledgedJson(answer: AppAnswer): JsonObject | undefined {
  return acknowledged(answer) ? parseObject(answer.body) : undefined;
}
