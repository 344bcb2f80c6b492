import { grouped } from '../format.ts';

/* Numbers as people say them. */

/** `63 %`; below ten with a decimal, where there is one; `–` where there is nothing to take a share of. */
export function percent(share: number | null): string {
  if (share === null) return '–';
  const value = share * 100;
  const digits = value > 0 && value < 10 ? Number(value.toFixed(1)) : Math.round(value);
  return `${digits} %`;
}

/** `4 min`, `38 s`, `2 h 5 min`, `3 d`; `–` for none. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.round(hours / 24)} d`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** `up 6`, `down 2`, `as many`; nothing where there was nothing before or now. */
export function trend(now: number, before: number): string {
  if (now === before) return now === 0 ? '' : 'as before';
  return now > before ? `▲ up ${grouped(now - before)}` : `▼ down ${grouped(before - now)}`;
}

/** `up 12,000 kr`: of amounts. */
export function trendOfMoney(now: number, before: number, currency: string | null): string {
  if (now === before) return now === 0 ? '' : 'as before';
  return now > before ? `▲ up ${money(now - before, currency)}` : `▼ down ${money(before - now, currency)}`;
}

/** `up 4 points`: of shares. */
export function trendOfShare(now: number | null, before: number | null): string {
  if (now === null || before === null) return '';
  const points = Math.round(now * 100) - Math.round(before * 100);
  if (points === 0) return 'as before';
  return `${points > 0 ? '▲ up' : '▼ down'} ${Math.abs(points)} ${Math.abs(points) === 1 ? 'point' : 'points'}`;
}

/** `2 min quicker`. */
export function trendOfTime(now: number | null, before: number | null): string {
  if (now === null || before === null || duration(now) === duration(before)) return '';
  return now < before ? `▼ ${duration(before - now)} quicker` : `▲ ${duration(now - before)} slower`;
}

/** `84,000 kr`, `$1,200`, `0.85 kr`: `currency` is ISO 4217; none, no sign. */
export function money(amount: number, currency: string | null): string {
  const small = Math.abs(amount) < 100 && !Number.isInteger(amount);
  const digits = { minimumFractionDigits: small ? 2 : 0, maximumFractionDigits: small ? 2 : 0 };
  if (currency === null) return amount.toLocaleString('en', digits);
  const parts = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    ...digits,
  }).formatToParts(amount);
  const sign = parts.find(({ type }) => type === 'currency')?.value ?? currency;
  const figure = parts.flatMap(({ type, value }) => (type === 'currency' || value === '\u00a0' ? [] : value)).join('');
  // a sign of letters stands behind, as it is read
  return /\p{L}/u.test(sign) ? `${figure} ${sign}` : figure.replace(/^(-?)/, `$1${sign}`);
}

/** In brackets, unless there is nothing to say. */
export const aside = (words: string): string => (words === '' ? '' : ` (${words})`);
