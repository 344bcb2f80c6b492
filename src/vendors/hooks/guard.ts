import { lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isLoopbackName } from '../../lib/loopback.ts';
import { isPublicAddress } from './addresses.ts';

const MAX_URL = 2000;

/** The name resolves to an address that we do not call. */
export class ClosedAddress extends Error {
  readonly code = 'address_forbidden';
}

/** Why an address that a stranger chose is never called, in words for whoever wrote it; undefined when it may be. Pure. */
export function refusalOf(text: string, local: boolean): string | undefined {
  if (text.length > MAX_URL || !URL.canParse(text)) return 'Write a whole address, such as https://example.com/hook.';
  const url = new URL(text);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.username !== '' || url.password !== '') return 'An address must not hold a name or a password.';
  if (local && isLoopbackName(url.hostname)) {
    return url.protocol === 'http:' || url.protocol === 'https:' ? undefined : 'The address must begin with https://.';
  }
  if (url.protocol !== 'https:') return 'The address must begin with https://.';
  if (isLoopbackName(url.hostname) || (isIP(host) !== 0 && !isPublicAddress(host))) {
    return 'This address is not one of the public internet, so it is never called.';
  }
  return undefined;
}

/**
 * Looks names up, and gives no address of ours: it is looked at when the connection is made, and the connection goes to
 * that very address, so that a name cannot change in between.
 */
export const guardedLookup =
  (look: typeof resolve, mayBeHere: boolean): LookupFunction =>
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

/** The address behind a host name. */
export type Find = (host: string) => Promise<string>;

/** A name that is not found by then is not found, in ms. */
const FIND_MS = 5000;

/**
 * The same for protocols that connect to an address: whoever asked connects to what was found. Rejects with `ClosedAddress`.
 * `local` as in `createHookSender`.
 */
export function createFind({ local, resolve: look = resolve }: { local: boolean; resolve?: typeof resolve }): Find {
  return (host) =>
    new Promise((found, fail) => {
      AbortSignal.timeout(FIND_MS).addEventListener('abort', () => fail(new Error('no name server answered in time')));
      // IPv4 first, as mail programs do: one address is tried
      guardedLookup(look, local && isLoopbackName(host))(host, { verbatim: false }, (error, address) =>
        error ? fail(error) : found(String(address)),
      );
    });
}
