import { isDeepStrictEqual } from 'node:util';
import { type CadenceStep, type Overlay, type Playbook, tenantPlaybook } from '../playbooks/index.ts';

/** What two versions of the settings plan differently in one playbook. */
export interface PlanDifference {
  playbook: string;
  /** Keys of steps that leave at another time, in another text or by another channel. */
  changed: readonly string[];
  added: readonly string[];
  removed: readonly string[];
  /** `template/language` of texts with other words, or that are not written any more. */
  texts: readonly string[];
}

/** How many planned messages and running follow-ups new settings touch; the hours beside what is planned or written. */
export interface Touched {
  /** All that are planned or written differently: those below together. */
  messages: number;
  /** Of steps that leave at another time, in another text or by another channel. */
  replanned: number;
  /** That get other words at the time they had. */
  reworded: number;
  /** Of steps that there are no more. */
  dropped: number;
  followUps: number;
  /** Follow-ups that run in these playbooks at all: to whom a new step would come. */
  running: number;
  /** That are due outside the new send hours and wait for their next opening; left out where the hours stay. */
  postponed?: number;
}

/** Nothing of what is planned. */
const UNTOUCHED: Touched = { messages: 0, replanned: 0, reworded: 0, dropped: 0, followUps: 0, running: 0 };

/** What is counted anew; where nothing is touched any more that is told, if something else was told before. Pure. */
export const recounted = (told: Touched | null, now: Touched | null): Touched | null => now ?? (told && UNTOUCHED);

type Planning = Overlay & { stepTime: string | null };

/** The difference, or undefined when every follow-up would be planned and written alike. Pure. */
export function planDifference(playbook: Playbook, before: Planning, after: Planning): PlanDifference | undefined {
  const [from, to] = [tenantPlaybook(playbook, before), tenantPlaybook(playbook, after)];
  const old = stepsOf(from, before);
  const now = stepsOf(to, after);
  const words = new Map(to.templates.map(({ key, language, version }) => [`${key}/${language}`, version]));
  const difference = {
    playbook: playbook.key,
    changed: [...now.keys()].filter((key) => old.has(key) && !isDeepStrictEqual(old.get(key), now.get(key))),
    added: [...now.keys()].filter((key) => !old.has(key)),
    removed: [...old.keys()].filter((key) => !now.has(key)),
    texts: from.templates
      .map(({ key, language, version }) => ({ text: `${key}/${language}`, version }))
      .filter(({ text, version }) => words.get(text) !== version)
      .map(({ text }) => text),
  };
  const { changed, added, removed, texts } = difference;
  return changed.length + added.length + removed.length + texts.length > 0 ? difference : undefined;
}

/** Each step as it is planned: with the time and the first channel that it takes from elsewhere. */
function stepsOf({ cadence }: Playbook, { stepTime }: Planning): Map<string, CadenceStep> {
  return new Map(
    cadence.steps.map((step) => {
      const at = step.at ?? (step.day === 0 ? undefined : (stepTime ?? cadence.at));
      const channel = step.channel ?? cadence.channels[0];
      return [step.key, { ...step, ...(at !== undefined && { at }), ...(channel !== undefined && { channel }) }];
    }),
  );
}
