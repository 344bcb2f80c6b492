import { KnownError } from '../../lib/errors.ts';
import type { Gateway } from '../../messaging/port.ts';

/** Where Sinch keeps what customers send. */
const HOST = /(^|\.)sinch\.com$/;

/** Fetches a customer's file. Its address is signed and needs no credentials, so it gets none, and is asked for at Sinch only. */
export function createMedia(origin: string | undefined, timeoutMs: number): Pick<Gateway, 'fetchMedia'> {
  return {
    async fetchMedia(address, maxBytes) {
      const url = URL.canParse(address) ? new URL(address) : undefined;
      const known =
        origin === undefined
          ? url?.protocol === 'https:' && url.port === '' && HOST.test(url.hostname)
          : url?.origin === origin;
      if (!url || !known) {
        const words = "The file is kept at an address that is not the gateway's, so it was not fetched.";
        throw new KnownError('forbidden', 'Sinch media: address of another host', words);
      }
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, { redirect: 'error', signal, headers: { 'user-agent': 'leadrescue' } }).catch(
        (cause) => {
          throw unavailable('no answer', cause);
        },
      );
      if (response.status === 200 && response.body) return readUpTo(response.body, maxBytes);
      await response.body?.cancel();
      if (response.status === 404 || response.status === 410) {
        throw new KnownError('not_found', `Sinch media: HTTP ${response.status}`, 'Sinch does not have this file.');
      }
      throw unavailable(`HTTP ${response.status}`, undefined);
    },
  };
}

async function readUpTo(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > maxBytes) {
        const words = `That file is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB.`;
        throw new KnownError('validation_error', 'Sinch media: too large', words);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof KnownError ? error : unavailable('cut off', error);
  }
  return Buffer.concat(chunks);
}

const unavailable = (detail: string, cause: unknown): KnownError =>
  new KnownError('unavailable', `Sinch media: ${detail}`, 'Sinch did not hand out a file. It is tried again.', {
    cause,
  });
