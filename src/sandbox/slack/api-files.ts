import { z } from 'zod';
import { threadRoot } from './api-chat.ts';
import { writableChannel } from './api-conversations.ts';
import { Args } from './args.ts';
import type { Desk } from './desk.ts';
import { fileToWire } from './files.ts';
import { byBot } from './message-content.ts';
import { Refusal } from './refusal.ts';
import type { JsonObject, StoredFile } from './types.ts';

/** @throws Refusal `file_not_found` or `file_deleted` */
function fileOf(args: Args, desk: Desk): StoredFile {
  const file = desk.files.find(args.need('file', 'file_not_found'));
  if (file === undefined) throw new Refusal('file_not_found');
  if (file.deleted) throw new Refusal('file_deleted');
  return file;
}

function info(args: Args, desk: Desk): JsonObject {
  const file = fileToWire(fileOf(args, desk), desk.workspace.team.id, desk.origin());
  return { file, comments: [], response_metadata: { next_cursor: '' } };
}

/** A bot may delete its own files; a person's only where the workspace's switch says so. */
function remove(args: Args, desk: Desk): JsonObject {
  const file = fileOf(args, desk);
  const own = file.userId === desk.workspace.bot.userId;
  if (!own && !desk.mischief.botMayDeleteFiles) throw new Refusal('cant_delete_file');
  desk.files.remove(file);
  return {};
}

function getUploadUrl(args: Args, desk: Desk): JsonObject {
  const { fileId, secret } = desk.files.expect(args.need('filename'));
  if (args.count('length', 0, Number.MAX_SAFE_INTEGER) === 0) {
    throw new Refusal('invalid_arguments', ['[ERROR] missing required field: length']);
  }
  return { file_id: fileId, upload_url: `${desk.origin()}/upload/v1/${secret}` };
}

const completed = z.array(z.looseObject({ id: z.string(), title: z.string().optional() })).min(1);

function completeUpload(args: Args, desk: Desk): JsonObject {
  const sent = completed.safeParse(args.structure('files', 'invalid_arguments'));
  if (!sent.success) throw new Refusal('invalid_arguments', ['[ERROR] missing required field: files']);
  const target = args.text('channel_id') ?? args.text('channels');
  const channel = target === undefined ? undefined : writableChannel(new Args({ channel: target }), desk);
  const files = sent.data.map(({ id, title }) => {
    const file = desk.files.complete(id, title);
    if (file === undefined) throw new Refusal('file_not_found');
    if (channel !== undefined) desk.files.share(file, channel.id);
    return fileToWire(desk.files.find(id) ?? file, desk.workspace.team.id, desk.origin());
  });
  if (channel !== undefined) {
    const text = args.text('initial_comment') ?? '';
    const thread_ts = threadRoot(args, channel, desk);
    desk.messages.add({ ...byBot(desk), channel: channel.id, text, thread_ts, files, subtype: 'file_share' });
  }
  return { files };
}

export const fileMethods = {
  'files.completeUploadExternal': completeUpload,
  'files.delete': remove,
  'files.getUploadURLExternal': getUploadUrl,
  'files.info': info,
};
