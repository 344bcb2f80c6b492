import { channelName } from '../../messaging/index.ts';
import {
  actions,
  bold,
  button,
  context,
  correctButton,
  inline,
  mention,
  type Post,
  quoted,
  settleButton,
  stopButton,
  takeButton,
} from '../card/index.ts';
import { firstName, phoneWords, plural } from '../format.ts';
import { section } from '../views.ts';
import { type Frame, mediaWords, minutesInWords, surroundings } from './frame.ts';
import type { Told } from './read.ts';

/**
 * What staff hear of a customer: who, how, the customer's own words, what it means, what can be done. Pure; fits Slack's
 * limits for any words.
 */
export function noteFor(told: Told, frame: Frame): Post {
  const { subject, to, times, now } = frame;
  const when = times.beside(told.at, now);
  const who = subject ? `${bold(told.name)} (${inline(subject)})` : bold(told.name);
  const { title, effect } = meaning(told, who, when, frame);
  const ringing = to.map(mention).join(' ');
  return {
    text: fallback(told),
    blocks: [
      section([`${ringing ? `${ringing} ` : ''}${title}`, ...said(told, frame), effect].filter(Boolean).join('\n')),
      ...actions(buttons(told)),
      ...context([surroundings(told, frame)]),
    ],
  };
}

/** The customer's words, and the same in the language of the business where somebody translated them. */
function said({ words, media }: Told, { translation }: Frame): string[] {
  if (words === null) return [];
  return [
    ...(words.trim() === '' ? [] : [quoted(words)]),
    ...(translation ? [`_${inline(translation.language)}:_\n${quoted(translation.words)}`] : []),
    ...(media.length > 0 ? [`> _${mediaWords(media)}_`] : []),
    ...(words.trim() === '' && media.length === 0 ? ['> (no words)'] : []),
  ];
}

interface Meaning {
  title: string;
  effect: string;
}

function meaning(told: Told, who: string, when: string, frame: Frame): Meaning {
  const first = inline(firstName(told.name));
  const by = told.channel ? ` by ${channelName(told.channel)}` : '';
  switch (told.what) {
    case 'replied':
      return { title: `${who} replied${by} at ${when}:`, effect: endedWords(told) };
    case 'help':
      return { title: `${who} asked for help${by} at ${when}:`, effect: endedWords(told) };
    case 'opted_in':
      return {
        title: `${who} opted in again${by} at ${when}:`,
        effect: `${first} may be written to${by} again. What had been cancelled stays cancelled.`,
      };
    case 'unsure':
      return {
        title: `${who} *may have asked to stop*${by} at ${when}:`,
        effect: 'Everything planned waits until somebody decides: read it, then press Resume or Stop.',
      };
    case 'auto_reply':
      return {
        title: `An automatic answer of ${who} came${by} at ${when}:`,
        effect: 'It changes nothing: the follow-up goes on as the card shows.',
      };
    case 'wrong_number':
      return {
        title: `*Wrong number:* whoever has ${told.phone ? phoneWords(told.phone) : 'it'} is not ${who} (${when}):`,
        effect: `Nothing more goes there. ${endedWords(told)} Please find out ${first}'s number and correct it.`,
      };
    case 'claimed': {
      const named = told.claimed.map((each) => (each.includes('@') ? each : phoneWords(each))).join(' and ');
      return {
        title: `An enquiry in the name of ${who} gave *an address that we do not know* at ${when}: ${inline(named)}`,
        effect: `Nothing goes there: anybody may have written it. Ask ${first}. If it is theirs, correct the number, or put the e-mail address in with Edit on the card.`,
      };
    }
    case 'owed':
      return {
        title: `${who} *waits for an answer* since ${waitWords(told, frame)}:`,
        effect: 'Answer, or say that no answer is needed.',
      };
    case 'unknown_sender':
      return {
        title: `*A number that belongs to no lead* wrote${by} at ${when}: ${sender(told)}`,
        effect: 'Nothing was started. Log a lead with `/drive`, or leave it.',
      };
    case 'opted_out':
      return told.scope === 'all' ? stoppedAll(told, who, first, when) : stoppedOne(told, who, when);
  }
}

/** `14:03 (38 min of opening hours)`. */
function waitWords(told: Told, { times, now, waited }: Frame): string {
  const since = told.owedSince ? times.beside(told.owedSince, now) : '';
  return waited === null ? since : `${since} (${minutesInWords(waited)} of opening hours)`;
}

function stoppedAll(told: Told, who: string, first: string, when: string): Meaning {
  const count =
    told.cancelled > 0 ? `; ${plural(told.cancelled, 'planned message was', 'planned messages were')} cancelled` : '';
  const confirmed = { none: '', leaves: ' One confirmation goes out.', left: ` ${first} got one confirmation.` };
  return {
    title: `*Stopped for good:* ${who} opted out ${wayWords(told)} at ${when}.`,
    effect: `Nothing more goes to ${first} on any channel${count}.${confirmed[told.confirmation]}${inFlight(told)}`,
  };
}

function stoppedOne(told: Told, who: string, when: string): Meaning {
  const channel = channelName(told.scope);
  return {
    title: `${who} wants *nothing by ${channel}* any more (${wayWords(told)}, ${when}).`,
    effect: `${channel} is closed. The rest waits until somebody has looked: Resume uses the other channels, Stop ends it.${inFlight(told)}`,
  };
}

const inFlight = (told: Told) =>
  told.inFlight ? ' *One message was with the gateway at that moment: it may have left.*' : '';

function wayWords(told: Told): string {
  const by = told.channel ? `by ${channelName(told.channel)}` : '';
  switch (told.by) {
    case 'keyword':
      return `${by} with a stop word`.trim();
    case 'words':
      return `${by} in their own words`.trim();
    case 'link':
      return 'on the opt-out page';
    case 'gateway':
      return 'at the gateway, which blocks our messages to them';
    case 'hidden':
      return 'on WhatsApp, before it showed us whose number that was';
    case 'staff':
      return told.colleague ? `in person, noted by ${inline(told.colleague)}` : 'in person';
    default:
      return by;
  }
}

function endedWords(told: Told): string {
  if (told.ended === null) return '';
  const count = plural(told.ended, 'planned message was', 'planned messages were');
  return told.ended > 0 ? `The follow-up has stopped: ${count} cancelled.` : 'The follow-up has stopped.';
}

function sender(told: Told): string {
  const number = told.phone ? phoneWords(told.phone) : 'unknown number';
  return told.name && told.name !== told.phone ? `${number} (${inline(told.name)})` : number;
}

function buttons(told: Told): object[] {
  const { leadId } = told;
  if (!leadId) return [];
  const reply = button('lead_reply', 'Reply', leadId, { style: 'primary' });
  const why = button('lead_why', 'Why?', leadId);
  const resume = button('lead_resume', 'Resume', leadId);
  const stop = stopButton({ id: leadId, name: told.name }, 0);
  const take = told.takenBy === null ? [takeButton(leadId)] : [];
  const settle = told.owedSince === null ? [] : [settleButton(leadId)];
  switch (told.what) {
    case 'replied':
    case 'help':
    case 'owed':
      return [reply, ...take, ...settle, why];
    case 'opted_in':
      return [reply, why];
    case 'unsure':
      return [reply, resume, stop, why];
    case 'opted_out':
      return told.scope === 'all' ? [why] : [resume, stop, why];
    case 'wrong_number':
      return [correctButton(leadId), why];
    case 'claimed':
      return told.claimed.some((each) => !each.includes('@')) ? [reply, correctButton(leadId)] : [reply];
    case 'auto_reply':
      return [why];
    case 'unknown_sender':
      return [];
  }
}

const SHORT: Record<Told['what'], string> = {
  replied: 'replied',
  help: 'asked for help',
  opted_in: 'opted in again',
  unsure: 'may have asked to stop',
  opted_out: 'opted out',
  unknown_sender: 'wrote, and belongs to no lead',
  auto_reply: 'sent an automatic answer',
  wrong_number: 'has another number: the one we have is wrong',
  claimed: 'gave an address that we do not know',
  owed: 'waits for an answer',
};

/** For the notification on a phone. */
function fallback(told: Told): string {
  const who = told.what === 'unknown_sender' ? sender(told) : inline(told.name);
  const words = told.words?.trim() || (told.media.length > 0 ? mediaWords(told.media) : '');
  return `${who} ${SHORT[told.what]}${words ? `: ${inline(words, 150)}` : ''}`;
}
