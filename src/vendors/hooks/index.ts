import { lookup as resolve } from 'node:dns';
import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { HookOutcome, HookSender } from '../../hooks/port.ts';
import { isLoopbackName } from '../../lib/loopback.ts';
import { isPublicAddress } from './addresses.ts';

const TIMEOUT_MS = 10_000;
const MAX_URL = 2000;

/** The name resolves to an address that we do not call. */
class ClosedAddress extends Error {
  readonly code = 'address_forbidden';
}

/**
 * Posts to addresses that strangers chose. The address that a name resolves to is looked at when the connection is made,
 * and the connection goes to that very address, so that a name cannot change in between. `local` lets this machine be
 * called as well: in the sandbox only.
 */
export function createHookSender(options: {
  local: boolean;
  timeoutMs?: number;
  resolve?: typeof resolve;
}): HookSender {
  const { local, timeoutMs = TIMEOUT_MS } = options;
  const look = options.resolve ?? resolve;

  function refuses(text: string): string | undefined {
    if (text.length > MAX_URL || !URL.canParse(text)) return 'Write a whole address, such as https://example.com/hook.';
    const url = new URL(text);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (url.username !== '' || url.password !== '') return 'An address must not hold a name or a password.';
    if (local && isLoopbackName(url.hostname)) {
      return url.protocol === 'http:' || url.protocol === 'https:'
        ? undefined
        : 'The address must begin with https://.';
    }
    if (url.protocol !== 'https:') return 'The address must begin with https://.';
    if (isLoopbackName(url.hostname) || (isIP(host) !== 0 && !isPublicAddress(host))) {
      return 'This address is not one of the public internet, so it is never called.';
    }
    return undefined;
  }

  const guarded =
    (mayBeHere: boolean): LookupFunction =>
    (hostname, opts, done) => {
      look(hostname, { ...opts, all: true }, (error, found) => {
        if (error) return done(error, '', 0);
        const [first] = found;
        const closed = !mayBeHere && found.some(({ address }) => !isPublicAddress(address));
        if (!first || closed) return done(new ClosedAddress('not a public address'), '', 0);
        if (opts.all) return done(null, found);
        done(null, first.address, first.family);
      });
    };

  return {
    refuses,
    post(text, headers, body) {
      if (refuses(text) !== undefined) return Promise.resolve({ kind: 'forbidden', code: 'address_forbidden' });
      const url = new URL(text);
      const send = url.protocol === 'https:' ? requestHttps : requestHttp;
      const signal = AbortSignal.timeout(timeoutMs);
      const call: RequestOptions = {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        lookup: guarded(local && isLoopbackName(url.hostname)),
        // one connection a delivery: none is kept open to somebody who moves
        agent: false,
        signal,
      };
      return new Promise<HookOutcome>((settle) => {
        const sending = send(url, call, (answer) => {
          settle({ kind: 'answered', status: answer.statusCode ?? 0 });
          answer.destroy(); // what it says is not read
        });
        // whatever comes after the answer is of no interest, but must be listened to
        sending.on('error', (error: NodeJS.ErrnoException) => {
          if (error instanceof ClosedAddress) settle({ kind: 'forbidden', code: error.code });
          else settle({ kind: 'failed', code: signal.aborted ? 'timeout' : codeOf(error) });
        });
        sending.end(body);
      });
    },
  };
}

/** What went wrong, as a code: an error's words may hold the address. */
const codeOf = (error: NodeJS.ErrnoException): string =>
  /^[A-Z][A-Z0-9_]{2,40}$/.test(error.code ?? '') ? (error.code ?? '').toLowerCase() : 'no_answer';
