import { type Factor, type Playbook, tenantPlaybook, weightOf } from '../playbooks/index.ts';
import type { Settings } from '../settings.ts';
import { brandParts, channelWords, nameOf, stepWords, valueWords } from './entries.ts';
import { type Group, groupNamed } from './groups.ts';
import { partsOf, unitsOf } from './units.ts';

const some = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`;

/** A group as it stands, a few lines for a phone. `playbooks` are those without the tenant's settings. Pure. */
export function groupSummary(group: Group, settings: Settings, playbooks: readonly Playbook[]): string[] {
  return SUMMARIES[group.key]?.(settings, playbooks) ?? unitLines(group.keys, settings);
}

function unitLines(keys: readonly string[], settings: Settings): string[] {
  return [...unitsOf(settings)]
    .filter(([path]) => keys.includes(partsOf(path).key))
    .map(([path, value]) => `${nameOf(path)}: ${valueWords(path, value)}`);
}

const closedWords = ({ publicHolidays, closedDays }: Settings): string =>
  [
    ...(publicHolidays ? ['public holidays'] : []),
    ...(closedDays.length > 0 ? [some(closedDays.length, 'date')] : []),
  ].join(' and ') || 'no date';

/** `company 10, distance 25 (yours)`. */
const factorWords = (factors: Readonly<Record<string, Factor>>, own: Readonly<Record<string, number>>): string =>
  Object.entries(factors)
    .map(
      ([key, factor]) => `${factor.label.toLowerCase()} ${own[key] ?? weightOf(factor)}${key in own ? ' (yours)' : ''}`,
    )
    .join(', ');

const SUMMARIES: Readonly<Record<string, (settings: Settings, playbooks: readonly Playbook[]) => string[]>> = {
  cadence: (settings, playbooks) =>
    playbooks.map((playbook) => {
      const { steps } = tenantPlaybook(playbook, settings).cadence;
      const whose = settings.cadences[playbook.key] ? 'your own' : 'as it came';
      return `${playbook.name} (${whose}): ${steps.map((step) => stepWords(step).split(',')[0]).join(', ')}`;
    }),
  templates: ({ templates }, playbooks) =>
    playbooks.map(({ key, name }) => {
      const own = Object.keys(templates[key] ?? {});
      return `${name}: ${own.length > 0 ? `${some(own.length, 'text')} of your own (${own.join(', ')})` : 'as they came'}`;
    }),
  routing: (settings, playbooks) => [
    ...playbooks.map((playbook) => {
      const { channels } = tenantPlaybook(playbook, settings).cadence;
      return `${playbook.name}: ${channels.map(channelWords).join(', then ')}`;
    }),
    `Enquiries that nobody logged ${valueWords('newLeads', settings.newLeads)}`,
    `Of one form, ${settings.formAnswers} enquiries in an hour are answered by themselves; more wait for a person`,
  ],
  senders: ({ senders }) =>
    Object.entries(senders).map(([channel, list]) => {
      const words = valueWords(`senders/${channel}`, list);
      return `${channelWords(channel).replace(/^e/, 'E')}: ${words}`;
    }),
  hours: (settings) => [
    `Messages leave ${valueWords('sendHours', settings.sendHours)}, in the customer's own time`,
    `Open on ${some(Object.keys(settings.opening).length, 'day')} of the week; closed on ${closedWords(settings)}`,
    `Appointments: ${valueWords('appointment', settings.appointment)}`,
  ],
  scores: (settings, playbooks) => [
    ...playbooks.flatMap(({ key, name, score }) =>
      score ? [`${name}: ${factorWords(score.factors, settings.scoring[key] ?? {})}`] : [],
    ),
    `Distances count from: ${valueWords('base', settings.base)}`,
    `Service area: ${valueWords('serviceMiles', settings.serviceMiles)}`,
  ],
  branding: ({ branding }) => Object.entries(brandParts(branding)).map(([name, words]) => `${name}: ${words}`),
  alerts: (settings) => {
    const own = unitLines(['alertRoutes'], settings);
    return own.length > 0 ? own : ['Each kind goes to those it is meant for'];
  },
  approval: ({ approval }) => [
    approval.length > 0 ? approval.map((key) => groupNamed(key)?.label ?? key).join(', ') : 'Nothing',
  ],
  facts: ({ facts }) => [facts.length > 0 ? some(facts.length, 'fact') : 'None yet: it hands over every question'],
};
