import os from 'node:os';

/**
 * One line of the table. `target` and `met` are missing where nothing is promised; `reached` says how many times over the
 * target was reached: 1 is just so, 0.5 is half as much, or twice as slow.
 */
export interface Line {
  bench: string;
  what: string;
  figure: string;
  compared?: string;
  target?: string;
  met?: boolean;
  reached?: number;
  /** The share (0 to 1) of the CPU time wanted meanwhile that the host gave to other machines; missing where nothing tells. */
  stolen?: number;
}

/** A promise of at most so much (ms, MiB). */
export const atMost = (value: number, max: number) => ({ met: value < max, reached: max / value });

/** A promise of at least so much (a rate, a ratio). */
export const atLeast = (value: number, min: number) => ({ met: value >= min, reached: value / min });

/** Where and when the figures come from. */
export function machineLine(postgres: string): string {
  const [cpu] = os.cpus();
  const cores = `${os.cpus().length} cores (${cpu?.model ?? 'unknown'})`;
  const day = new Date().toISOString().slice(0, 10);
  return `${cores}, Node ${process.versions.node}, PostgreSQL ${postgres}, ${os.platform()} ${os.release()}, ${day}`;
}

/** A plain table that reads in a terminal and, fenced, in a README. */
export function table(lines: readonly Line[]): string {
  const rows = [
    ['bench', 'what', 'figure', 'compared', 'at least', '', 'stolen'],
    ...lines.map((line) => [
      line.bench,
      line.what,
      line.figure,
      line.compared ?? '',
      line.target ?? '',
      line.met === undefined ? '' : line.met ? 'met' : 'short',
      line.stolen === undefined ? '' : `${(line.stolen * 100).toFixed(1)} %`,
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
