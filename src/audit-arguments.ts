import { parseArgs } from 'node:util';
import { readPublicKey, type Trust, type Witness } from './audit/index.ts';
import { KnownError } from './lib/errors.ts';

/* How the audit command is written, and what its words mean. */

export const USAGE = `Usage: npm run audit -- <command>
  verify [--tenant <name>]           checks every log, or that tenant's, in the database
  verify --file <file>               checks an export or a proof; needs no database (- reads standard input)
      --public-key <key>             trusts only this key: SPKI in base64, PEM, or a file with it; may be repeated
      --head <size>:<root>           a head you have seen, as in the audit channel; may be repeated
  prove <event> [--size <size>]      proof that the event is in the log, under the newest head or that of so many events
  export --tenant <name>             the whole log as JSON lines
  head [--tenant <name>] [--since <size>]
                                     the newest head of each log; or the proof that it continues the one of so many events
Exit code: 0 it fits, 1 it does not, 2 not understood. To write a file: npm run --silent audit -- export --tenant <name> > log.jsonl
`;

const OPTIONS = {
  file: { type: 'string' },
  tenant: { type: 'string' },
  'public-key': { type: 'string', multiple: true },
  head: { type: 'string', multiple: true },
  size: { type: 'string' },
  since: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads a command line; throws `validation_error`. */
export function understood(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw unreadable(`${(error as Error).message.split('. ')[0]}.`);
  }
}
export type Values = ReturnType<typeof understood>['values'];

/** What is trusted: the keys that were given, themselves or as a file, else those that are known here. */
export function trustOf(values: Values, textOf: (file: string) => string | undefined, known: readonly string[]): Trust {
  const given = (values['public-key'] ?? []).map((text) => {
    const key = readPublicKey(text) ?? readPublicKey(textOf(text) ?? '');
    if (!key) throw wrong(`--public-key ${text} is no Ed25519 key, and no file with one.`);
    return key;
  });
  return { keys: given.length > 0 ? given : known, witnesses: (values.head ?? []).map(readHead) };
}

function readHead(text: string): Witness {
  const [, size, root] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim().toLowerCase()) ?? [];
  if (size === undefined || root === undefined) {
    throw wrong('--head takes the size and the root of a head, as the audit channel shows them: 18402:3f2a…');
  }
  return { size: Number(size), root, from: 'the head you gave' };
}

export function wholeNumber(text: string, what: string): number {
  const plain = text.replaceAll(/[,\s]/g, '');
  if (/^\d{1,15}$/.test(plain)) return Number(plain);
  throw wrong(text === '' ? `Say ${what}.` : `"${text}" is not ${what}.`);
}

/** The command line is not understood: says how it is written. */
export const unreadable = (message: string): KnownError => wrong(`${message}\n\n${USAGE}`.trimEnd());

/** What was asked for is not there, or not said clearly. */
export function wrong(message: string): KnownError {
  return new KnownError('validation_error', 'the audit command is not understood', message);
}
