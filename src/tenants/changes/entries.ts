import { countryName } from '../country.ts';
import { type CadenceStep, conditionWords } from '../playbooks/index.ts';
import { vendorName } from '../senders.ts';
import type { Sender, Settings } from '../settings.ts';
import { partsOf, type UnitPath } from './units.ts';

/** How a setting is called and how its value reads, for people. */
interface Entry {
  label: string;
  /** What the parts of a unit's path mean, when it is one of a map: `test-drive`, `sv`. */
  part?(parts: readonly string[]): string;
  reads(value: unknown, parts: readonly string[]): string;
}

const CHANNELS: Readonly<Record<string, string>> = { whatsapp: 'WhatsApp', sms: 'SMS', email: 'e-mail' };
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const languages = new Intl.DisplayNames('en', { type: 'language' });

/** `Swedish`; the code itself where nobody speaks it. */
export const languageName = (code: string): string => {
  try {
    return languages.of(code) ?? code;
  } catch {
    return code;
  }
};
export const channelWords = (channel: string): string => CHANNELS[channel] ?? channel;

/** The parts of settings that are entries of maps; see `units.ts`. */
interface Units {
  business: string;
  senders: Sender[];
  alertRoutes: Settings['alertRoutes'][string];
  agentModes: Settings['agentMode'];
  messageCost: number;
  scoring: number;
  opening: { from: string; to: string }[];
  firstChannels: string;
  cadences: { steps: CadenceStep[] };
  templates: string;
  facts: Settings['facts'][number];
}
type UnitOf<K extends keyof Settings> = K extends keyof Units ? Units[K] : Settings[K];

/** What is written about a setting, checked against the setting's type. */
const entry = <K extends keyof Settings>(
  key: K,
  label: string,
  reads: (value: UnitOf<K>, parts: readonly string[]) => string,
  part?: Entry['part'],
): [K, Entry] => [
  key,
  // values come from parsed settings, whose type the key decides
  {
    label,
    reads: (value, parts) => (value === undefined ? 'none' : reads(value as UnitOf<K>, parts)),
    ...(part && { part }),
  },
];

const spans = (times: readonly { from: string; to: string }[]) =>
  times.length > 0 ? times.map(({ from, to }) => `${from}-${to}`).join(', ') : 'closed';
const channel = (id: string | null) => (id === null ? 'direct messages' : `<#${id}>`);
const listed = (items: readonly string[], none: string) => (items.length > 0 ? items.join(', ') : none);

/** `+46700000001 by Twilio, then +46700000002 by Sinch`. */
const sendersWords = (senders: readonly Sender[]): string =>
  senders.map(({ sender, vendor }) => `${sender} by ${vendorName(vendor)}`).join(', then ') || 'none';

/** Each part of the branding by its name, in words. */
export function brandParts(branding: Settings['branding'] | undefined): Record<string, string> {
  if (!branding) return {};
  const { name, accent, senderName, signature, logo, logoInMail } = branding;
  const signed = Object.entries(signature).map(([code, lines]) => `${languageName(code)}: ${lines}`);
  return {
    Name: name ?? 'the one of the business',
    Colour: accent ?? 'the one it came with',
    Logo: logo
      ? `${logo.width} × ${logo.height} pixels, on pages${logoInMail ? ', in Slack and on e-mails' : ' and in Slack'}`
      : 'none',
    'E-mails come from': senderName ?? 'the name',
    Signature: signed.length > 0 ? signed.join('\n') : 'none',
  };
}

/** `Stockholm, SE`. */
export const placeWords = ({ postalCode, city, country }: NonNullable<Settings['base']>): string =>
  [postalCode, city, country].filter(Boolean).join(', ');

/** Classes of what is kept, as `retention` names them. */
const CLASSES: Readonly<Record<string, string>> = {
  messages: 'words of messages',
  media: 'pictures and files',
  notes: 'the assistant’s notes',
  drafts: 'its drafts',
  webhooks: 'raw deliveries',
};

function residencyWords(where: Settings['residency']): string {
  if (where === null) return 'as the law of your country asks';
  return where === 'eu' ? 'in the EU only' : 'anywhere';
}

function routeWords(route: Settings['alertRoutes'][string]): string {
  switch (route.to) {
    case 'channel':
      return `<#${route.channel}>`;
    case 'person':
      return `<@${route.person}>`;
    case 'off':
      return 'off';
  }
}

/**
 * `Day 7 at 18:30, drive_follow_up_2, SMS first`, `Day 3 after proposal sent, home_proposal (50 % home_proposal_b), only hot`.
 */
export function stepWords(step: CadenceStep): string {
  const { day, at, template, channel: first, after, bands, byBand = {}, variants = {} } = step;
  const time = at ? ` at ${at}` : day === 0 ? ' at once' : '';
  const begins = after === undefined ? '' : ` after ${after.replaceAll('_', ' ')}`;
  const others = sorted(variants).map(([key, share]) => `${share} % ${key}`);
  return [
    `Day ${day}${time}${begins}`,
    `${template}${others.length > 0 ? ` (${others.join(', ')})` : ''}`,
    ...sorted(byBand).map(([band, text]) => `${text} for ${band}`),
    ...(bands ? [`only ${bands.join(' and ')}`] : []),
    ...conditionWords(step),
    ...(first ? [`${channelWords(first)} first`] : []),
  ].join(', ');
}

/** By name: what was stored comes back in another order, and is no change. */
const sorted = <T>(named: Readonly<Record<string, T>>) =>
  Object.entries(named).sort(([one], [other]) => (one < other ? -1 : 1));

const KNOWN_BY: Readonly<Record<string, string>> = {
  name: 'name',
  country: 'country',
  zone: 'time zone',
  language: 'language where a customer’s is not known',
};

function knownByWords(value: string, [part]: readonly string[]): string {
  if (part === 'country') return countryName(value);
  return part === 'language' ? languageName(value) : value;
}

const ENTRIES: ReadonlyMap<string, Entry> = new Map<string, Entry>([
  entry('business', 'Business', knownByWords, ([part = '']) => KNOWN_BY[part] ?? part),
  entry('senders', 'Senders', sendersWords, ([name]) => channelWords(name ?? '')),
  entry(
    'cadences',
    'Steps',
    ({ steps }) => steps.map(stepWords).join('; '),
    ([playbook]) => playbook ?? '',
  ),
  entry('firstChannels', 'First channel', channelWords, ([playbook]) => playbook ?? ''),
  entry('newLeads', 'Enquiries that nobody logged', (whose) =>
    whose === 'in_turn' ? 'go to the salespeople in turn' : 'wait until somebody takes them',
  ),
  entry('formAnswers', 'Enquiries of one form in an hour that are answered by themselves', String),
  entry('retention', 'Months that things are kept', (months) =>
    Object.entries(months)
      .map(([what, count]) => `${CLASSES[what] ?? what} ${count}`)
      .join(', '),
  ),
  entry('residency', 'Photos may be stored', residencyWords),
  entry('mailTracking', 'E-mails tell that they were opened', (on) => (on ? 'yes' : 'no')),
  entry('stepTime', 'Time of later steps', (time) => time ?? 'as the playbook says'),
  entry(
    'templates',
    'Text',
    (body) => body,
    ([playbook, key, language]) => `${key} · ${languageName(language ?? '')} · ${playbook}`,
  ),
  entry('languages', 'Languages', (codes) => (codes === null ? 'all' : codes.map(languageName).join(', '))),
  entry('sendHours', 'Send hours', ({ start, end }) => `${start}-${end}`),
  entry('opening', 'Open', spans, ([day]) => DAYS[Number(day) - 1] ?? ''),
  entry('closedDays', 'Closed on', (days) => listed(days, 'no day')),
  entry('publicHolidays', 'Public holidays', (closed) => (closed ? 'closed' : 'open as on other days')),
  entry('appointment', 'Appointment', ({ minutes, pause }) => `${minutes} min, then ${pause} min free`),
  entry('licencePhoto', 'Licence photo', (how) => (how === 'modal' ? 'in the form' : 'by a one-time link')),
  entry('termsUrl', 'Terms page', (url) => url ?? 'our own'),
  entry('calculatorUrl', 'Calculator page', (url) => url ?? 'none'),
  entry('contact', 'Number to call', (number) => number ?? 'the sender'),
  entry('agentMode', 'Assistant', (mode) => mode),
  entry(
    'agentModes',
    'Assistant',
    (mode) => mode,
    ([playbook]) => playbook ?? '',
  ),
  entry('agentTurns', 'Answers in a row', String),
  entry('scoring', 'Most points in the score', String, ([playbook, factor]) =>
    [playbook, factor?.replaceAll('_', ' ')].filter(Boolean).join(', '),
  ),
  entry('base', 'Where the business is', (at) => (at ? placeWords(at) : 'not set')),
  entry('serviceMiles', 'Service area', (miles) => (miles === null ? 'anywhere' : `${miles} miles around the base`)),
  entry(
    'facts',
    'Fact',
    ({ words }) =>
      Object.entries(words)
        .map(([code, said]) => `${code}: ${said}`)
        .join('\n'),
    ([topic]) => (topic ?? '').replaceAll('_', ' '),
  ),
  entry('sla', 'Reminders', ({ remind, escalate }) => `after ${remind} min, managers after ${escalate} min`),
  entry('feedChannel', 'Activity feed', channel),
  entry('cardChannel', 'New lead cards', channel),
  entry('auditChannel', 'Head of the audit log', channel),
  entry('digestChannel', 'Digests', channel),
  entry('branding', 'How customers see you', (branding) =>
    Object.entries(brandParts(branding))
      .map(([name, words]) => `${name}: ${words}`)
      .join('; '),
  ),
  entry('alertRoutes', 'Alert', routeWords, ([kind]) => (kind ?? '').replaceAll('_', ' ')),
  entry('digest', 'Digests come', (when) => when),
  entry('marginPerDeal', 'Margin per deal', (amount) => (amount === null ? 'not set' : String(amount))),
  entry('currency', 'Currency', (code) => code ?? 'not set'),
  entry('messageCost', 'Cost of a message', String, ([name]) => channelWords(name ?? '')),
  entry('approval', 'Needs a second person', (groups) => listed(groups, 'nothing')),
]);

/** What is written about a unit: its name and how its value reads. A setting without an entry speaks for itself. */
export function nameOf(path: UnitPath): string {
  const { key, parts } = partsOf(path);
  const known = ENTRIES.get(key);
  const label = known?.label ?? spelled(key);
  const part = parts.length === 0 ? '' : (known?.part?.(parts) ?? parts.join(' · '));
  return part === '' ? label : `${label}: ${part}`;
}

/** The value of a unit in words; undefined reads as `none`. */
export function valueWords(path: UnitPath, value: unknown): string {
  const { key, parts } = partsOf(path);
  return ENTRIES.get(key)?.reads(value, parts) ?? plainWords(value);
}

/** `publicHolidays` as `Public holidays`. */
const spelled = (key: string): string => {
  const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

function plainWords(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return listed(value.map(plainWords), 'none');
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([key, part]) => `${key} ${plainWords(part)}`)
    .join(', ');
}
