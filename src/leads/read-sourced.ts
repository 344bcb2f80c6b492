import type { Playbook, SourceMapping } from '../tenants/index.ts';
import type { CaptureInput } from './enquiry.ts';
import { saysYes } from './person-names.ts';
import { readSubmission, type Submission } from './read-submission.ts';

/** One thing that somebody answered in a source's own form. */
export interface SourceField {
  name: string;
  value: string;
}

type Sourced = Submission & Pick<CaptureInput, 'consentWords'>;

/**
 * Understands what came from a source: what somebody chose in the mapping first, everything else by its name, as in any
 * submission. Only the mapping knows what was agreed to: a field that happens to be called consent says nothing of the words
 * beside it. Pure.
 */
export function readSourced(
  playbook: Pick<Playbook, 'fields'>,
  sent: readonly SourceField[],
  mapping: SourceMapping,
  language: string,
): Sourced {
  const byName = new Map(sent.map(({ name, value }) => [name.trim().toLowerCase(), value]));
  const answerTo = (name: string) => byName.get(name.trim().toLowerCase())?.trim() ?? '';
  const chosen = Object.entries(mapping.fields).flatMap(([key, by]): [string, string][] => {
    const value = 'always' in by ? by.always : answerTo(by.from);
    return value === '' ? [] : [[key, value]];
  });
  // what comes first counts
  const names = new Set(chosen.map(([key]) => key));
  const others = sent.filter(({ name }) => !names.has(name)).map(({ name, value }): [string, string] => [name, value]);
  const read = readSubmission(playbook, Object.fromEntries([...chosen, ...others]));
  const { consent } = mapping;
  const consentGiven = consent !== null && saysYes(answerTo(consent.from));
  return {
    ...read,
    consentGiven,
    ...(consentGiven && { consentWords: { text: consent.words, language } }),
  };
}
