import {
  allLogs,
  type Business,
  beginsExport,
  checkProof,
  continuation,
  exportLog,
  fingerprint,
  frozen,
  headOf,
  type LogReport,
  prove,
  readProof,
  type Trust,
  type Unproven,
  verifyDatabase,
  verifyFile,
} from './audit/index.ts';
import { trustOf, USAGE, understood, unreadable, type Values, wholeNumber, wrong } from './audit-arguments.ts';
import { counted, reportInWords, shortTime } from './audit-report.ts';
import type { Database } from './db/index.ts';
import { isKnown } from './lib/errors.ts';

/*
 * `npm run audit -- verify`, `prove`, `export`, `head`: the log checked by whoever wants to know, with our database or
 * with nothing but a file.
 */

/** What the command stands on: handed in, so that a file is checked without a database being looked for. */
export interface Surroundings {
  out(text: string): Promise<void>;
  err(text: string): Promise<void>;
  /** The lines of a file; `-` is standard input. Throws `not_found`. */
  lines(file: string): AsyncIterable<string>;
  /** The text of a file where there is one of that name. */
  text(file: string): string | undefined;
  open(): Promise<Opened>;
  now(): Date;
}

export interface Opened {
  db: Database;
  /** Public keys of ours, as configured here; none where no key is known. */
  keys: readonly string[];
  close(): Promise<void>;
}

/** 0: it fits, or is proven. 1: it does not. 2: the question is not understood, or cannot be answered here. */
export type ExitCode = 0 | 1 | 2;

/** Answers a command line. Never throws a `KnownError`. */
export async function answer(args: string[], around: Surroundings): Promise<ExitCode> {
  try {
    const { values, positionals } = understood(args);
    const [command, ...rest] = positionals;
    if (values.help) {
      await around.out(USAGE);
      return 0;
    }
    if (rest.length > (command === 'prove' ? 1 : 0)) throw unreadable(`That is too much: ${rest.join(' ')}.`);
    switch (command) {
      case 'verify':
        return values.file === undefined
          ? await verify(values, around)
          : await verifyOffline(values.file, values, around);
      case 'prove':
        return await proveEvent(wholeNumber(rest[0] ?? '', 'the number of an event'), values, around);
      case 'export':
        return await exportOne(values, around);
      case 'head':
        return await heads(values, around);
      default:
        throw unreadable(command === undefined ? 'Say what is to be done.' : `There is no command "${command}".`);
    }
  } catch (error) {
    if (!isKnown(error)) throw error;
    await around.err(`${error.userMessage}\n`);
    return 2;
  }
}

async function verify(values: Values, around: Surroundings): Promise<ExitCode> {
  return withDatabase(around, async (opened) => {
    const chosen = await businesses(opened.db, values.tenant);
    const trust = trustOf(values, around.text, opened.keys);
    if (trust.witnesses.length > 0 && chosen.length > 1) throw wrong('A head is of one log: say which with --tenant.');
    if (chosen.length === 0) await around.out('There is no log yet.\n');
    const reports: LogReport[] = [];
    await verifyDatabase(opened.db, chosen, trust, (report) => reports.push(report));
    for (const report of reports) await around.out(reportInWords(report, trust.keys.length > 0));
    return reports.every(({ findings }) => findings.length === 0) ? 0 : 1;
  });
}

async function verifyOffline(file: string, values: Values, around: Surroundings): Promise<ExitCode> {
  const trust = trustOf(values, around.text, []);
  const lines = withoutPreamble(around.lines(file));
  const first = await lines.next();
  if (first.done) throw wrong(`${file} is empty.`);
  if (beginsExport(first.value)) {
    const report = await verifyFile(startingWith(first.value, lines), trust);
    await around.out(reportInWords(report, trust.keys.length > 0));
    return report.findings.length === 0 ? 0 : 1;
  }
  return verifyProof(file, await textOf(startingWith(first.value, lines)), trust, around);
}

async function verifyProof(file: string, text: string, trust: Trust, around: Surroundings): Promise<ExitCode> {
  const proof = readProof(text);
  if (!proof) throw wrong(`${file} is neither an export nor a proof of LeadRescue.`);
  const wrongs = checkProof(proof, trust);
  const head = 'event' in proof ? proof.head : proof.newer;
  const what =
    'event' in proof
      ? `Event ${proof.event.id} (${proof.event.type}, ${shortTime(proof.event.at)}) is in the log of ${proof.business}, under the head ${head.size}:${head.root}.`
      : `The log of ${proof.business} with ${counted(proof.newer.size, 'event')} continues the one with ${counted(proof.older.size, 'event')}, nothing changed.`;
  const signer = `Signed with ${fingerprint(head.key)}${trust.keys.length > 0 ? '' : ', as the proof says itself: compare it with the one in your audit channel, or give --public-key'}.`;
  await around.out(
    wrongs.length === 0 ? `${what}\n${signer}\n` : `NOT PROVEN\n${wrongs.map((each) => `  - ${each}\n`).join('')}`,
  );
  return wrongs.length === 0 ? 0 : 1;
}

const UNPROVEN: Record<Unproven, (what: string) => string> = {
  no_such_event: (what) => `There is no event ${what}.`,
  not_sealed: (what) => `Event ${what} is not sealed yet. Events are sealed within seconds while a worker runs.`,
  no_such_head: () => 'There is no such head, or the event came after it. `head` shows the newest.',
  changed_since: (what) =>
    `Event ${what} was changed after it was sealed, so it cannot be proven. \`verify\` says more.`,
};

async function proveEvent(event: number, values: Values, around: Surroundings): Promise<ExitCode> {
  const size = values.size === undefined ? undefined : wholeNumber(values.size, 'the size of a log');
  return withDatabase(around, async ({ db }) => {
    const proof = await frozen(db, (sql) => prove(sql, event, size));
    if (typeof proof === 'string') {
      await around.err(`${UNPROVEN[proof](String(event))}\n`);
      return 1;
    }
    await around.out(`${JSON.stringify(proof, null, 2)}\n`);
    await around.err(
      `Event ${event} (${proof.event.type}, ${shortTime(proof.event.at)}) was sealed in batch ${proof.batch} of ${proof.business}.\n` +
        `What is printed proves it to anybody: npm run audit -- verify --file <it>\n`,
    );
    return 0;
  });
}

async function exportOne(values: Values, around: Surroundings): Promise<ExitCode> {
  return withDatabase(around, async ({ db }) => {
    const [business, another] = await businesses(db, values.tenant);
    if (!business || another) throw wrong('Say which log with --tenant.');
    await frozen(db, async (sql) => {
      let page = '';
      for await (const line of exportLog(sql, business, around.now())) {
        page += `${JSON.stringify(line)}\n`;
        if (page.length < 65_536) continue;
        await around.out(page);
        page = '';
      }
      await around.out(page);
    });
    return 0;
  });
}

async function heads(values: Values, around: Surroundings): Promise<ExitCode> {
  return withDatabase(around, async ({ db }) => {
    const chosen = await businesses(db, values.tenant);
    if (values.since === undefined) {
      for (const { id, name } of chosen) {
        const head = await headOf(db.system, id);
        const words = head
          ? `${head.size}:${head.root}\n  batch ${head.batch}, ${shortTime(head.at)}, signed with ${fingerprint(head.key)}\n  public key ${head.key}`
          : 'nothing is sealed yet';
        await around.out(`${name}\n  ${words}\n`);
      }
      return 0;
    }
    const [business, another] = chosen;
    if (!business || another) throw wrong('Say which log with --tenant.');
    const size = wholeNumber(values.since, 'the size of a log');
    const proof = await frozen(db, (sql) => continuation(sql, business, size));
    if (typeof proof === 'string') {
      await around.err(`${UNPROVEN[proof](String(size))}\n`);
      return 1;
    }
    await around.out(`${JSON.stringify(proof, null, 2)}\n`);
    return 0;
  });
}

async function withDatabase(around: Surroundings, work: (opened: Opened) => Promise<ExitCode>): Promise<ExitCode> {
  const opened = await around.open();
  try {
    const [table] = await opened.db.system.query(`select from pg_tables where tablename = 'seals'`);
    if (!table)
      throw wrong('This database has no log that can be checked yet: start this version of LeadRescue on it once.');
    return await work(opened);
  } finally {
    await opened.close();
  }
}

/** All tenants, or the one that is meant: by id, by name, or by the beginning of a name. */
async function businesses(db: Database, wanted: string | undefined): Promise<Business[]> {
  const all = await allLogs(db.system);
  if (wanted === undefined) return all;
  const exact = all.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase());
  const found =
    exact.length > 0 ? exact : all.filter(({ name }) => name.toLowerCase().startsWith(wanted.toLowerCase()));
  if (found.length === 1) return found;
  const choices = (found.length > 1 ? found : all).map(({ id, name }) => `  ${name}  ${id}`).join('\n');
  throw wrong(
    `${found.length > 1 ? 'Several tenants are' : 'No tenant is'} called "${wanted}". There are:\n${choices}`,
  );
}

/** npm writes two lines of its own before the output of a script; they may have got into a file. */
async function* withoutPreamble(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let begun = false;
  for await (const line of lines) {
    begun ||= !(line.trim() === '' || line.startsWith('> '));
    if (begun) yield line;
  }
}

async function* startingWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}

/** Longer than any proof. */
const PROOF_CHARACTERS = 1_000_000;

async function textOf(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) {
    text += `${line}\n`;
    if (text.length > PROOF_CHARACTERS) break;
  }
  return text;
}
