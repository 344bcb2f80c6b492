import type { Permission } from '../permissions.ts';
import type { Playbooks } from '../playbooks/index.ts';
import type { Settings } from '../settings.ts';
import type { FormField } from './field.ts';
import { FORMS } from './forms.ts';
import { partsOf, type UnitPath } from './units.ts';

/** Settings that belong together: seen, edited and approved together. A new setting is a key here and an entry in `entries.ts`. */
export interface Group {
  key: string;
  /** The title of a window too: Slack shows 24 letters. */
  label: string;
  keys: readonly string[];
  /** Who may change them. */
  permission: Permission;
  /** Changes of them may be made to wait for a second person. */
  approvable: boolean;
  /** The form they are edited with; absent where they have a window of their own, or a command only. */
  form?: (about: { playbooks: Playbooks }) => FormField[];
  /** The word after `/rescue` that changes them as well. */
  command?: string;
}

const group = (
  key: string,
  label: string,
  keys: readonly (keyof Settings)[],
  more: { command?: string; approvable?: boolean; permission?: Permission } = {},
): Group => {
  const form = FORMS[key];
  return {
    key,
    label,
    keys,
    permission: 'settings.change',
    approvable: true,
    ...(form && { form: ({ playbooks }) => form({ playbooks, approvable: APPROVABLE }) }),
    ...more,
  };
};

const NAMED: readonly Group[] = [
  group('business', 'Business', ['business'], { permission: 'tenant.set_up' }),
  group('cadence', 'Steps of the follow-up', ['cadences', 'stepTime'], { command: 'cadence' }),
  group('templates', 'Words of the messages', ['templates'], { command: 'texts' }),
  group('routing', 'Channels and new leads', ['firstChannels', 'newLeads', 'formAnswers']),
  group('senders', 'Senders', ['senders'], { permission: 'channels.change', command: 'channels' }),
  group('languages', 'Languages', ['languages']),
  group('hours', 'Hours', ['sendHours', 'opening', 'closedDays', 'publicHolidays', 'appointment'], {
    command: 'hours',
  }),
  group('customers', 'What customers are given', [
    'termsUrl',
    'calculatorUrl',
    'contact',
    'licencePhoto',
    'mailTracking',
  ]),
  group('branding', 'How customers see you', ['branding'], { command: 'branding' }),
  group('agent', 'Assistant', ['agentMode', 'agentModes', 'agentTurns']),
  group('facts', 'Facts the assistant may say', ['facts'], { command: 'facts' }),
  group('scores', 'Scores of leads', ['scoring', 'base', 'serviceMiles'], { command: 'base' }),
  group('sla', 'Answers owed', ['sla']),
  group('numbers', 'Numbers and digests', ['marginPerDeal', 'currency', 'messageCost', 'digest']),
  group('keeping', 'What is kept, and where', ['retention', 'residency'], { permission: 'privacy.change' }),
  group('places', 'Channels in Slack', ['feedChannel', 'cardChannel', 'auditChannel', 'digestChannel'], {
    command: 'feed',
    approvable: false,
  }),
  group('alerts', 'Where alerts go', ['alertRoutes'], { command: 'alerts' }),
  // whoever could take a demand back alone would not need anybody
  group('approval', 'Needs a second person', ['approval'], { approvable: false }),
];

/** What has no group yet: it is shown, and changed by import. */
const OTHERS: Group = { key: 'other', label: 'Other', keys: [], permission: 'settings.change', approvable: true };

/** The groups of these settings, the last one with what nobody has put anywhere. */
export function groupsOf(settings: Settings): Group[] {
  const placed = new Set(NAMED.flatMap(({ keys }) => keys));
  const keys = Object.keys(settings).filter((key) => !placed.has(key));
  return keys.length > 0 ? [...NAMED, { ...OTHERS, keys }] : [...NAMED];
}

export const groupNamed = (key: string): Group | undefined => [...NAMED, OTHERS].find((each) => each.key === key);
export const groupOf = (path: UnitPath): Group => NAMED.find(({ keys }) => keys.includes(partsOf(path).key)) ?? OTHERS;

/** The groups that a change of this unit is of. Another country is another law: photos may be stored elsewhere then. */
export const groupsOfUnit = (path: UnitPath): Group[] =>
  [groupOf(path), ...(path === 'business/country' ? [groupNamed('keeping')] : [])].filter((each) => each !== undefined);

/** Groups whose changes can be made to wait. */
export const APPROVABLE: readonly Group[] = [...NAMED, OTHERS].filter(({ approvable }) => approvable);
