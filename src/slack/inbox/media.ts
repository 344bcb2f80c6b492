import { z } from 'zod';
import type { EffectHandler } from '../../events/index.ts';
import type { Media, MediaBook, MediaRefusal } from '../../inbox/index.ts';
import type { LeadId, MessageId, TenantId } from '../../lib/ids.ts';
import { type CardDeps, type Cards, inline, type Place } from '../card/index.ts';
import { firstName } from '../format.ts';
import { messagesOf } from '../messages.ts';
import { section } from '../views.ts';

export interface MediaDeps extends CardDeps {
  cards: Cards;
  media: MediaBook;
}

const KINDS: Record<string, { words: string; extension: string }> = {
  'image/jpeg': { words: 'picture', extension: 'jpg' },
  'image/png': { words: 'picture', extension: 'png' },
  'image/gif': { words: 'picture', extension: 'gif' },
  'image/webp': { words: 'picture', extension: 'webp' },
  'application/pdf': { words: 'document', extension: 'pdf' },
  'audio/ogg': { words: 'voice note', extension: 'ogg' },
  'audio/mpeg': { words: 'voice note', extension: 'mp3' },
  'audio/mp4': { words: 'voice note', extension: 'm4a' },
  'audio/amr': { words: 'voice note', extension: 'amr' },
  'video/mp4': { words: 'video', extension: 'mp4' },
};

const REFUSED: Record<MediaRefusal, string> = {
  too_large: 'it is larger than 16 MB',
  not_allowed: 'it is neither a picture, a voice note, a video nor a PDF, and what it is could do harm',
  gone: 'the gateway no longer has it',
  elsewhere: "its address is not the gateway's, so it was not opened",
  unreachable: 'the gateway did not hand it out, although it was asked for several minutes',
};

const answers = {
  ticket: z.object({ upload_url: z.url(), file_id: z.string() }),
  reply: z.object({ files: z.array(z.object({ name: z.string().nullish() })).nullish() }),
  any: z.unknown(),
};

/**
 * Fetches what a customer sent along and shows it in the lead's thread, or says why not. What was shown before a crash is
 * looked for in the thread, so that it is not shown twice.
 */
export function createMediaFetch(deps: MediaDeps): EffectHandler {
  const { media, cards } = deps;

  async function upload(tenantId: TenantId, place: Place, name: string, title: string, bytes: Buffer): Promise<void> {
    const client = await deps.clientOf(tenantId);
    const ticket = { filename: name, length: bytes.length };
    const { upload_url, file_id } = await client.call('files.getUploadURLExternal', ticket, answers.ticket);
    await client.upload(upload_url, bytes);
    const files = [{ id: file_id, title }];
    const where = { channel_id: place.channel, thread_ts: place.ts };
    await client.call('files.completeUploadExternal', { files, ...where }, answers.any);
  }

  async function namesIn(tenantId: TenantId, place: Place): Promise<Set<string>> {
    const client = await deps.clientOf(tenantId);
    const args = { channel: place.channel, ts: place.ts };
    const names = new Set<string>();
    for await (const { files } of messagesOf(client, 'conversations.replies', args, answers.reply)) {
      for (const { name } of files ?? []) if (name) names.add(name);
    }
    return names;
  }

  async function show(tenantId: TenantId, leadId: LeadId, name: string, each: Media, attempt: number): Promise<void> {
    const first = inline(firstName(name));
    const kind = KINDS[each.mime ?? ''];
    if (each.state === 'refused' || !kind) {
      const why = REFUSED[each.reason ?? 'not_allowed'];
      const words = `Something that ${first} sent along is not shown: ${why}.`;
      await cards.say(tenantId, leadId, { text: words, blocks: [section(words)] }, attempt);
    } else {
      const place = await cards.place(tenantId, leadId, attempt);
      const bytes = await media.content(tenantId, each.id);
      if (!place || !bytes) return;
      const file = `${kind.words.replace(' ', '-')}-${each.id.slice(-12)}.${kind.extension}`;
      const isThere = attempt > 1 && (await namesIn(tenantId, place)).has(file);
      const title = `${firstName(name)}: ${kind.words}`;
      if (!isThere) await upload(tenantId, place, file, title, bytes);
    }
    await media.shown(tenantId, each.id);
  }

  return async ({ tenantId, key, attempt }) => {
    const messageId = key as MessageId;
    // what could be fetched is shown even where something else has to be tried again
    const failure = await media.fetch(tenantId, messageId, attempt).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const album = await media.album(tenantId, messageId);
    for (const each of album?.media ?? []) {
      const isNew = each.state === 'stored' || each.state === 'refused';
      if (album?.leadId && isNew) await show(tenantId, album.leadId, album.name, each, attempt);
    }
    if (failure) throw failure.error;
  };
}
