import { csvCell } from '../../lib/csv.ts';
import type { TableRow } from '../../reports/index.ts';

const HEAD = ['day', 'measure', 'detail', 'template', 'channel', 'count', 'average_seconds', 'amount'];

const secondsOf = ({ measure, n, total }: Pick<TableRow, 'measure' | 'n' | 'total'>): string =>
  measure === 'answered' && n !== 0 ? String(Math.round(total / n)) : '';

/** Deals with a value, as decimals of the business's currency. */
const amountOf = ({ measure, total }: Pick<TableRow, 'measure' | 'total'>): string =>
  measure === 'revenue' || measure === 'cohort_revenue' ? (total / 100).toFixed(2) : '';

/** What was counted as comma-separated values (RFC 4180), with a mark that makes spreadsheets read it as UTF-8. Pure. */
export function csvOf(rows: readonly TableRow[]): string {
  const lines = rows.map(({ day, measure, key, template, channel, n, total }) =>
    [day, measure, key, template, channel, String(n), secondsOf({ measure, n, total }), amountOf({ measure, total })]
      .map(csvCell)
      .join(','),
  );
  return `\ufeff${[HEAD.join(','), ...lines].join('\r\n')}\r\n`;
}
