import { csvCell } from '../../lib/csv.ts';
import type { TableRow } from '../../reports/index.ts';

const HEAD = ['day', 'measure', 'detail', 'template', 'channel', 'count', 'average_seconds'];

/** What money comes to is no time; it stands in `/kpi` and in the API. */
const secondsOf = ({ measure, n, total }: Pick<TableRow, 'measure' | 'n' | 'total'>): string =>
  measure === 'answered' && n !== 0 ? String(Math.round(total / n)) : '';

/** What was counted as comma-separated values (RFC 4180), with a mark that makes spreadsheets read it as UTF-8. Pure. */
export function csvOf(rows: readonly TableRow[]): string {
  const lines = rows.map(({ day, measure, key, template, channel, n, total }) =>
    [day, measure, key, template, channel, String(n), secondsOf({ measure, n, total })].map(csvCell).join(','),
  );
  return `\ufeff${[HEAD.join(','), ...lines].join('\r\n')}\r\n`;
}
