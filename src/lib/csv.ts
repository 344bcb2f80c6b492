/** What a spreadsheet would calculate, also behind blanks and signs that nobody sees. */
const FORMULA = /^(?:[\p{Z}\p{Cc}\p{Cf}]*[=+@＝＋＠－-]|[\t\r\n])/u;

/** One cell of comma-separated values (RFC 4180): quoted where it must be; what a spreadsheet would take for a formula is made text. */
export function csvCell(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
