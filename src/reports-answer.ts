import { isKnown } from './lib/errors.ts';
import type { Counting, Recount } from './reports/index.ts';

/* `npm run reports -- check | rebuild`: proves that the numbers are those of the event log, or makes them so. */

/** What the command prints, and its exit code: 0 the numbers fit, 1 they did not, 2 not understood or no database. */
export interface Answered {
  code: 0 | 1 | 2;
  out: string;
  err: string;
}

const USAGE = `Usage: npm run reports -- check | rebuild
  check     counts the whole event log again, beside the numbers that are shown, and compares every row
  rebuild   the same, and shows the new numbers from then on
Both run beside the product; nobody has to wait. Exit code: 0 the numbers fit, 1 they did not, 2 not understood.
`;

/** Answers a command line. `open` gives the counting on the configured database. */
export async function answer(
  args: readonly string[],
  open: () => Promise<{ counting: Counting; close(): Promise<void> }>,
): Promise<Answered> {
  const [word, ...more] = args;
  if (word === '--help' || word === 'help') return { code: 0, out: USAGE, err: '' };
  if ((word !== 'check' && word !== 'rebuild') || more.length > 0) return { code: 2, out: '', err: USAGE };
  try {
    const { counting, close } = await open();
    try {
      const recount = await counting[word]();
      return { code: recount.different === 0 ? 0 : 1, out: inWords(recount, word), err: '' };
    } finally {
      await close();
    }
  } catch (error) {
    if (!isKnown(error)) throw error;
    return { code: 2, out: '', err: `${error.userMessage}\n` };
  }
}

function inWords({ events, different, examples }: Recount, word: 'check' | 'rebuild'): string {
  const counted = `${events.toLocaleString('en-US')} events were counted again`;
  if (different === 0) return `${counted}: the numbers that are shown are exactly those of the log.\n`;
  const rows = `${different.toLocaleString('en-US')} ${different === 1 ? 'row differs' : 'rows differ'}`;
  const then =
    word === 'rebuild' ? 'The new numbers are shown now.' : 'Make them right with: npm run reports -- rebuild';
  return `${counted}: ${rows}.\n${examples.map((example) => `  ${example}\n`).join('')}${then}\n`;
}
