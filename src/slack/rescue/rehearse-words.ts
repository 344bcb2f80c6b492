import { DateTime } from 'luxon';
import { KnownError } from '../../lib/errors.ts';
import { type Ending, findZone, MAX_DAY, readDay, readStart } from '../../messaging/index.ts';
import type { Playbook, Playbooks } from '../../tenants/index.ts';
import { ownName } from '../drive/modal.ts';

/** What somebody wants to see rehearsed. */
export interface Wanted {
  playbook: Playbook;
  zone: string;
  /** Null: the customer's number decides. */
  language: string | null;
  start: Date;
  ending: Ending | null;
}

/** What counts where the words say nothing. */
export interface Standing {
  playbooks: Playbooks;
  zone: string;
  language: string;
  now: Date;
}

export const USAGE = '/rescue rehearse sv 2026-10-23T17:50 reply-on 5';

/** `reply-on 5`, `replies on day 5`, `--opt-out-on=3`, `stop 3`. */
const ENDING =
  /(?<=^|\s)-{0,2}(?<what>repl(?:y|ies)|answers?|opts?[\s-]?out|stops?)(?:[\s=:-]*(?:on|day|after))*[\s=:-]*(?<day>\d+)?(?=\s|$)/giu;
/** `2026-10-23T17:50`, `2026-10-23 17:50`, `2026-10-23`, `17:50`. */
const START = /(?<=^|\s)(?:\d{4}-\d{2}-\d{2}(?:[T ]\d{1,2}:\d{2})?|\d{1,2}:\d{2})(?=\s|$)/gi;
/** Words that people put between the others. */
const FILLERS = new Set(['in', 'at', 'from', 'for', 'on', 'with', 'and', 'now', 'lang', 'language', 'zone', 'start']);

/**
 * Understands the words after `/rescue rehearse`, in any order: a playbook, a language (`sv`, `Swedish`), a start, a zone
 * or its city, and what the customer does. Pure. Throws a validation error that says what there is to choose from.
 */
export function readWords(text: string, standing: Standing): Wanted {
  const ending = readEnding([...text.matchAll(ENDING)]);
  const starts = text.replace(ENDING, ' ').match(START) ?? [];
  if (starts.length > 1) throw wrong(`One start at a time, not ${starts.join(' and ')}.`);
  const words = text
    .replace(ENDING, ' ')
    .replace(START, ' ')
    .split(/[\s,=]+/)
    .map((word) => word.replace(/^-+/, ''))
    .filter((word) => word !== '' && !FILLERS.has(word.toLowerCase()));

  const first = standing.playbooks.standard;
  const named = standing.playbooks.all.find(({ key }) => words.includes(key));
  const playbook = named ?? first;
  if (!playbook) throw wrong('There is no playbook.');
  const rest = words.filter((word) => word !== named?.key);
  const spoken = rest.flatMap((word) => languageOf(word, playbook) ?? []);
  const place = rest.filter((word) => !languageOf(word, playbook)).join(' ');
  if (new Set(spoken).size > 1) throw wrong(`One language at a time, not ${spoken.join(' and ')}.`);
  const zone = place === '' ? standing.zone : zoneOf(place, playbook);
  const [at] = starts;
  const start = at === undefined ? toMinute(standing.now) : readStart(at, zone, standing.now);
  if (!start) throw wrong(`${at} is no date and time.`);
  const own = playbook.languages.includes(standing.language) ? standing.language : null;
  return { playbook, zone, language: spoken[0] ?? own, start, ending };
}

/** The words that mean this again, in a form that `readWords` understands; for buttons. */
export function inWords({ playbook, zone, language, start, ending }: Wanted, standing: Standing): string {
  const at = DateTime.fromJSDate(start, { zone }).toFormat("yyyy-MM-dd'T'HH:mm");
  return [
    ...(playbook === standing.playbooks.standard ? [] : [playbook.key]),
    ...(language ? [language] : []),
    at,
    ...(zone === standing.zone ? [] : [zone]),
    ...(ending ? [ending.kind === 'reply' ? 'reply-on' : 'opt-out-on', String(ending.day)] : []),
  ].join(' ');
}

function readEnding(found: readonly RegExpMatchArray[]): Ending | null {
  const [first, second] = found;
  if (!first) return null;
  if (second) throw wrong('A customer replies or opts out once: choose one.');
  const day = readDay(first.groups?.day ?? '');
  if (day === undefined) throw wrong(`Say on which day, from 0 to ${MAX_DAY}: reply-on 5.`);
  return { kind: /^(repl|answer)/i.test(first.groups?.what ?? '') ? 'reply' : 'opt_out', day };
}

/** By code or name, in English or its own: `sv`, `sv-SE`, `Swedish`, `svenska`. */
function languageOf(word: string, { languages }: Playbook): string | undefined {
  const wanted = word.toLowerCase();
  const code = /^([a-z]{2})(?:[-_][a-z]{2})?$/.exec(wanted)?.[1];
  const english = new Intl.DisplayNames(['en'], { type: 'language' });
  return languages.find(
    (each) => each === code || ownName(each).toLowerCase() === wanted || english.of(each)?.toLowerCase() === wanted,
  );
}

function zoneOf(place: string, { languages }: Playbook): string {
  const found = findZone(place);
  if ('zone' in found) return found.zone;
  throw wrong(
    `“${place}” is neither a language (${languages.join(', ')}) nor a place whose clock we know (such as ${found.choices.slice(0, 4).join(', ')}).`,
  );
}

const toMinute = (at: Date) => new Date(Math.floor(at.getTime() / 60_000) * 60_000);

function wrong(message: string): KnownError {
  return new KnownError('validation_error', 'rehearsal not understood', `${message} Write it like this: ${USAGE}.`);
}
