import { isStep, missInWords, type Rehearsal, type StepEntry, wayInWords } from '../../messaging/index.ts';
import { inline } from '../card/index.ts';
import type { Times } from '../format.ts';

interface Played {
  rehearsal: Rehearsal;
  times: Times;
}

/** What two rehearsals of the same lead have different, step by step: a step is known by its key. Pure. */
export function differenceLines(now: Played, then: Played): string[] {
  if (then.rehearsal.failure !== null) return [`Nothing could be planned: ${inline(then.rehearsal.failure, 300)}`];
  const [before, after] = [stepsOf(now), stepsOf(then)];
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const lines = keys.flatMap((key) => lineOf(before.get(key), after.get(key)));
  return lines.length > 0 ? lines : ['Nothing would be different for them.'];
}

interface Told {
  entry: StepEntry;
  /** When it leaves. */
  at: string;
  /** By what, or why it does not. */
  way: string;
}

function stepsOf({ rehearsal, times }: Played): Map<string, Told> {
  const steps = rehearsal.failure === null ? rehearsal.timeline.filter(isStep) : [];
  return new Map(
    steps.map((entry) => {
      const { fate } = entry;
      const way = fate.kind === 'sent' ? wayInWords(fate) : missInWords(fate);
      return [entry.step, { entry, at: times.full(entry.at), way }];
    }),
  );
}

function lineOf(before: Told | undefined, after: Told | undefined): string[] {
  if (after === undefined)
    return before ? [`−  *Day ${before.entry.day}* · ${before.at} · ${before.way}: no longer`] : [];
  const day = `*Day ${after.entry.day}*`;
  if (before === undefined) return [`+  ${day} · ${after.at} · ${after.way}: new`];
  const [at, way] = [moved(before.at, after.at), moved(before.way, after.way)];
  if (before.at !== after.at || before.way !== after.way) return [`~  ${day} · ${at} · ${way}`];
  return bodyOf(before) === bodyOf(after) ? [] : [`~  ${day} · ${at} · ${way}: in other words`];
}

const moved = (before: string, after: string) => (before === after ? after : `${before} → *${after}*`);

const bodyOf = ({ entry: { fate } }: Told) => (fate.kind === 'sent' ? fate.body : '');
