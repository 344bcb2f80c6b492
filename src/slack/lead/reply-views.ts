import { channelName, MAX_REPLY, type ReplyRoute, segments, UNDO_SECONDS } from '../../messaging/index.ts';
import { bold, context, inline, literal, quoted } from '../card/index.ts';
import { firstName, phoneWords, plural } from '../format.ts';
import { input, type ModalView, section } from '../views.ts';
import { modal } from './modals.ts';

/** A reply under way, carried from one window to the next. */
export interface Draft {
  leadId: string;
  /** The channel the preview named. */
  channel: string;
  words: string;
}

/** The draft as a window's metadata, of which Slack keeps 3,000 characters. Words come last: they may hold lines. */
export const packed = ({ leadId, channel, words }: Draft) => [leadId, channel, words].join('\n');

export function unpacked(metadata: string): Draft {
  const [leadId = '', channel = '', ...words] = metadata.split('\n');
  return { leadId, channel, words: words.join('\n') };
}

/** The form: how it will travel, what the customer wrote last, and the words. */
export function replyForm(leadId: string, name: string, route: ReplyRoute, lastWords: string | null): ModalView {
  const wrote = lastWords ? [section(`${inline(firstName(name))} wrote:\n${quoted(lastWords, 600)}`)] : [];
  return modal({
    id: 'lead_reply',
    title: 'Reply',
    submit: 'Preview',
    close: 'Cancel',
    metadata: packed({ leadId, channel: route.channel, words: '' }),
    blocks: [
      section(`Goes to ${bold(firstName(name))} by *${channelName(route.channel)}*, as you type it.`),
      ...wrote,
      wordsInput('Your words', ''),
      ...context([`To ${phoneWords(route.to)}. You see it once more before it leaves.`]),
    ],
  });
}

/** The preview: exactly what the customer gets. Words that are changed here are shown once more before they leave. */
export function replyPreview(draft: Draft, name: string, route: ReplyRoute, notice: string | null): ModalView {
  return modal({
    id: 'lead_reply_send',
    title: 'Send this?',
    submit: 'Send',
    close: 'Cancel',
    metadata: packed(draft),
    blocks: [
      ...(notice ? [section(notice)] : []),
      section(`${bold(firstName(name))} gets this by *${channelName(route.channel)}* on ${phoneWords(route.to)}:`),
      literal(draft.words),
      ...context([
        route.channel === 'sms' ? smsSize(draft.words) : '',
        `It leaves ${UNDO_SECONDS} seconds after Send; until then Undo stands in the thread.`,
      ]),
      { type: 'divider' },
      wordsInput('Change something?', draft.words),
    ],
  });
}

/** What a text costs as SMS, in words. */
function smsSize(words: string): string {
  const { encoding, units, segments: parts } = segments(words);
  const [alone, joined] = encoding === 'UCS-2' ? [70, 67] : [160, 153];
  const why = encoding === 'UCS-2' ? ', because it has characters outside the SMS alphabet' : '';
  return `${plural(parts, 'SMS part')}: ${plural(units, 'character')}, ${parts > 1 ? joined : alone} in a part${why}.`;
}

function wordsInput(label: string, initial: string): object {
  const start = initial === '' ? { focus_on_load: true } : { initial_value: initial };
  return input('words', label, { type: 'plain_text_input', multiline: true, max_length: MAX_REPLY, ...start });
}
