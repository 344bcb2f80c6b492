import {
  channelName,
  MAX_REPLY,
  type OtherAnswer,
  type PickedAnswer,
  type ReplyRoute,
  segments,
  UNDO_SECONDS,
} from '../../messaging/index.ts';
import { bold, context, inline, literal, quoted } from '../card/index.ts';
import { firstName, phoneWords, plural, type Times } from '../format.ts';
import { input, type ModalView, option, plain, section } from '../views.ts';
import { modal } from './modals.ts';

/** A reply under way, carried from one window to the next. */
export interface Draft {
  leadId: string;
  /** The channel the preview named. */
  channel: string;
  /** The newest answer of somebody else that was shown beside it; empty for none. */
  seen: string;
  /** How often a picked answer was put in: Slack shows new words only in an input with a new name. */
  filled: number;
  words: string;
}

/** The draft as a window's metadata, of which Slack keeps 3,000 characters. Words come last: they may hold lines. */
export const packed = ({ leadId, channel, seen, filled, words }: Draft) =>
  [leadId, channel, seen, filled, words].join('\n');

export function unpacked(metadata: string): Draft {
  const [leadId = '', channel = '', seen = '', filled = '0', ...words] = metadata.split('\n');
  return { leadId, channel, seen, filled: Number(filled) || 0, words: words.join('\n') };
}

/** Name of the input that holds the words. */
export const wordsName = ({ filled }: Pick<Draft, 'filled'>) => (filled === 0 ? 'words' : `words_${filled}`);

/** What is said around the words, in the form and in the preview. */
export interface Surroundings {
  /** The customer's. */
  name: string;
  route: ReplyRoute;
  others: readonly OtherAnswer[];
  times: Times;
  now: Date;
}

/** The form: how it will travel, what the customer wrote last, answers to pick from, and the words. */
export function replyForm(
  draft: Draft,
  { name, route, ...around }: Surroundings,
  lastWords: string | null,
  canned: readonly PickedAnswer[],
): ModalView {
  const wrote = lastWords ? [section(`${inline(firstName(name))} wrote:\n${quoted(lastWords, 600)}`)] : [];
  return modal({
    id: 'lead_reply',
    title: 'Reply',
    submit: 'Preview',
    close: 'Cancel',
    metadata: packed({ ...draft, words: '' }),
    blocks: [
      section(`Goes to ${bold(firstName(name))} by *${channelName(route.channel)}*, as you type it.`),
      ...wrote,
      ...othersNotes(around),
      ...(canned.length > 0 ? [pick(canned)] : []),
      wordsInput(draft, 'Your words'),
      ...context([`To ${phoneWords(route.to)}. You see it once more before it leaves.`]),
    ],
  });
}

/** The preview: exactly what the customer gets. Words that are changed here are shown once more before they leave. */
export function replyPreview(
  draft: Draft,
  { name, route, ...around }: Surroundings,
  notices: readonly string[],
): ModalView {
  return modal({
    id: 'lead_reply_send',
    title: 'Send this?',
    submit: 'Send',
    close: 'Cancel',
    metadata: packed(draft),
    blocks: [
      ...notices.map((notice) => section(notice)),
      ...othersNotes(around),
      section(`${bold(firstName(name))} gets this by *${channelName(route.channel)}* on ${phoneWords(route.to)}:`),
      literal(draft.words),
      ...context([
        route.channel === 'sms' ? smsSize(draft.words) : '',
        `It leaves ${UNDO_SECONDS} seconds after Send; until then Undo stands in the thread.`,
      ]),
      { type: 'divider' },
      wordsInput(draft, 'Change something?'),
    ],
  });
}

/** `*Erik's answer* from 14:05 leaves in 6 s:`, for each of the latest. */
function othersNotes({ others, times, now }: Omit<Surroundings, 'name' | 'route'>): object[] {
  return others.map(({ by, words, waits, at }) => {
    const whose = by === null ? "*The assistant's answer*" : `*${inline(by)}'s answer*`;
    const seconds = Math.max(0, Math.ceil((at.getTime() - now.getTime()) / 1000));
    const when = waits ? `leaves in ${seconds} s` : `left at ${times.exact(at)}`;
    return section(`${whose} ${when}:\n${quoted(words, 300)}`);
  });
}

/** What a text costs as SMS, in words. */
function smsSize(words: string): string {
  const { encoding, units, segments: parts } = segments(words);
  const [alone, joined] = encoding === 'UCS-2' ? [70, 67] : [160, 153];
  const why = encoding === 'UCS-2' ? ', because it has characters outside the SMS alphabet' : '';
  return `${plural(parts, 'SMS part')}: ${plural(units, 'character')}, ${parts > 1 ? joined : alone} in a part${why}.`;
}

function pick(canned: readonly PickedAnswer[]): object {
  return {
    type: 'actions',
    block_id: 'canned',
    elements: [
      {
        type: 'static_select',
        action_id: 'reply_canned',
        placeholder: plain('Start from an answer', 150),
        options: canned.map(({ key, title }) => option(title, key)),
      },
    ],
  };
}

function wordsInput(draft: Draft, label: string): object {
  const start = draft.words === '' ? { focus_on_load: true } : { initial_value: draft.words };
  const name = wordsName(draft);
  const element = { type: 'plain_text_input', action_id: name, multiline: true, max_length: MAX_REPLY, ...start };
  return input(name, label, element);
}
