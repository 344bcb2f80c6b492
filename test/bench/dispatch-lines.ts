import type { DispatchResult } from './dispatch.ts';
import { readable } from './numbers.ts';
import { atLeast, type Line } from './report.ts';

/** What DESIGN promises of the dispatcher against each of the others. */
const TARGETS: Record<string, number> = { 'loop, posts only': 0.5, agenda: 15, 'graphile-worker': 1.25, 'pg-boss': 2 };
const LARGE_TO_SMALL = 0.9;

const rate = (result: DispatchResult) => result.messages / result.seconds;

/** The table's lines: ours first, then how many times as fast as each of the others, then large against small. */
export function dispatchLines(results: readonly DispatchResult[]): Line[] {
  const backlogs = [...new Set(results.map((result) => result.backlog))];
  const ours = new Map(results.filter((each) => each.who === 'LeadRescue').map((each) => [each.backlog, each]));
  const lines = backlogs.flatMap((backlog) => {
    const own = ours.get(backlog);
    return results.filter((each) => each.backlog === backlog).map((each) => lineOf(each, own));
  });
  const [small, large] = [ours.get(Math.min(...backlogs)), ours.get(Math.max(...backlogs))];
  if (!small || !large || small === large) return lines;
  const ratio = rate(large) / rate(small);
  const what = `${readable(large.backlog)} against ${readable(small.backlog)} planned`;
  return [...lines, { bench: 'dispatch', what, figure: `${readable(ratio)} x`, ...judged(ratio, LARGE_TO_SMALL) }];
}

function lineOf(each: DispatchResult, own: DispatchResult | undefined): Line {
  const spread = `${readable(Math.min(...each.rounds))} to ${readable(Math.max(...each.rounds))}`;
  const line = {
    bench: 'dispatch',
    what: `${readable(each.backlog)} planned: ${each.who}`,
    figure: `${readable(rate(each))}/s (${spread}; ${readable(each.messages)} in ${readable(each.seconds)} s)`,
  };
  if (!own || own === each) return line;
  const ratio = rate(own) / rate(each);
  const target = TARGETS[each.who];
  const compared = `LeadRescue is ${readable(ratio)} x`;
  return { ...line, compared, ...(target !== undefined && judged(ratio, target)) };
}

const judged = (ratio: number, target: number) => ({ target: `${target} x`, ...atLeast(ratio, target) });
