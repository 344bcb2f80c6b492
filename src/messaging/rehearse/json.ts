import { DateTime } from 'luxon';
import { segments } from '../render.ts';
import type { Report } from './table.ts';
import type { Entry, Rehearsal, Stage } from './types.ts';
import { endingInWords, missInWords, notesOf } from './words.ts';

const iso = (at: Date, zone: string) => DateTime.fromJSDate(at, { zone }).toISO({ suppressMilliseconds: true });
const weekday = (at: Date, zone: string) => DateTime.fromJSDate(at, { zone }).setLocale('en').weekdayLong;

/** A report for programs: a value for `JSON.stringify`, with whole texts; times carry the offset of the customer's clock. */
export function toJson(report: Report): object {
  const { stage, rehearsal, survey, sequences = [] } = report;
  const { name, phone, zone, language } = rehearsal.customer;
  return {
    playbook: stage.playbook.key,
    cadence: stage.playbook.cadence.key,
    start: iso(rehearsal.start, zone),
    customer: { name, phone, zone, language },
    timeline: timelineOf(stage, rehearsal),
    ...(sequences.length > 0 && {
      sequences: sequences.map((each) => ({
        after: each.after,
        timeline: timelineOf(stage, each),
        failure: each.failure,
      })),
    }),
    failure: rehearsal.failure,
    problems: survey.findings.map(({ example, ...finding }) => ({
      ...finding,
      example: example && { ...example, start: iso(example.start, example.zone) },
    })),
    unreached: survey.unreached,
    checked: { plans: survey.plans, languages: survey.languages, zones: survey.zones },
  };
}

const timelineOf = (stage: Stage, rehearsal: Rehearsal): object[] => {
  const { zone } = rehearsal.customer;
  return rehearsal.timeline.map((entry) => ({
    kind: entry.kind,
    ...('day' in entry && { day: entry.day }),
    at: iso(entry.at, zone),
    weekday: weekday(entry.at, zone),
    ...more(stage, rehearsal, entry),
  }));
};

function more(stage: Stage, rehearsal: Rehearsal, entry: Entry): object {
  const { zone, name } = rehearsal.customer;
  if (!('fate' in entry)) return { cancelled: entry.cancelled, words: endingInWords(entry, name) };
  const { fate, template, language } = entry;
  const time = (at: Date) => iso(at, zone) ?? '';
  return {
    ...(entry.kind === 'step' && { step: entry.step, asked: time(entry.wanted) }),
    state: fate.kind,
    template,
    language,
    ...(fate.kind === 'sent'
      ? {
          channel: fate.channel,
          form: fate.template ? 'template' : 'free_text',
          ...(fate.channel === 'sms' && { parts: segments(fate.body).segments }),
          text: fate.body,
        }
      : { ...('reason' in fate && { reason: fate.reason }), words: missInWords(fate) }),
    ...(entry.kind === 'step' && { notes: notesOf(stage, rehearsal, entry, time) }),
  };
}
