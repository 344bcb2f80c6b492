import type { FieldProblem } from '../../lib/errors.ts';
import { countryOf, zoneHelp, zoneOf } from '../country.ts';
import { overlayFindings, type Playbook, tenantPlaybook } from '../playbooks/index.ts';
import { senderMoves } from '../senders.ts';
import { type Sender, type Settings, settingsSchema } from '../settings.ts';
import type { Change } from './diff.ts';
import { languageName } from './entries.ts';

/** What is wrong with a plan whoever the customer is; `message` goes on from the step's name. */
export type PlanRules = (stage: {
  playbook: Playbook;
  settings: Settings;
}) => readonly { step: string | null; message: string }[];

/** The settings of these values, or what is wrong with them by the path of the value: `sla.remind`. Pure. */
export function parsedSettings(values: unknown): { settings: Settings } | { problems: FieldProblem[] } {
  const parsed = settingsSchema.safeParse(values);
  if (parsed.success) return { settings: parsed.data };
  return {
    problems: parsed.error.issues.flatMap((issue) => {
      const path = issue.path.map(String);
      const at = (more: readonly string[]) => [...path, ...more].join('.');
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => ({ field: at([key]), message: `There is no setting "${at([key])}".` }));
      }
      return [{ field: at([]), message: `${at([]) || 'The settings'}: ${issue.message}.` }];
    }),
  };
}

/** What speaks against a business that is described like this: what no form offers, a file may say. Pure. */
export function businessProblems({ business }: Settings, playbooks: readonly Playbook[]): FieldProblem[] {
  const { country = '', zone = '', language = '' } = business;
  const offered = [...new Set(playbooks.flatMap(({ languages }) => languages))];
  if (!countryOf(country)) return [{ field: 'business.country', message: `There is no country "${country}".` }];
  return [
    ...(zoneOf(zone, country) ? [] : [{ field: 'business.zone', message: zoneHelp(country) }]),
    ...(offered.includes(language)
      ? []
      : [{ field: 'business.language', message: `There are words in ${offered.join(', ')} only.` }]),
  ];
}

/** What speaks against changes of senders that bring no access along: what access was before is not kept. Pure. */
export const accessProblems = (changes: readonly Change[]): FieldProblem[] =>
  changes
    .filter(({ path }) => path.startsWith('senders/'))
    .flatMap(({ path, before = [], after = [] }) =>
      senderMoves(before as Sender[], after as Sender[])
        .filter(({ what }) => what === 'renewed')
        .map(({ sender }) => ({
          field: path,
          message: `The access of ${sender.sender} as it was before is not kept. Give it anew with /rescue channels.`,
        })),
    );

/**
 * What speaks against steps and texts that were fine or different before: the rules that files are read by, and those of
 * a plan. What was wrong already is not held against somebody who changes something else. Pure.
 */
export function planningProblems(
  playbooks: readonly Playbook[],
  before: Settings,
  after: Settings,
  rules: PlanRules,
): FieldProblem[] {
  const all = (settings: Settings) => playbooks.flatMap((playbook) => problemsOf(playbook, settings, rules));
  const known = new Set(all(before).map(({ message }) => message));
  return all(after).filter(({ message }) => !known.has(message));
}

function problemsOf(playbook: Playbook, settings: Settings, rules: PlanRules): FieldProblem[] {
  const findings = overlayFindings(playbook, settings).map(({ path, message, language }) => {
    const where = language === null ? path : `${path} (${languageName(language)})`;
    return { field: fieldOf(playbook.key, path, language), message: `${playbook.name}, ${where}: ${message}.` };
  });
  if (findings.length > 0) return findings;
  return rules({ playbook: tenantPlaybook(playbook, settings), settings }).map(({ step, message }) => ({
    field: `cadences.${playbook.key}`,
    message: `${playbook.name}, ${step ?? 'plan'}: ${message}.`,
  }));
}

/** Where in the settings a finding of a file belongs. */
function fieldOf(playbook: string, path: string, language: string | null): string {
  const template = /^templates\.([a-z0-9_]+)/.exec(path)?.[1];
  if (template === undefined) return `cadences.${playbook}`;
  return `templates.${playbook}.${template}${language === null ? '' : `.${language}`}`;
}
