import type { DraftView } from '../../agent/index.ts';
import { channelName } from '../../messaging/index.ts';
import {
  actions,
  bold,
  button,
  context,
  handBackButton,
  inline,
  mention,
  type Post,
  quoted,
  takeButton,
} from '../card/index.ts';
import { firstName, type Times } from '../format.ts';
import { section } from '../views.ts';
import { handOverWords, heldWords } from './words.ts';

export const DRAFT = 'lead_draft';

/**
 * What the agent would say, said, or cannot: in the lead's thread, with what a person can do about it. Pure. `to` is who
 * is rung, as long as somebody has to decide.
 */
export function draftPost(draft: DraftView, to: string | null, times: Times): Post {
  const { head, tail, buttons } = look(draft, to, times);
  const asked = draft.asked.trim() === '' ? '' : `\n${quoted(draft.asked, 300)}`;
  const words = draft.text.trim() === '' ? [] : [section(`${head.label}\n${quoted(draft.text)}`)];
  return {
    text: head.fallback,
    blocks: [section(`${head.title}${asked}`), ...words, ...context(tail), ...actions(buttons)],
    metadata: { event_type: DRAFT, event_payload: { draft_id: draft.id } },
  };
}

interface Look {
  head: { title: string; label: string; fallback: string };
  tail: string[];
  buttons: object[];
}

function look(draft: DraftView, to: string | null, times: Times): Look {
  const who = inline(firstName(draft.name));
  const asks = `${bold(firstName(draft.name))} by ${channelName(draft.channel)} at ${times.clock(draft.askedAt)}:`;
  const { decider } = draft;
  const over = draft.detail.handOver ? handOverWords(draft.detail.handOver) : undefined;
  switch (draft.state) {
    case 'open':
      return {
        head: {
          title: `${to ? `${mention(to)} ` : ''}${asks}`,
          label: '*Draft of the assistant:*',
          fallback: `Draft for ${who}: ${inline(draft.text, 150)}`,
        },
        tail: [...why(draft), ...(over ? [`It would hand over: ${over}.`] : []), ...booking(draft)],
        buttons: [
          button('draft_send', 'Send', draft.id, { style: 'primary' }),
          button('draft_edit', 'Edit', draft.id),
          button('draft_discard', 'Discard', draft.id),
          takeButton(draft.leadId),
        ],
      };
    case 'sent':
      if (decider !== null) return decided(asks, `Sent by ${inline(decider)}:`, `${inline(decider)} answered ${who}`);
      if (over !== undefined) return handedOver(draft, asks, over, who, to);
      return {
        ...decided(asks, 'The assistant answered:', `The assistant answered ${who}: ${inline(draft.text, 150)}`),
        buttons: [takeButton(draft.leadId)],
      };
    case 'discarded':
      if (over !== undefined && decider === null) return handedOver(draft, asks, over, who, to);
      return decided(asks, `Discarded${decider ? ` by ${inline(decider)}` : ''}:`, `A draft for ${who} was discarded`);
    case 'stale':
      return decided(asks, 'Out of date, the conversation has moved on:', `A draft for ${who} is out of date`);
  }
}

const decided = (title: string, label: string, fallback: string): Look => ({
  head: { title, label: `*${label}*`, fallback },
  tail: [],
  buttons: [],
});

function handedOver(draft: DraftView, asks: string, over: string, who: string, to: string | null): Look {
  return {
    head: {
      title: `${to ? `${mention(to)} ` : ''}*Over to you:* ${over}. ${asks}`,
      label: '*The assistant said:*',
      fallback: `Over to you: ${who}, ${over}`,
    },
    tail: ['The assistant is silent until somebody presses Hand back.'],
    buttons: [button('lead_reply', 'Reply', draft.leadId, { style: 'primary' }), handBackButton(draft.leadId)],
  };
}

function why(draft: DraftView): string[] {
  const held = heldWords(draft);
  if (!held) return [];
  return [`Held back: ${held.why}${held.found ? ` ("${inline(held.found, 80)}")` : ''}.`];
}

function booking({ detail }: DraftView): string[] {
  if (detail.slot) return [`Send books ${inline(detail.slot.words)}; the customer gets the confirmation.`];
  return detail.cancels ? ['Send cancels their appointment.'] : [];
}
