import { keyOf } from './key.ts';
import type { State, Step } from './state.ts';

export interface Explored {
  states: number;
  /** The first broken promise, with the shortest way there; null when there is none. */
  counterexample: { broken: string; trace: string[] } | null;
  /** Every change of a message's state that was seen, as `from -> to`. */
  moves: Set<string>;
}

export interface Question {
  initial: State;
  /** Everything that can happen next. */
  steps(state: State): Step[];
  /** What is wrong with a state, if anything. */
  wrong(state: State): string;
  /** Nothing is left to do; from every state such a one must stay within reach, without further faults. */
  done(state: State): boolean;
}

/** More is a mistake in the model, or needs another size. */
const MOST = 3_000_000;

/** Visits every state that can be reached, in breadth, so that the first counterexample is a shortest one. */
export function explore(question: Question): Explored {
  const ids = new Map<string, number>([[keyOf(question.initial), 0]]);
  const parents: number[] = [-1];
  const names: string[] = [''];
  /** For each state the ways out that are no faults, one after the other. */
  const edges: number[] = [];
  const starts: number[] = [];
  const done: boolean[] = [];
  const moves = new Set<string>();
  let frontier: State[] = [question.initial];
  const trace = (id: number): string[] => {
    const steps: string[] = [];
    for (let at = id; at > 0; at = parents[at] ?? -1) steps.unshift(names[at] ?? '');
    return steps;
  };
  const stopped = (broken: string, id: number): Explored => ({
    states: ids.size,
    counterexample: { broken, trace: trace(id) },
    moves,
  });

  let id = 0;
  while (frontier.length > 0) {
    const next: State[] = [];
    for (const state of frontier) {
      const broken = state.broken || question.wrong(state);
      if (broken) return stopped(broken, id);
      done.push(question.done(state));
      starts.push(edges.length);
      for (const step of question.steps(state)) {
        noteMoves(state, step.next, moves);
        const key = keyOf(step.next);
        let to = ids.get(key);
        if (to === undefined) {
          to = ids.size;
          if (to > MOST) throw new Error(`more than ${MOST} states: the model has become too large`);
          ids.set(key, to);
          parents.push(id);
          names.push(step.name);
          next.push(step.next);
        }
        if (!step.fault) edges.push(to);
      }
      id++;
    }
    frontier = next;
  }
  starts.push(edges.length);
  const lost = firstLost(edges, starts, done);
  return lost < 0
    ? { states: ids.size, counterexample: null, moves }
    : stopped('from here nothing is ever finished', lost);
}

function noteMoves(before: State, after: State, moves: Set<string>): void {
  for (const [index, { state }] of before.messages.entries()) {
    const to = after.messages[index]?.state;
    if (to !== undefined && to !== state) moves.add(`${state} -> ${to}`);
  }
}

/** The first state from which no finished one can be reached; -1 when there is none. */
function firstLost(edges: readonly number[], starts: readonly number[], done: readonly boolean[]): number {
  const count = done.length;
  const into = new Int32Array(count + 1);
  for (const to of edges) into[to + 1] = (into[to + 1] ?? 0) + 1;
  for (let at = 0; at < count; at++) into[at + 1] = (into[at + 1] ?? 0) + (into[at] ?? 0);
  const from = new Int32Array(edges.length);
  const fill = into.slice(0, count);
  for (let at = 0; at < count; at++) {
    for (let edge = starts[at] ?? 0; edge < (starts[at + 1] ?? 0); edge++) {
      const to = edges[edge] ?? 0;
      from[fill[to] ?? 0] = at;
      fill[to] = (fill[to] ?? 0) + 1;
    }
  }
  const reaches = Uint8Array.from(done, Number);
  const line = done.flatMap((is, at) => (is ? [at] : []));
  for (let at = line.pop(); at !== undefined; at = line.pop()) {
    for (let edge = into[at] ?? 0; edge < (into[at + 1] ?? 0); edge++) {
      const before = from[edge] ?? 0;
      if (reaches[before] === 0) {
        reaches[before] = 1;
        line.push(before);
      }
    }
  }
  return reaches.indexOf(0);
}
