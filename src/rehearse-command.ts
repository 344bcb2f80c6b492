import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadAgents } from './agent/index.ts';
import { isKnown, KnownError } from './lib/errors.ts';
import {
  type Ending,
  findZone,
  MAX_DAY,
  type Report,
  readDay,
  readStart,
  rehearse,
  rehearseSequences,
  type Script,
  sampleStage,
  survey,
  TELLING_ZONES,
  toJson,
  toTable,
} from './messaging/rehearse/index.ts';
import { candidateZones, languageOfCountry } from './people/index.ts';
import { loadPlaybooks, type Playbook, type Playbooks } from './tenants/playbooks/index.ts';
import { settingsSchema } from './tenants/settings.ts';

/*
 * `npm run rehearse -- test-drive --zone Europe/Stockholm --start 2026-10-23T17:50 --reply-on 5`: what a follow-up would
 * do, without a database, for a made-up business and customer.
 */

/** What the command prints, and its exit code: 0 fine, 1 the plan breaks a rule, 2 the question is not understood. */
export interface Answered {
  code: 0 | 1 | 2;
  out: string;
  err: string;
}

const CHANNELS = ['whatsapp', 'sms', 'email'] as const;
const ZONE = 'Europe/Stockholm';

const USAGE = `Usage: npm run rehearse -- <playbook> [options]
  --zone Europe/Stockholm      where the customer lives (this one when left out); a city will do
  --start 2026-10-23T17:50     when the lead is logged, on the customer's clock; now when left out
  --lang sv                    the customer's language; as the country suggests when left out
  --reply-on 5                 the customer replies on day 5
  --opt-out-on 5               the customer asks to be left alone on day 5
  --channel sms                only this channel reaches the customer: ${CHANNELS.join(', ')}
  --unapproved                 WhatsApp has approved no template yet
  --json                       everything, as JSON, with whole texts
  --dir conversations          where the playbooks are
Problems are looked for in every language, in telling zones and from telling start times on. Exit code: 0 no problem, 1 problems, 2 not understood.
`;

const OPTIONS = {
  zone: { type: 'string' },
  start: { type: 'string' },
  lang: { type: 'string' },
  'reply-on': { type: 'string' },
  'opt-out-on': { type: 'string' },
  channel: { type: 'string' },
  unapproved: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  dir: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Answers a command line. `conversations` is the folder of the product's own playbooks. Never throws a `KnownError`. */
export async function answer(
  args: string[],
  now: Date,
  conversations: string,
  read = readConversations,
): Promise<Answered> {
  let json = false;
  try {
    const { values, positionals } = understood(args);
    json = values.json;
    if (values.help) return { code: 0, out: USAGE, err: '' };
    const playbooks = found(read, values.dir ? path.resolve(values.dir) : conversations);
    if ('problems' in playbooks) return broken(playbooks.problems, json);
    const report = await rehearsed(values, choosePlaybook(playbooks, positionals), now);
    const out = json ? `${JSON.stringify(toJson(report), null, 2)}\n` : `${toTable(report)}${filesInWords(playbooks)}`;
    return { code: report.survey.findings.length === 0 ? 0 : 1, out, err: '' };
  } catch (error) {
    if (!isKnown(error)) throw error;
    return { code: 2, out: '', err: `${error.userMessage}\n` };
  }
}

function understood(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw wrong(`${(error as Error).message.split('. ')[0]}.\n\n${USAGE}`);
  }
}
type Values = ReturnType<typeof understood>['values'];

/** Reads and checks the playbooks of a folder and how the agent talks in them; throws what is wrong with either. */
export function readConversations(dir: string): Playbooks {
  const playbooks = loadPlaybooks(dir);
  loadAgents(dir, playbooks);
  return playbooks;
}

/** What was read on the way: one that is rehearsed, and all that were checked. */
const filesInWords = ({ all }: Playbooks) =>
  `Every file is sound, of ${all.map(({ key }) => key).join(', ')}: plan, texts, forms, canned answers, how the agent talks.\n`;

/** The playbooks, or what is wrong with them. */
function found(read: typeof readConversations, dir: string): Playbooks | { problems: KnownError['problems'] } {
  try {
    return read(dir);
  } catch (error) {
    if (isKnown(error) && error.code === 'misconfigured') return { problems: error.problems };
    throw error;
  }
}

function broken(problems: KnownError['problems'], json: boolean): Answered {
  const lines = problems.map(({ field, message }) => `  ${field}: ${message}`);
  const text = [`${problems.length} problem${problems.length === 1 ? '' : 's'} in the playbooks:`, ...lines, ''].join(
    '\n',
  );
  const value = { problems: problems.map(({ field, message }) => ({ where: field, message })) };
  return { code: 1, out: json ? `${JSON.stringify(value, null, 2)}\n` : text, err: '' };
}

function choosePlaybook({ standard, get }: Playbooks, names: string[]): Playbook {
  const [name, ...more] = names;
  if (more.length > 0) throw wrong(`One playbook at a time: ${names.join(', ')}.\n\n${USAGE}`);
  return name === undefined ? standard : get(name);
}

async function rehearsed(values: Values, playbook: Playbook, now: Date): Promise<Report> {
  const zone = chooseZone(values.zone);
  const script = readScript(values, playbook, zone, now);
  const settings = settingsSchema.parse({});
  const stageOf = (where: string, language: string, approved = true) =>
    sampleStage({ playbook, zone: where, language, settings, approved });
  const stage = stageOf(zone, script.language, !values.unapproved);
  const rehearsal = await rehearse(stage, script);
  // what WhatsApp has not approved, or a customer who cannot be reached, is not the playbook's fault
  const zones = [...new Set([zone, ...TELLING_ZONES])];
  const sequences = await rehearseSequences(stage, script);
  return { stage, rehearsal, sequences, survey: await survey({ stage, script, rehearsal }, zones, stageOf) };
}

function readScript(values: Values, playbook: Playbook, zone: string, now: Date): Script & { language: string } {
  const minute = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
  const start = values.start === undefined ? minute : readStart(values.start, zone, now);
  if (!start) throw wrong(`--start ${values.start} is no local time. Write it like 2026-10-23T17:50.`);
  const only = CHANNELS.find((channel) => channel === values.channel);
  if (values.channel !== undefined && !only) {
    throw wrong(`There is no channel "${values.channel}". There are: ${CHANNELS.join(', ')}.`);
  }
  const ending = readEnding(values);
  const language = chooseLanguage(values.lang, playbook, zone);
  return { zone, language, start, ...(ending && { ending }), ...(only && { only }) };
}

function readEnding(values: Values): Ending | undefined {
  const given = [
    { kind: 'reply', option: '--reply-on', text: values['reply-on'] },
    { kind: 'opt_out', option: '--opt-out-on', text: values['opt-out-on'] },
  ] as const;
  const [first, second] = given.filter(({ text }) => text !== undefined);
  if (first && second) throw wrong('Choose one of --reply-on and --opt-out-on: either ends the follow-up.');
  if (!first) return undefined;
  const day = readDay(first.text ?? '');
  if (day === undefined)
    throw wrong(`${first.option} takes a day from 0 to ${MAX_DAY}, for example ${first.option} 5.`);
  return { kind: first.kind, day };
}

function chooseZone(text = ZONE): string {
  const found = findZone(text);
  if ('zone' in found) return found.zone;
  throw wrong(`There is no time zone "${text}" that a mobile number tells. Such as: ${found.choices.join(', ')}.`);
}

function chooseLanguage(text: string | undefined, playbook: Playbook, zone: string): string {
  const { languages } = playbook;
  if (text === undefined) {
    const guess = languageOfCountry(candidateZones({ zone }).country ?? '');
    return languages.includes(guess) ? guess : 'en';
  }
  const wanted = text.toLowerCase().split(/[-_]/)[0] ?? '';
  if (languages.includes(wanted)) return wanted;
  throw wrong(`"${playbook.key}" is not written in "${text}". There are: ${languages.join(', ')}.`);
}

const wrong = (message: string) => new KnownError('validation_error', 'the command line is not understood', message);
