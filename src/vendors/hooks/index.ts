import { lookup as resolve } from 'node:dns';
import { type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { HookOutcome, HookSender } from '../../hooks/port.ts';
import { isLoopbackName } from '../../lib/loopback.ts';
import { ClosedAddress, guardedLookup, refusalOf } from './guard.ts';

export { createFind } from './guard.ts';
export { createPictureFetcher } from './picture.ts';

const TIMEOUT_MS = 10_000;

/**
 * Posts to addresses that strangers chose, of the public internet only. `local` lets this machine be called as well: in the
 * sandbox only.
 */
export function createHookSender(options: {
  local: boolean;
  timeoutMs?: number;
  resolve?: typeof resolve;
}): HookSender {
  const { local, timeoutMs = TIMEOUT_MS } = options;
  const look = options.resolve ?? resolve;

  return {
    refuses: (url) => refusalOf(url, local),
    post(text, headers, body) {
      if (refusalOf(text, local) !== undefined)
        return Promise.resolve({ kind: 'forbidden', code: 'address_forbidden' });
      const url = new URL(text);
      const send = url.protocol === 'https:' ? requestHttps : requestHttp;
      const signal = AbortSignal.timeout(timeoutMs);
      const call: RequestOptions = {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        lookup: guardedLookup(look, local && isLoopbackName(url.hostname)),
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
