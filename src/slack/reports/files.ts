import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { SlackClient } from '../client.ts';

const answers = {
  ticket: z.object({ upload_url: z.url(), file_id: z.string() }),
  opened: z.object({ channel: z.object({ id: z.string() }) }),
  info: z.object({ file: z.object({ mimetype: z.string().nullish() }) }),
  any: z.unknown(),
};

/** Looks at a new file this often, so far apart, until Slack knows what it is. */
const LOOKS = 8;
const LOOK_MS = 250;

/** Uploads a file; with a channel it is shown there, without one only blocks show it. Returns its id. */
export async function upload(
  client: SlackClient,
  file: { name: string; title: string; bytes: Buffer },
  channel?: string,
): Promise<string> {
  const ticket = { filename: file.name, length: file.bytes.length };
  const { upload_url, file_id } = await client.call('files.getUploadURLExternal', ticket, answers.ticket);
  await client.upload(upload_url, file.bytes);
  const where = channel === undefined ? {} : { channel_id: channel };
  const files = [{ id: file_id, title: file.title }];
  await client.call('files.completeUploadExternal', { files, ...where }, answers.any);
  return file_id;
}

/** Waits until an image block may show a picture: Slack finds out what a file is after it has taken it. */
export async function whenKnown(client: SlackClient, fileId: string): Promise<boolean> {
  for (let look = 0; look < LOOKS; look++) {
    const { file } = await client.call('files.info', { file: fileId }, answers.info);
    if (file.mimetype) return true;
    await sleep(LOOK_MS);
  }
  return false;
}

/** The direct message with somebody. */
export async function directMessage(client: SlackClient, slackUserId: string): Promise<string> {
  const { channel } = await client.call('conversations.open', { users: slackUserId }, answers.opened);
  return channel.id;
}
