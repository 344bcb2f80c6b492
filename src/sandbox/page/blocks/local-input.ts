/* Between Slack's Unix seconds and what `datetime-local` shows, in the zone of whoever sits here. */

/** `2026-11-21T10:42` from seconds as text; empty for none. */
export function localInput(seconds: string): string {
  if (!/^\d+$/.test(seconds)) return '';
  const at = new Date(Number(seconds) * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Seconds as text; empty for none. */
export function secondsOf(local: string): string {
  const at = new Date(local).getTime();
  return Number.isNaN(at) ? '' : String(Math.floor(at / 1000));
}
