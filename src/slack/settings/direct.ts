import type { Outcome, Playbooks, SettingChanges, Settings } from '../../tenants/index.ts';
import type { Answer, Asked } from '../feature.ts';
import { capital } from '../format.ts';
import { type Button, buttons, section } from '../views.ts';
import { diffText, hoursWords, shortDiff } from './diff-blocks.ts';

interface DirectDeps {
  changes: SettingChanges;
}

/** A change that was typed, or entered in a form that shows all of it. Gives the settings as they are or would be. */
export function changeNow(
  deps: DirectDeps,
  asked: Asked,
  patch: Partial<Settings> | ((current: Settings) => Partial<Settings>),
  base?: number,
): Promise<Outcome> {
  const wanted = typeof patch === 'function' ? patch : () => patch;
  return deps.changes.make(asked.staff, { patch: wanted, ...(base !== undefined && { base }) });
}

/** What is said behind a change: nothing when it counts. */
export function waitingNote(outcome: Outcome): string {
  if (outcome.kind !== 'waits') return '';
  const groups = outcome.demands.map(({ label }) => label.toLowerCase()).join(', ');
  return ` *Not yet*: changes of ${groups} wait for a second person. The other managers and admins have been asked.`;
}

/** Takes a version back, by its number. */
export const UNDO = 'settings_undo';
export const undoButton = (version: number): Button => ({ text: 'Undo', actionId: UNDO, value: String(version) });

/** Lines of a change in an answer. */
const LINES = 8;

/**
 * What became of a change: each thing as it was and as it is now, `note` (said once it counts), and the way back. What waits
 * counts for nobody yet. Pure.
 */
export function changedAnswer(playbooks: Playbooks, outcome: Outcome, note = ''): Answer {
  if (outcome.kind === 'same') return { text: 'Everything is so already; nothing was changed.' };
  const what = diffText(outcome.changes, playbooks.all, LINES);
  const hours = capital(hoursWords(outcome.touched));
  if (outcome.kind === 'waits') {
    return { text: [waitingNote(outcome).trim(), what, hours].filter((each) => each !== '').join('\n') };
  }
  const moved = outcome.plan === 'move' ? 'Running follow-ups are being moved; their cards say so.' : '';
  const text = [`*Changed* (version ${outcome.version}):`, what, hours, moved, note]
    .filter((each) => each !== '')
    .join('\n');
  const said = [hours, moved, note].filter((each) => each !== '').join(' ');
  const blocks = [
    section(`*Changed* (version ${outcome.version})`),
    ...shortDiff(outcome.changes, playbooks.all).blocks,
    ...(said === '' ? [] : [section(said)]),
    ...buttons(undoButton(outcome.version)),
  ];
  return { text, blocks };
}
