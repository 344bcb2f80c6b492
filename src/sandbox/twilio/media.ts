import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendAnswer } from './server.ts';
import type { Account } from './types.ts';
import { API_VERSION, errorAnswer, newSid } from './wire.ts';

/** What a customer sends along: a file, or (to see it refused) the address of one that Twilio does not keep. */
export type CustomerMedia = { bytes: Uint8Array; contentType: string } | { url: string; contentType: string };

interface Kept {
  sid: string;
  messageSid: string;
  bytes: Uint8Array;
  contentType: string;
  /** Of its address on the CDN. */
  secret: string;
}

/** Twilio's media: asked for with credentials, handed out by a CDN that takes none. */
export interface MediaShelf {
  /** Keeps a message's media and gives the fields of its webhook. */
  keep(messageSid: string, media: readonly CustomerMedia[]): Record<string, string>;
  /** Answers a request for media, or to delete some (true). */
  answer(request: IncomingMessage, response: ServerResponse, path: string): boolean;
  /** How much is kept. */
  readonly size: number;
}

export function createMediaShelf(account: Account): MediaShelf {
  const { accountSid, authToken } = account;
  let kept: Kept[] = [];
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  const resource = new RegExp(`^/${API_VERSION}/Accounts/${accountSid}/Messages/(\\w+)/Media(?:/(\\w+))?(?:\\.json)?$`);
  const cdn = new RegExp(`^/${accountSid}/([\\w-]+)$`);

  function list(messageSid: string): object {
    const media = kept.filter((each) => each.messageSid === messageSid);
    const base = `/${API_VERSION}/Accounts/${accountSid}/Messages/${messageSid}/Media`;
    const media_list = media.map(({ sid, contentType }) => ({
      sid,
      account_sid: accountSid,
      parent_sid: messageSid,
      content_type: contentType,
      uri: `${base}/${sid}.json`,
    }));
    return { media_list, uri: `${base}.json`, page: 0, page_size: 50 };
  }

  function byApi(method: string, response: ServerResponse, messageSid: string, sid: string | undefined): void {
    const found = kept.find((each) => each.sid === sid && each.messageSid === messageSid);
    if (found && method === 'DELETE') {
      kept = kept.filter((each) => each !== found);
      response.writeHead(204).end();
    } else if (found) {
      const location = `https://mms.twiliocdn.com/${accountSid}/${found.secret}`;
      response.writeHead(307, { location, 'content-length': 0 }).end();
    } else {
      sendAnswer(response, sid === undefined ? { status: 200, body: list(messageSid) } : errorAnswer(20404));
    }
  }

  /** Takes a file in and gives its address. */
  function put(messageSid: string, bytes: Uint8Array, contentType: string): string {
    const sid = newSid('ME');
    kept.push({ sid, messageSid, bytes, contentType, secret: randomUUID() });
    return `https://api.twilio.com/${API_VERSION}/Accounts/${accountSid}/Messages/${messageSid}/Media/${sid}`;
  }

  return {
    get size() {
      return kept.length;
    },
    keep(messageSid, media) {
      const fields = media.flatMap((each, place) => [
        [`MediaUrl${place}`, 'url' in each ? each.url : put(messageSid, each.bytes, each.contentType)],
        [`MediaContentType${place}`, each.contentType],
      ]);
      return Object.fromEntries(fields);
    },
    answer(request, response, path) {
      const [, messageSid, sid] = resource.exec(path) ?? [];
      if (messageSid !== undefined) {
        if (request.headers.authorization === authorization) byApi(request.method ?? '', response, messageSid, sid);
        else sendAnswer(response, errorAnswer(20003));
        return true;
      }
      const [, secret] = cdn.exec(path) ?? [];
      const found = kept.find((each) => each.secret === secret);
      if (!found) return false;
      // as the bucket behind it does: a signed address and credentials beside it are one permission too many
      if (request.headers.authorization !== undefined) response.writeHead(400).end();
      else response.writeHead(200, { 'content-type': found.contentType }).end(found.bytes);
      return true;
    },
  };
}
