import { KnownError } from '../../lib/errors.ts';
import { isPageAddress, type Settings } from '../../tenants/index.ts';
import type { Answer, Asked, Command } from '../feature.ts';
import { capital } from '../format.ts';
import { hoursWords } from '../settings/diff-blocks.ts';
import { changeNow, waitingNote } from '../settings/direct.ts';
import { escapeMarkup } from '../text.ts';
import type { RescueDeps } from './deps.ts';

/** A setting that is changed by a word after `/rescue`. */
interface Word {
  word: string;
  summary: string;
  usage: string;
  title: string;
  /** The setting as it stands, in words. */
  show(settings: Settings): string;
  /** Understands what was typed; undefined when it cannot. */
  read(text: string): Partial<Settings> | undefined;
  /** What people should know about a change. */
  note?: string;
}

const WORDS: readonly Word[] = [
  {
    word: 'hours',
    summary: "The customer's local hours in which automated messages leave.",
    usage: '[09:00-20:00]',
    title: 'Send hours',
    show: ({ sendHours }) => `${sendHours.start}-${sendHours.end}`,
    read: readHours,
    note: 'The law may narrow them.',
  },
  {
    word: 'photo',
    summary: 'Where the licence photo is added: in the form, or by a one-time link for the phone.',
    usage: '[modal|link]',
    title: 'Licence photo',
    show: ({ licencePhoto }) => (licencePhoto === 'modal' ? 'in the form (modal)' : 'by a one-time link (link)'),
    read: (text) => (text === 'modal' || text === 'link' ? { licencePhoto: text } : undefined),
  },
  {
    word: 'terms',
    summary: 'The page with the terms of a test drive; the first message links to it.',
    usage: '[https://…|off]',
    title: 'Terms page',
    show: ({ termsUrl }) => termsUrl ?? 'none',
    read: (text) => readPage(text, 'termsUrl'),
  },
  {
    word: 'calculator',
    summary: 'The page on which customers work out what it brings them; texts with {calculator_link} link to it.',
    usage: '[https://…|off]',
    title: 'Calculator page',
    show: ({ calculatorUrl }) => calculatorUrl ?? 'none',
    read: (text) => readPage(text, 'calculatorUrl'),
    note: 'Without one, texts leave that line out.',
  },
  {
    word: 'contact',
    summary: 'The number a customer may call; it stands in our help texts.',
    usage: '[number|off]',
    title: 'Number to call',
    show: ({ contact }) => contact ?? 'none',
    read: (text) =>
      /^\+?[\d\s()/.-]{5,60}$/.test(text) ? { contact: text } : text === 'off' ? { contact: null } : undefined,
  },
  {
    word: 'mail-tracking',
    summary: 'Whether e-mails tell when they are opened and our links in them are followed.',
    usage: '[on|off]',
    title: 'E-mail tracking',
    show: ({ mailTracking }) => (mailTracking ? 'on' : 'off'),
    read: (text) => (text === 'on' || text === 'off' ? { mailTracking: text === 'on' } : undefined),
    note: 'It informs only: mail programs open pictures by themselves, and nothing depends on it.',
  },
];

/** `/rescue hours`, `photo`, `terms`, `calculator`, `contact`, `mail-tracking`: shows the setting, or changes it and says from what to what. */
export function settingCommands(deps: RescueDeps): Command[] {
  return WORDS.map((word) => ({
    name: `/rescue ${word.word}`,
    summary: word.summary,
    usage: word.usage,
    permission: 'settings.change',
    run: (asked, text) => change(deps, asked, word, text),
  }));
}

async function change(deps: RescueDeps, asked: Asked, word: Word, text: string): Promise<Answer> {
  const before = word.show(await deps.tenants.settings(asked.tenant.id));
  const how = `\`/rescue ${word.word} ${word.usage}\``;
  if (text === '') return { text: `*${word.title}*: ${escapeMarkup(before)}. Change it with ${how}.` };
  const patch = word.read(text);
  if (!patch) throw new KnownError('validation_error', `${word.word} not understood`, `Write it like this: ${how}.`);
  const outcome = await changeNow(deps, asked, patch);
  const after = word.show(outcome.settings);
  const note = word.note ? ` ${word.note}` : '';
  const hours = outcome.kind === 'same' ? '' : ` ${capital(hoursWords(outcome.touched))}`;
  return {
    text: `*${word.title}*: ${escapeMarkup(before)} → ${escapeMarkup(after)}.${waitingNote(outcome) || note}${hours}`.trim(),
  };
}

/** `09:00-20:00`, also `9-20` and `9.30 to 18`. */
function readHours(text: string): Partial<Settings> | undefined {
  const found = /^(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to)\s*(\d{1,2})(?:[:.](\d{2}))?$/.exec(text);
  if (!found) return undefined;
  const start = time(found[1], found[2]);
  const end = time(found[3], found[4]);
  return start && end && start < end ? { sendHours: { start, end } } : undefined;
}

function time(hours = '', minutes = '00'): string | undefined {
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return `${hours.padStart(2, '0')}:${minutes}`;
}

function readPage(text: string, setting: 'termsUrl' | 'calculatorUrl'): Partial<Settings> | undefined {
  if (text === 'off') return { [setting]: null };
  return isPageAddress(text) ? { [setting]: text } : undefined;
}
