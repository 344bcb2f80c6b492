import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { SendOutcome } from '../../messaging/port.ts';
import { ClosedAddress, type Find } from '../hooks/guard.ts';
import { refusal, type Stage } from './outcome.ts';
import type { MailServer } from './server.ts';

export interface Letter {
  from: string;
  to: string;
  /** As it stands on the wire. */
  raw: Buffer;
  /** Named in what mail servers report about it (RFC 3461), where they know how. */
  envelopeId: string;
}

/** What became of a letter; the server gives it no name. */
export type Handed = Exclude<SendOutcome, { kind: 'accepted' }> | { kind: 'accepted' };

/** Nothing of it was handed over, or nobody knows whether. */
export type NotSent = Exclude<SendOutcome, { kind: 'accepted' }>;

export interface Connections {
  /** Sends once, never a second time by itself. Never throws. */
  send(letter: Letter, deadline: number): Promise<Handed>;
  /** Connects and signs in; what stood in the way, if anything did. */
  tryOnce(deadline: number): Promise<NotSent | undefined>;
  close(): void;
}

/** Letters over one connection; some servers count. */
const MAX_LETTERS = 100;
const IDLE_MS = 20_000;

type Failure = Error & {
  code?: string | undefined;
  response?: string | undefined;
  responseCode?: number | undefined;
};

interface Line {
  smtp: SMTPConnection;
  letters: number;
  idleTimer?: NodeJS.Timeout;
}

/**
 * Connections to one SMTP server, each with one letter at a time. `replyMs` bounds the wait for the server's word on a letter
 * that was handed over whole.
 */
export function createConnections(
  server: MailServer,
  options: {
    size: number;
    replyMs: number;
    name: string;
    machine: () => number;
    find?: Find | undefined;
    tls?: { rejectUnauthorized: boolean };
  },
): Connections {
  const { machine } = options;
  const idle: Line[] = [];
  const waiting: (() => void)[] = [];
  const lines = new Set<Line>();
  let closed = false;

  /** A connection of our own, an idle one, or one that becomes free in time. */
  async function take(deadline: number): Promise<Line | NotSent> {
    for (;;) {
      if (closed) return { kind: 'not_written', detail: 'closing' };
      const line = idle.pop();
      if (line) {
        clearTimeout(line.idleTimer);
        return line;
      }
      if (lines.size < options.size) return open(deadline);
      const left = deadline - machine();
      if (left <= 0) return { kind: 'not_written', detail: 'no connection in time' };
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  function open(deadline: number): Promise<Line | NotSent> {
    const left = Math.max(1, deadline - machine());
    const smtp = new SMTPConnection({
      host: server.host,
      port: server.port,
      secure: server.tls,
      requireTLS: !server.tls && !server.local,
      ignoreTLS: server.local,
      name: options.name,
      connectionTimeout: left,
      greetingTimeout: left,
      dnsTimeout: left,
      socketTimeout: IDLE_MS + options.replyMs,
      socketCloseTimeout: 1000,
      logger: false,
      tls: { minVersion: 'TLSv1.2', ...options.tls },
    });
    const line: Line = { smtp, letters: 0 };
    lines.add(line);
    return new Promise((resolve) => {
      const timer = setTimeout(() => fail(new Error('no connection in time')), left);
      const fail = (error: Failure) => {
        clearTimeout(timer);
        drop(line);
        resolve(unopened(error));
      };
      const ready = () => {
        clearTimeout(timer);
        resolve(line);
      };
      smtp.on('error', fail);
      smtp.once('end', () => drop(line));
      const connect = () =>
        smtp.connect((error) => {
          if (error) return fail(error);
          if (server.user === undefined) return ready();
          smtp.login({ user: server.user, pass: server.password }, (refused) => (refused ? fail(refused) : ready()));
        });
      if (!options.find) return connect();
      options.find(server.host).then((address) => {
        smtp.host = address; // its certificate is still looked at for the name
        connect();
      }, fail);
    });
  }

  function drop(line: Line): void {
    clearTimeout(line.idleTimer);
    if (!lines.delete(line)) return;
    const at = idle.indexOf(line);
    if (at >= 0) idle.splice(at, 1);
    line.smtp.close();
    waiting.shift()?.();
  }

  function release(line: Line) {
    if (closed || line.letters >= MAX_LETTERS) return drop(line);
    line.idleTimer = setTimeout(() => drop(line), IDLE_MS);
    idle.push(line);
    waiting.shift()?.();
  }

  function handOver(line: Line, letter: Letter, deadline: number): Promise<Handed> {
    const { from, to, raw, envelopeId } = letter;
    line.letters++;
    return new Promise((resolve) => {
      /** From here on the server may have the whole letter. */
      let written = false;
      let timer = setTimeout(() => end({ kind: 'not_written', detail: 'deadline passed' }), deadline - machine());
      const end = (outcome: Handed) => {
        clearTimeout(timer);
        if (outcome.kind === 'accepted') release(line);
        else drop(line);
        resolve(outcome);
      };
      // asked for its first bytes when the server is ready for the letter: what is not written by then never will be, and
      // a letter without its end is none (RFC 5321, 4.1.1.4)
      const body = new Readable({
        read() {
          if (machine() >= deadline) return end({ kind: 'not_written', detail: 'deadline passed' });
          written = true;
          clearTimeout(timer);
          timer = setTimeout(() => end({ kind: 'uncertain', detail: 'no answer in time' }), options.replyMs);
          this.push(raw);
          this.push(null);
        },
      });
      const dsn = { id: envelopeId, ret: 'HDRS', notify: ['FAILURE', 'DELAY'] };
      line.smtp.send({ from, to, size: raw.length, dsn }, body, (error) => {
        end(error ? unsent(error, written) : { kind: 'accepted' });
      });
    });
  }

  return {
    async send(letter, deadline) {
      const line = await take(deadline);
      if ('kind' in line) return line;
      if (machine() >= deadline) {
        release(line);
        return { kind: 'not_written', detail: 'deadline passed' };
      }
      return handOver(line, letter, deadline);
    },
    async tryOnce(deadline) {
      const line = await take(deadline);
      if ('kind' in line) return line;
      release(line);
      return undefined;
    },
    close() {
      closed = true;
      for (const line of [...idle]) drop(line);
      for (const go of waiting.splice(0)) go();
    },
  };
}

/** Nothing of a letter was said yet. */
function unopened(error: Failure): NotSent {
  if (error.response !== undefined && error.code === 'EAUTH') return refusal(error.response, 'login');
  // a server without TLS, or with a certificate that is not its own, does not mend itself
  if (error.code === 'ETLS') return { kind: 'refused', reason: 'sender', code: 'no_tls' };
  if (error instanceof ClosedAddress) return { kind: 'refused', reason: 'sender', code: error.code };
  return { kind: 'not_written', detail: error.code ?? error.message };
}

function unsent(error: Failure, written: boolean): NotSent {
  const { response, responseCode, code } = error;
  const stage: Stage = written ? 'data' : 'envelope';
  // 421 may be said at any time, also beside a letter that was taken
  if (response !== undefined && responseCode && !(written && responseCode === 421)) return refusal(response, stage);
  return written
    ? { kind: 'uncertain', detail: code ?? 'no answer' }
    : { kind: 'not_written', detail: code ?? error.message.slice(0, 80) };
}
