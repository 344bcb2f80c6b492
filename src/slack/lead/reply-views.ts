import { newId } from '../../lib/ids.ts';
import { channelName, MAX_REPLY, type ReplyRoute, segments, UNDO_SECONDS } from '../../messaging/index.ts';
import { bold, context, inline, literal, quoted, section } from '../card/index.ts';
import { firstName, phoneWords, plural } from '../format.ts';
import type { ModalView } from '../views.ts';
import { modal } from './modals.ts';

/** What a reply under way is: the form carries it from one window to the next. */
export interface Draft {
  leadId: string;
  /** Made when the form opens: sent twice, it is one reply. */
  nonce: string;
  /** The channel the preview named. */
  channel: string;
  words: string;
}

export const newDraft = (leadId: string, channel: string): Draft => ({ leadId, nonce: newId(), channel, words: '' });

/** The draft as the window's metadata; Slack keeps at most 3,000 characters, words come last and may hold lines. */
export const packed = ({ leadId, nonce, channel, words }: Draft) => [leadId, nonce, channel, words].join('\n');

export function unpacked(metadata: string): Draft {
  const [leadId = '', nonce = '', channel = '', ...words] = metadata.split('\n');
  return { leadId, nonce, channel, words: words.join('\n') };
}

/** The form: how it will travel, what the customer wrote last, and the words. */
export function replyForm(draft: Draft, name: string, route: ReplyRoute, lastWords: string | null): ModalView {
  const wrote = lastWords ? [section(`${inline(firstName(name))} wrote:\n${quoted(lastWords, 600)}`)] : [];
  return modal({
    id: 'lead_reply',
    title: 'Reply',
    submit: 'Preview',
    close: 'Cancel',
    metadata: packed(draft),
    blocks: [
      section(`*Goes to ${bareName(name)} by ${channelName(route.channel)}*, as you type it.`),
      ...wrote,
      wordsInput('Your words', ''),
      ...context([`To ${phoneWords(route.to)}. You see it once more before it leaves.`]),
    ],
  });
}

/** The preview: exactly what the customer gets. Changed words are shown once more before they are sent. */
export function replyPreview(draft: Draft, name: string, route: ReplyRoute, notice: string | null): ModalView {
  return modal({
    id: 'lead_reply_send',
    title: 'Send this?',
    submit: 'Send',
    close: 'Cancel',
    metadata: packed(draft),
    blocks: [
      ...(notice ? [section(notice)] : []),
      section(`${bold(firstName(name))} gets this by ${channelName(route.channel)} on ${phoneWords(route.to)}:`),
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
  const why = encoding === 'UCS-2' ? ', because it has characters outside the SMS alphabet' : '';
  const per = encoding === 'UCS-2' ? (parts > 1 ? 67 : 70) : parts > 1 ? 153 : 160;
  return `${plural(parts, 'SMS part')}: ${plural(units, 'character')}, ${per} in a part${why}.`;
}

const bareName = (name: string) => inline(firstName(name)).replaceAll('*', '∗');

function wordsInput(label: string, initial: string): object {
  return {
    type: 'input',
    block_id: 'words',
    label: { type: 'plain_text', text: label },
    element: {
      type: 'plain_text_input',
      action_id: 'value',
      multiline: true,
      max_length: MAX_REPLY,
      ...(initial === '' ? { focus_on_load: true } : { initial_value: initial }),
    },
  };
}
