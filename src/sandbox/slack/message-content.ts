import { z } from 'zod';
import { type Args, isObject } from './args.ts';
import { withIds } from './block-ids.ts';
import type { Block } from './blocks.ts';
import type { Desk } from './desk.ts';
import { Refusal } from './refusal.ts';
import type { JsonObject } from './types.ts';
import { checkMessageBlocks } from './validate.ts';

/** Beyond this Slack cuts the text off without a word (docs.slack.dev, "Truncating content"). */
const TEXT_CUT = 40_000;
/** Up to here Slack asks apps to stay. */
const TEXT_ADVISED = 4000;
const METADATA_MAX = 8000;

export interface Content {
  text: string;
  blocks: Block[] | undefined;
}

/**
 * The visible part of a message as an app sends it, by method arguments, in an answer or to a response URL.
 * Blocks without `text` are accepted, as Slack does, and reported: notifications and screen readers would be empty.
 * @throws Refusal `no_text`, `invalid_blocks` or `invalid_blocks_format`
 */
export function readContent(args: Args, desk: Desk, where: string): Content {
  const text = args.text('text') ?? '';
  const sent = args.structure('blocks', 'invalid_blocks_format');
  const blocks = sent === undefined || sent === null ? undefined : checkedBlocks(sent);
  const markdown = args.text('markdown_text');
  if (markdown !== undefined && (text !== '' || blocks !== undefined)) throw new Refusal('markdown_text_conflict');
  if (markdown !== undefined) return { text: markdown, blocks: checkedBlocks([{ type: 'markdown', text: markdown }]) };
  const empty = blocks === undefined || blocks.length === 0;
  if (text === '' && empty && args.values.attachments === undefined) throw new Refusal('no_text');
  if (text === '' && !empty) desk.workspace.report(where, 'missing_text', 'blocks without `text` have no fallback');
  if (text.length > TEXT_ADVISED) {
    desk.workspace.report(where, 'long_text', `\`text\` has ${text.length} characters, advised are ${TEXT_ADVISED}`);
  }
  return { text: text.slice(0, TEXT_CUT), blocks };
}

function checkedBlocks(sent: unknown): Block[] {
  const checked = checkMessageBlocks(sent);
  if (!checked.ok) throw new Refusal('invalid_blocks', checked.messages);
  return withIds(checked.value);
}

const messageMetadata = z.strictObject({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.unknown()),
});

/**
 * `metadata`, checked. Undefined when not given, null when given as an empty object (which clears it).
 * @throws Refusal `invalid_metadata_format` or `metadata_too_large`
 */
export function readMetadata(args: Args): JsonObject | null | undefined {
  const sent = args.structure('metadata', 'invalid_metadata_format');
  if (sent === undefined || sent === null) return undefined;
  if (isObject(sent) && Object.keys(sent).length === 0) return null;
  const parsed = messageMetadata.safeParse(sent);
  if (!parsed.success) throw new Refusal('invalid_metadata_format');
  if (JSON.stringify(parsed.data).length > METADATA_MAX) throw new Refusal('metadata_too_large');
  return parsed.data;
}

/** What marks a message as the app's own. */
export function byBot(desk: Desk) {
  const { bot } = desk.workspace;
  return { user: bot.userId, bot_id: bot.botId, app_id: bot.appId };
}
