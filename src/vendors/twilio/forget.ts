import { z } from 'zod';
import type { HttpPool, HttpResult } from '../../lib/http.ts';
import type { Forgotten, Gateway } from '../../messaging/port.ts';
import { senderOf } from './addresses.ts';
import { noEmail, type Reader } from './lists.ts';
import { parseObject } from './outcome.ts';
import { replyOrThrow } from './problems.ts';
import type { Site } from './site.ts';

/** Twilio has not finished with it: https://www.twilio.com/docs/api/errors/20009. */
const NOT_COMPLETE = 20009;

const mediaList = z.object({ media_list: z.array(z.object({ sid: z.string().regex(/^\w+$/) })) });

/**
 * Deleting what Twilio keeps of a conversation. A message is deleted and not only emptied, since its resource holds the numbers
 * as well; its media are resources of their own, which would stay.
 */
export function createForget(site: Site, pool: HttpPool, { collect }: Reader): Required<Pick<Gateway, 'forget'>> {
  const messages = `/2010-04-01/Accounts/${site.accountSid}/Messages`;
  const call = (method: 'GET' | 'DELETE', path: string) => pool.call({ method, path, headers: site.readHeaders });

  /** What was sent along with a message, deleted. How much. */
  async function removeMedia(sid: string): Promise<number> {
    const listed = await call('GET', `${messages}/${sid}/Media.json`);
    if (isGone(listed)) return 0;
    const { media_list } = mediaList.parse(parseObject(replyOrThrow(listed, 'list media').body));
    let removed = 0;
    for (const media of media_list) {
      if (await remove(`${messages}/${sid}/Media/${media.sid}.json`, 'delete media')) removed++;
    }
    return removed;
  }

  /** False: it was gone already. */
  async function remove(path: string, doing: string): Promise<boolean> {
    const result = await call('DELETE', path);
    if (isGone(result)) return false;
    replyOrThrow(result, doing);
    return true;
  }

  return {
    async forget({ channel, sender, customer, sent, isOurs }) {
      if (channel === 'email') throw noEmail();
      const received = await collect({ from: senderOf(channel, customer), to: senderOf(channel, sender) }, () => false);
      const theirs = received.filter(({ direction, sid }) => direction === 'inbound' && isOurs(sid));
      const forgotten: Forgotten = { messages: 0, media: 0, pending: 0 };
      for (const { sid, numMedia } of theirs) if (Number(numMedia) > 0) forgotten.media += await removeMedia(sid);
      for (const sid of [...theirs.map((message) => message.sid), ...sent]) {
        const result = await call('DELETE', `${messages}/${sid}.json`);
        if (isGone(result)) continue;
        if (isPending(result)) {
          forgotten.pending++;
          continue;
        }
        replyOrThrow(result, 'delete a message');
        forgotten.messages++;
      }
      return forgotten;
    },
  };
}

const isGone = (result: HttpResult) => result.kind === 'reply' && result.status === 404;
const isPending = (result: HttpResult) => result.kind === 'reply' && parseObject(result.body).code === NOT_COMPLETE;
