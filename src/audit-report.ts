import { type FileReport, fingerprint, inWords, type LogReport } from './audit/index.ts';

/* What the check of a log says in a terminal. */

/** Findings that are written out; the number of the others is said. */
const SHOWN = 100;

type Checked = LogReport | FileReport;

/** The outcome for one log as lines. `trusted`: the keys were given or configured, and not only read from the log. */
export function reportInWords(report: Checked, trusted: boolean): string {
  const { findings } = report;
  const lines = [
    sizeLine(report),
    ...(report.last ? [`Newest head: ${report.last.size}:${report.last.root}`] : []),
    ...report.keys.map(({ key, from, to }) => keyLine(key, from, to, trusted)),
    ...(report.witnessed > 0
      ? [`${counted(report.witnessed, 'head that was', 'heads that were')} shown outside fits.`]
      : []),
    findings.length === 0
      ? 'Nothing was changed, removed, inserted, moved or cut off.'
      : `TAMPERED WITH: ${counted(findings.length, 'finding')}`,
    ...findings.slice(0, SHOWN).map((finding) => `  - ${inWords(finding)}`),
    ...(findings.length > SHOWN ? [`  and ${counted(findings.length - SHOWN, 'more finding')}`] : []),
  ];
  return `${nameOf(report)}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function nameOf(report: Checked): string {
  return 'business' in report
    ? report.business.name
    : `${report.tenant.name}, exported ${shortTime(report.exportedAt)}`;
}

function sizeLine({ sealed, batches, first, last, unsealed }: Checked): string {
  const open = unsealed > 0 ? ` ${counted(unsealed, 'newer event is', 'newer events are')} not sealed yet.` : '';
  if (!first || !last) return `Nothing is sealed.${open}`;
  const span = batches === 1 ? `at ${shortTime(last.at)}` : `from ${shortTime(first.at)} to ${shortTime(last.at)}`;
  return `${counted(sealed, 'event')} in ${counted(batches, 'batch', 'batches')}, sealed ${span}.${open}`;
}

function keyLine(key: string, from: number, to: number, trusted: boolean): string {
  const which = from === to ? `Batch ${from}` : `Batches ${from} to ${to}`;
  const compare = trusted
    ? ''
    : ' - as the log says itself: compare it with the one in your audit channel, or give --public-key';
  return `${which} signed with ${fingerprint(key)}${compare}`;
}

/** `2026-11-23 09:30:00 UTC`. */
export const shortTime = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
