import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';

/** A letter in the business's mailbox. */
export interface Kept {
  uid: number;
  raw: Buffer;
  at: Date;
}

export interface Imap {
  start(): Promise<number>;
  stop(): Promise<void>;
  /** Puts a letter into the mailbox and tells whoever waits for one. */
  add(raw: Buffer, at: Date): Kept;
  /** Whether all letters were fetched by somebody. */
  readonly allFetched: boolean;
  /** How often somebody came with another password. */
  readonly refused: number;
}

const CAPABILITIES = 'IMAP4rev1 IDLE UIDPLUS ID';

/**
 * One mailbox over IMAP (RFC 3501), as much of it as a client needs that reads an inbox and waits for news: LOGIN, SELECT,
 * SEARCH SINCE, FETCH of whole letters, IDLE. What a client asks beyond that is refused, so that it shows.
 */
export function createImap(account: { user: string; password: string }): Imap {
  const letters: Kept[] = [];
  const fetched = new Set<number>();
  const sessions = new Set<Session>();
  const validity = Math.floor(Date.now() / 1000);
  let server: Server | undefined;
  let refused = 0;

  interface Session {
    socket: Socket;
    /** How many letters the client knows of; undefined before it has selected the mailbox. */
    seen: number | undefined;
    /** The tag of the IDLE that is under way. */
    idling: string | undefined;
  }

  function serve(socket: Socket): void {
    const session: Session = { socket, seen: undefined, idling: undefined };
    sessions.add(session);
    let rest = '';
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      for (let end = rest.indexOf('\r\n'); end >= 0; end = rest.indexOf('\r\n')) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        answer(session, line);
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => sessions.delete(session));
    say(session, `* OK [CAPABILITY ${CAPABILITIES}] stand-in`);
  }

  const say = ({ socket }: Session, line: string) => void socket.write(`${line}\r\n`, 'latin1');

  function tellNews(session: Session): void {
    if (session.seen === undefined || session.seen === letters.length) return;
    session.seen = letters.length;
    say(session, `* ${letters.length} EXISTS`);
  }

  function answer(session: Session, line: string) {
    if (session.idling !== undefined) {
      if (!/^done$/i.test(line)) return;
      say(session, `${session.idling} OK IDLE is over`);
      session.idling = undefined;
      return;
    }
    const [, tag = '*', command = '', rest = ''] = /^(\S+) (\S+) ?(.*)$/.exec(line) ?? [];
    const ok = (words = 'done') => say(session, `${tag} OK ${words}`);
    const name = command.toUpperCase();
    switch (name) {
      case 'CAPABILITY':
        say(session, `* CAPABILITY ${CAPABILITIES}`);
        return ok();
      case 'ID':
        say(session, '* ID ("name" "stand-in")');
        return ok();
      case 'NOOP':
        tellNews(session);
        return ok();
      case 'LOGIN':
        if (isUs(rest)) return ok(`[CAPABILITY ${CAPABILITIES}] welcome`);
        refused++;
        return say(session, `${tag} NO wrong password`);
      case 'LIST':
        say(session, '* LIST (\\HasNoChildren) "/" INBOX');
        return ok();
      case 'SELECT':
      case 'EXAMINE':
        session.seen = letters.length;
        say(session, '* FLAGS (\\Seen)');
        say(session, `* ${letters.length} EXISTS`);
        say(session, `* OK [UIDVALIDITY ${validity}] it stays the same`);
        say(session, `* OK [UIDNEXT ${letters.length + 1}] the next one`);
        return ok('[READ-ONLY] selected');
      case 'UID':
        return byUid(session, tag, rest);
      case 'IDLE':
        session.idling = tag;
        say(session, '+ waiting');
        return tellNews(session);
      case 'CLOSE':
      case 'UNSELECT':
        session.seen = undefined;
        return ok();
      case 'LOGOUT':
        say(session, '* BYE');
        ok();
        return session.socket.end();
      default:
        return say(session, `${tag} BAD the stand-in does not know ${name}`);
    }
  }

  const isUs = (words: string) => {
    const given = [...words.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map((match) =>
      (match[1] ?? match[2] ?? '').replace(/\\(.)/g, '$1'),
    );
    return given[0] === account.user && given[1] === account.password;
  };

  function byUid(session: Session, tag: string, rest: string) {
    const [, since] = /^SEARCH SINCE "?([^"]+)"?$/i.exec(rest) ?? [];
    if (since !== undefined) {
      const from = Date.parse(`${since} UTC`);
      const found = letters.filter(({ at }) => at.getTime() >= from).map(({ uid }) => uid);
      say(session, `* SEARCH${found.map((uid) => ` ${uid}`).join('')}`);
      return say(session, `${tag} OK done`);
    }
    const [, set, items = ''] = /^FETCH (\S+) \(?(.*?)\)?$/i.exec(rest) ?? [];
    if (set === undefined) return say(session, `${tag} BAD the stand-in does not know UID ${rest}`);
    const wanted = new Set(set.split(',').map(Number));
    for (const letter of letters.filter(({ uid }) => wanted.has(uid))) {
      const head = `* ${letter.uid} FETCH (UID ${letter.uid} INTERNALDATE "${internalDate(letter.at)}"`;
      if (/BODY(\.PEEK)?\[\]/i.test(items)) {
        fetched.add(letter.uid);
        session.socket.write(`${head} BODY[]<0> {${letter.raw.length}}\r\n`, 'latin1');
        session.socket.write(letter.raw);
        say(session, ')');
      } else say(session, `${head})`);
    }
    say(session, `${tag} OK done`);
  }

  return {
    async start() {
      server = createServer(serve);
      const listening = server;
      await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
      return (listening.address() as AddressInfo).port;
    },
    async stop() {
      for (const { socket } of sessions) socket.destroy();
      const listening = server;
      if (listening) await new Promise<void>((resolve) => listening.close(() => resolve()));
    },
    add(raw, at) {
      const letter = { uid: letters.length + 1, raw, at };
      letters.push(letter);
      for (const session of sessions) if (session.idling !== undefined) tellNews(session);
      return letter;
    },
    get allFetched() {
      return fetched.size === letters.length;
    },
    get refused() {
      return refused;
    },
  };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `22-Nov-2026 09:30:00 +0000`. */
function internalDate(at: Date): string {
  const [, day, time] = /^\d{4}-\d\d-(\d\d)T(\d\d:\d\d:\d\d)/.exec(at.toISOString()) ?? [];
  return `${day}-${MONTHS[at.getUTCMonth()]}-${at.getUTCFullYear()} ${time} +0000`;
}
