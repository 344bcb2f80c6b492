import { type CadenceStep, type Playbook, weightOf } from '../playbooks/index.ts';
import { senderMoves } from '../senders.ts';
import type { Sender, Settings } from '../settings.ts';
import type { Change } from './diff.ts';
import { brandParts, channelWords, nameOf, stepWords, valueWords } from './entries.ts';
import { groupNamed } from './groups.ts';
import { partsOf } from './units.ts';

/** One thing that changes, as people read it: what it is, and what it was and becomes. */
export interface ChangeLine {
  name: string;
  before: string;
  after: string;
}

type Steps = Settings['cadences'][string];

/** The changes in words, steps of a cadence one by one. `defaults` are the playbooks without the tenant's settings. Pure. */
export function changeLines(changes: readonly Change[], defaults: readonly Playbook[]): ChangeLine[] {
  return changes.flatMap((change) => {
    const { key, parts } = partsOf(change.path);
    const playbook = defaults.find((each) => each.key === parts[0]);
    if (key === 'cadences' && playbook) return stepLines(change, playbook);
    if (key === 'templates' && playbook) return [textLine(change, playbook)];
    if (key === 'firstChannels' && playbook) return [firstChannelLine(change, playbook)];
    if (key === 'scoring' && playbook) return [pointsLine(change, playbook)];
    if (key === 'opening') return [openingLine(change)];
    if (key === 'alertRoutes') return [alertLine(change)];
    if (key === 'branding') return brandLines(change);
    if (key === 'senders') return senderLines(change);
    if (key === 'approval') return [demandLine(change)];
    const { path, before, after } = change;
    return [{ name: nameOf(path), before: valueWords(path, before), after: valueWords(path, after) }];
  });
}

/** Steps that are gone, came, or are another; those that stay as they were are not told. */
function stepLines({ before, after }: Change, playbook: Playbook): ChangeLine[] {
  const own = (value: unknown) => (value as Steps | undefined)?.steps ?? playbook.source.file.cadence.steps;
  const [from, to] = [own(before), own(after)];
  const keys = [...new Set([...from, ...to].map((step) => step.key))];
  return keys.flatMap((key): ChangeLine[] => {
    const [old, next] = [from, to].map((steps) => steps.find((step) => step.key === key));
    const words = (step: CadenceStep | undefined, none: string) => (step ? stepWords(step) : none);
    const line = { before: words(old, 'new'), after: words(next, 'removed') };
    return line.before === line.after ? [] : [{ name: `${playbook.name}, step`, ...line }];
  });
}

const firstChannelLine = ({ before, after }: Change, { name }: Playbook): ChangeLine => {
  const words = (channel: unknown) => (typeof channel === 'string' ? channelWords(channel) : 'as the playbook says');
  return { name: `${name}, channel that is tried first`, before: words(before), after: words(after) };
};

/** Points that nobody chose are the playbook's. */
function pointsLine({ path, before, after }: Change, { name, score }: Playbook): ChangeLine {
  const factor = score?.factors[partsOf(path).parts[1] ?? ''];
  if (!factor) return { name: nameOf(path), before: valueWords(path, before), after: valueWords(path, after) };
  const words = (points: unknown) => String(points ?? weightOf(factor));
  return { name: `${name}, points for ${factor.label.toLowerCase()}`, before: words(before), after: words(after) };
}

/** A day that is left out is closed. */
const openingLine = ({ path, before, after }: Change): ChangeLine => {
  const words = (spans: unknown) => valueWords(path, spans ?? []);
  return { name: nameOf(path), before: words(before), after: words(after) };
};

/** The order, where it is another one; of access no more is told than that it changed. */
function senderLines({ path, before, after }: Change): ChangeLine[] {
  const [from, to] = [before, after].map((value) => (value ?? []) as Sender[]);
  const moves = senderMoves(from ?? [], to ?? []);
  const line = { name: nameOf(path), before: valueWords(path, from), after: valueWords(path, to) };
  const renewed = moves.filter(({ what }) => what === 'renewed');
  return [
    ...(moves.length > renewed.length ? [line] : []),
    ...renewed.map(({ sender }) => ({ name: `Own access of ${sender.sender}`, before: 'as it was', after: 'changed' })),
  ];
}

/** A kind that has no route of its own goes to those it is meant for. */
const alertLine = ({ path, before, after }: Change): ChangeLine => {
  const words = (route: unknown) => (route === undefined ? 'those it is meant for' : valueWords(path, route));
  return { name: nameOf(path), before: words(before), after: words(after) };
};

/** Groups by the names that people see in the settings. */
const demandLine = ({ path, before, after }: Change): ChangeLine => {
  const words = (keys: unknown) =>
    valueWords(
      path,
      ((keys ?? []) as Settings['approval']).map((key) => groupNamed(key)?.label.toLowerCase() ?? key),
    );
  return { name: nameOf(path), before: words(before), after: words(after) };
};

/** What a change of the branding makes different, and nothing of the rest. */
function brandLines({ before, after }: Change): ChangeLine[] {
  const [from, to] = [before, after].map((value) => brandParts(value as Settings['branding'] | undefined));
  return Object.entries(to ?? {}).flatMap(([name, words]) => {
    const was = from?.[name] ?? 'none';
    return was === words ? [] : [{ name, before: was, after: words }];
  });
}

/** A text of the tenant's own stands over the playbook's, so without it the playbook's is read. */
function textLine({ path, before, after }: Change, playbook: Playbook): ChangeLine {
  const [, key = '', language = ''] = partsOf(path).parts;
  const standard = playbook.source.words.get(language)?.templates[key];
  const words = (value: unknown) => (typeof value === 'string' ? value : (standard ?? 'none'));
  return { name: nameOf(path), before: words(before), after: words(after) };
}
