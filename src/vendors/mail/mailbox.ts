import { isIP } from 'node:net';
import { ImapFlow } from 'imapflow';
import { KnownError } from '../../lib/errors.ts';
import type { Letter } from '../../messaging/port.ts';
import { ClosedAddress, type Find } from '../hooks/guard.ts';
import { parseLetter } from './parse-letter.ts';
import { type Reading, readLetter } from './read.ts';
import { type MailServer, NOT_PUBLIC } from './server.ts';

export interface Mailbox {
  /** Letters since an instant (machine clock), oldest first. Throws when the mailbox cannot be read. */
  since(at: Date): Promise<Letter[]>;
  /** What was sent along with a letter, at most `maxBytes` long. Throws `KnownError`. */
  attachment(place: string, maxBytes: number): Promise<Buffer>;
  /**
   * Calls `onLetter` with each new letter, again until it has not thrown, and with earlier reports about letters of ours;
   * `onTrouble` hears of failures.
   */
  watch(onLetter: (letter: Letter) => Promise<void>, onTrouble: (error: unknown) => void): void;
  close(): Promise<void>;
}

/** A letter is read this far; attachments beyond it are left. */
const MAX_BYTES = 20 * 1024 * 1024;
/** Without news of its own the mailbox is looked into this often, and this long after it could not be read. */
const LOOK_MS = 30_000;
const RETRY_MS = 2000;
/**
 * After failures the next try to sign in waits twice as long each time, up to this: a wrong password does not become right,
 * and servers lock out who insists.
 */
const LONGEST_WAIT_MS = { refused: 300_000, unreachable: LOOK_MS };
/** At the start of a watch: reports about letters that left before. */
const FIRST_LOOK_MS = 3 * 86_400_000;
/** Letters remembered as read. */
const KEPT = 2000;
const DAY_MS = 86_400_000;

/** One mailbox over IMAP (RFC 9051); nothing in it is changed, so that people may use it beside us. */
export function createMailbox(
  server: MailServer,
  reading: Pick<Reading, 'mailbox' | 'accountName'>,
  options: { timeoutMs: number; machine: () => number; find?: Find | undefined; tls?: { rejectUnauthorized: boolean } },
): Mailbox {
  const { machine } = options;
  const known = new Map<string, Letter>();
  const done = new Set<string>();
  let client: Promise<ImapFlow> | undefined;
  /** Why it could not be opened, how often in a row, and until when nobody tries again (machine ms). */
  let trouble: { error: KnownError; times: number; until: number } | undefined;
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let timer: NodeJS.Timeout | undefined;
  let news: (() => void) | undefined;
  let closed = false;

  async function connect(): Promise<ImapFlow> {
    const imap = new ImapFlow({
      host: options.find ? await options.find(server.host) : server.host,
      ...(isIP(server.host) === 0 && { servername: server.host }),
      port: server.port,
      secure: server.tls,
      doSTARTTLS: !server.tls && !server.local,
      auth: { user: server.user ?? reading.mailbox, pass: server.password ?? '' },
      connectionTimeout: options.timeoutMs,
      greetingTimeout: options.timeoutMs,
      logger: false,
      disableCompression: true,
      autoIdleDelay: 200, // we ask rarely, and news should come at once
      tls: { minVersion: 'TLSv1.2', ...options.tls },
    });
    imap.on('error', () => {}); // 'close' follows, and whoever was asking hears of it
    imap.on('close', () => {
      client = undefined;
    });
    imap.on('exists', () => news?.());
    await imap.connect();
    await imap.mailboxOpen('INBOX', { readOnly: true });
    return imap;
  }

  async function open(): Promise<ImapFlow> {
    if (closed) throw new KnownError('unavailable', 'mailbox is closed', 'The mailbox is closed.');
    if (trouble && machine() < trouble.until) throw trouble.error;
    client ??= connect().then(
      (imap) => {
        trouble = undefined;
        return imap;
      },
      (error: unknown) => {
        client = undefined;
        const isRefused = isLoginRefused(error);
        const times = (trouble?.times ?? 0) + 1;
        const longest = LONGEST_WAIT_MS[isRefused ? 'refused' : 'unreachable'];
        const wait = Math.min(longest, RETRY_MS * 2 ** Math.min(times - 1, 10));
        trouble = { error: noReading(isRefused, error), times, until: machine() + wait };
        throw trouble.error;
      },
    );
    return client;
  }

  /** Letters with the places at which they stand, oldest first; each is fetched once. */
  async function read(at: Date): Promise<{ place: string; letter: Letter }[]> {
    const imap = await open();
    const { mailbox } = imap;
    if (!mailbox) throw new KnownError('unavailable', 'no mailbox is open', 'The mailbox could not be opened.');
    // SINCE knows days only, in whatever zone the server lives
    const found = await imap.search({ since: new Date(at.getTime() - DAY_MS) }, { uid: true });
    const uids = found || [];
    if (uids.length === 0) return [];
    const fresh: { uid: number; cameAt: Date | undefined }[] = [];
    for await (const { uid, internalDate } of imap.fetch(
      uids.join(','),
      { uid: true, internalDate: true },
      { uid: true },
    )) {
      const cameAt = dateOf(internalDate);
      if (cameAt === undefined || cameAt >= at) fresh.push({ uid, cameAt });
    }
    const letters: { place: string; letter: Letter }[] = [];
    for (const { uid, cameAt } of fresh.sort((a, b) => a.uid - b.uid)) {
      const place = `imap:${mailbox.uidValidity}/${uid}`;
      const letter = known.get(place) ?? (await fetchLetter(imap, uid, { ...reading, place, cameAt }));
      if (letter) letters.push({ place, letter });
    }
    return letters;
  }

  async function fetchLetter(imap: ImapFlow, uid: number, where: Reading): Promise<Letter | undefined> {
    const raw = await sourceOf(imap, uid);
    if (!raw) return undefined; // somebody has deleted it meanwhile
    const letter = await readLetter(raw, where);
    known.set(where.place, letter);
    const [oldest] = known.keys();
    if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
    return letter;
  }

  async function sourceOf(imap: ImapFlow, uid: number): Promise<Buffer | undefined> {
    const fetched = await imap.fetchOne(String(uid), { source: { maxLength: MAX_BYTES } }, { uid: true });
    return fetched ? fetched.source : undefined;
  }

  /** One look at a time; who asks meanwhile gets another one. */
  function look(work: () => Promise<void>): void {
    if (closed) return;
    if (looking) {
      lookAgain = true;
      return;
    }
    clearTimeout(timer);
    let wait = LOOK_MS;
    looking = work()
      .catch(() => {
        wait = Math.max(RETRY_MS, (trouble?.until ?? 0) - machine());
      })
      .finally(() => {
        looking = undefined;
        const again = lookAgain;
        lookAgain = false;
        if (closed) return;
        if (again) look(work);
        else timer = setTimeout(() => look(work), wait);
      });
  }

  return {
    since: async (at) => (await read(at)).map(({ letter }) => letter),
    async attachment(place, maxBytes) {
      const [, validity, uid, index] = /^imap:(\d+)\/(\d+)\/(\d+)$/.exec(place) ?? [];
      if (!uid) throw new KnownError('forbidden', 'no place in a mailbox', 'That is no attachment of this mailbox.');
      const imap = await open();
      const isSame = imap.mailbox && String(imap.mailbox.uidValidity) === validity;
      const raw = isSame ? await sourceOf(imap, Number(uid)) : undefined;
      const found = raw && (await parseLetter(raw))?.attachments[Number(index)];
      if (!found) throw new KnownError('not_found', 'attachment is gone', 'The letter is no longer in the mailbox.');
      if (found.content.length > maxBytes) {
        throw new KnownError('validation_error', 'attachment is too large', 'The attachment is too large.');
      }
      return found.content;
    },
    watch(onLetter, onTrouble) {
      let from = new Date(machine() - FIRST_LOOK_MS);
      let isFirst = true;
      const work = async () => {
        try {
          const asked = machine();
          const failures: unknown[] = [];
          for (const { place, letter } of await read(from)) {
            if (done.has(place)) continue;
            try {
              // what people wrote before anybody listened here is not ours; after a gap it is asked for from where the gap began
              if (!isFirst || letter.kind !== 'message') await onLetter(letter);
              done.add(place);
            } catch (error) {
              failures.push(error); // it is tried again, and holds up none behind it
            }
          }
          isFirst = false;
          if (failures.length > 0) throw failures[0];
          // servers show whole seconds by clocks of their own
          from = new Date(Math.max(from.getTime(), asked - FIRST_LOOK_MS));
        } catch (error) {
          if (!closed) onTrouble(error);
          throw error;
        }
      };
      news = () => look(work);
      look(work);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      const imap = await client?.catch(() => undefined);
      imap?.close();
      await looking;
    },
  };
}

/** What a server says of when a letter came; undefined for nothing, or for no date. */
function dateOf(said: Date | string | undefined): Date | undefined {
  const date = new Date(said ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

const isLoginRefused = (error: unknown): boolean =>
  error instanceof Error && 'authenticationFailed' in error && error.authenticationFailed === true;

function noReading(isRefused: boolean, cause: unknown): KnownError {
  const message = isRefused
    ? 'The server for reading does not accept this user and password.'
    : cause instanceof ClosedAddress
      ? NOT_PUBLIC
      : 'The server for reading could not be reached. Check its name and port.';
  const problems = [{ field: 'imapUrl', message }];
  return new KnownError('misconfigured', `IMAP: ${isRefused ? 'login refused' : 'not reached'}`, message, {
    problems,
    cause,
  });
}
