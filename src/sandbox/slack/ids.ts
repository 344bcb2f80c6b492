import { randomBytes, randomInt } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * An id as Slack writes them: letters that say the kind, then capitals and digits (`V0A1B2C3D4`). Random, because the app
 * keeps ids in its database and a restarted stand-in must not hand out one of them again.
 */
export function mintId(kind: string, length = 10): string {
  let id = kind;
  while (id.length < length + kind.length) id += ALPHABET.charAt(randomInt(ALPHABET.length));
  return id;
}

/** `13345224609.738474920.8088930838d88f008e0`, as in Slack's examples. */
export function mintTriggerId(): string {
  return `${randomInt(1e9, 1e10)}.${randomInt(1e8, 1e9)}.${randomBytes(16).toString('hex')}`;
}

/** A secret path segment for response and upload addresses. */
export function mintSecret(): string {
  return randomBytes(12).toString('hex');
}

/**
 * Message timestamps (`1700000000.000100`): unique, and increasing as long as the clock is not turned back. Slack uses
 * them as ids, so two messages of one microsecond may not share one.
 */
export function createTsMint(now: () => Date): () => string {
  const used = new Set<string>();
  return () => {
    const ms = now().getTime();
    let micros = (ms % 1000) * 1000 + 1;
    let ts = format(ms, micros);
    while (used.has(ts)) ts = format(ms, ++micros);
    used.add(ts);
    return ts;
  };
}

function format(ms: number, micros: number): string {
  const seconds = Math.floor(ms / 1000) + Math.floor(micros / 1_000_000);
  return `${seconds}.${String(micros % 1_000_000).padStart(6, '0')}`;
}
