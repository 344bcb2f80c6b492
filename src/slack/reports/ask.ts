import { KnownError } from '../../lib/errors.ts';
import { isId, type StaffId } from '../../lib/ids.ts';
import { daysBetween, PERIODS, type Period, type PeriodName, periodOf, readPeriod } from '../../reports/index.ts';
import { demand, may } from '../../tenants/index.ts';
import type { Asked } from '../feature.ts';
import { clip, closest } from '../text.ts';

/** Whose numbers: the whole business, the same with everybody's own line first, or one person's. */
export type Scope = 'tenant' | 'team' | StaffId;

/** What somebody wants to see, and how a button carries it. */
export interface Wanted {
  scope: Scope;
  period: Period;
  /** `tenant|week`, `<staff id>|2026-11-01..2026-11-15`. */
  value: string;
}

export const USAGE = '[today|yesterday|week|month|quarter|2026-11-01..2026-11-15] [me|team|tenant|all]';

const SCOPES: Record<string, NonNullable<Typed['scope']>> = {
  me: 'me',
  my: 'me',
  mine: 'me',
  own: 'me',
  team: 'team',
  people: 'team',
  leaderboard: 'team',
  tenant: 'tenant',
  all: 'all',
  everybody: 'tenant',
  everyone: 'tenant',
  business: 'tenant',
};
const LAST = new Set(['last', 'previous', 'prev']);
const FILLERS = new Set(['this', 'the', 'for', 'of', 'numbers', 'from', 'to', 'until', '-', '–', 'so', 'far', 'past']);
const DATE = /^\d{4}-\d{1,2}-\d{1,2}$/;

/** What was typed, before it is known who may see what. Pure. */
export interface Typed {
  /** `all`: of all businesses in which they may see the numbers. */
  scope: 'me' | 'team' | 'tenant' | 'all' | undefined;
  period: Period;
  key: string;
}

/** Understands `last week team`, `2026-11-01..2026-11-15`, `7 days me`; throws what to write instead. Pure. */
export function readAsk(text: string, now: Date, zone: string): Typed {
  let scope: Typed['scope'];
  let name: PeriodName | undefined;
  let back = 0;
  let count: number | undefined;
  const dates: string[] = [];
  const words = text
    .toLowerCase()
    .replace(/\.\.+|…/g, ' ')
    .replace(/(\d)\s*d\b/g, '$1 days')
    .split(/[\s,|]+/);
  for (const word of words.filter(Boolean)) {
    const period = PERIODS.find((each) => word === each || word === `${each}s` || word === `${each}ly`);
    if (DATE.test(word)) dates.push(paddedDate(word));
    else if (period) name = period;
    else if (LAST.has(word)) back = 1;
    else if (/^\d{1,3}$/.test(word)) count = Number(word);
    else if ((word === 'days' || word === 'day') && count !== undefined) continue;
    else if (Object.hasOwn(SCOPES, word)) scope = SCOPES[word];
    else if (!FILLERS.has(word)) throw notUnderstood(word);
  }
  const found = periodFrom({ name, back, count, dates }, now, zone);
  return { scope, period: found, key: keyOf(found, name, back) };
}

interface Named {
  name: PeriodName | undefined;
  back: number;
  count: number | undefined;
  dates: string[];
}

function periodFrom({ name, back, count, dates }: Named, now: Date, zone: string): Period {
  const [from, to = from, ...more] = dates;
  if (from !== undefined && to !== undefined) {
    const [start, end] = from <= to ? [from, to] : [to, from];
    const period = more.length === 0 ? daysBetween(start, end, now, zone) : undefined;
    if (!period) throw notUnderstood(dates.join('..'));
    return period;
  }
  if (count !== undefined && name === undefined) {
    const { to: today } = periodOf('today', now, zone);
    const start = new Date(new Date(`${today}T00:00:00Z`).getTime() - (count - 1) * 86_400_000);
    const period = count > 0 ? daysBetween(start.toISOString().slice(0, 10), today, now, zone) : undefined;
    if (!period) throw notUnderstood(`${count} days`);
    return period;
  }
  return periodOf(name ?? 'week', now, zone, back);
}

function keyOf({ from, to, name }: Period, typed: PeriodName | undefined, back: number): string {
  if (name === 'days') return `${from}..${to}`;
  return `${typed ?? 'week'}${back > 0 ? `-${back}` : ''}`;
}

const paddedDate = (text: string): string =>
  text
    .split('-')
    .map((part) => part.padStart(2, '0'))
    .join('-');

function notUnderstood(word: string): KnownError {
  const near = closest(word, [...PERIODS, ...Object.keys(SCOPES), 'last']);
  const meant = near ? ` Did you mean “${near}”?` : '';
  const message = `“${clip(word, 40)}” is no period.${meant} Write for example /kpi week, /kpi last month team or /kpi 2026-11-01..2026-11-15.`;
  return new KnownError('validation_error', 'period not understood', message);
}

/** What was typed after `/kpi`; without a word on whose, one's own or, for managers, everybody's. */
export function wantedOf(asked: Asked, text: string, now: Date): Wanted {
  const { staff, tenant } = asked;
  const { scope: typed, period, key } = readAsk(text, now, tenant.zone);
  const scope = typed === 'all' ? 'tenant' : typed; // there is one business only
  if (scope === 'team' || scope === 'tenant') demand(staff, 'kpi.see_all');
  const all = may(staff.role, 'kpi.see_all');
  const whose: Scope = scope === 'me' || (scope === undefined && !all) ? staff.id : (scope ?? 'tenant');
  return { scope: whose, period, value: `${whose}|${key}` };
}

/** What a button carries, once more checked against who pressed it. */
export function wantedFrom(asked: Asked, value: string, now: Date): Wanted {
  const [scope = '', key = ''] = value.split('|');
  const period = readPeriod(key, now, asked.tenant.zone);
  if (!period || !(scope === 'tenant' || scope === 'team' || isId(scope))) {
    throw new KnownError(
      'not_found',
      'a button without a period',
      'These numbers are too old for that. Use /kpi again.',
    );
  }
  if (scope !== asked.staff.id) demand(asked.staff, 'kpi.see_all');
  return { scope: scope as Scope, period, value: `${scope}|${key}` };
}

/** Whose leads are meant; null: everybody's. */
export const ownerOf = ({ scope }: Pick<Wanted, 'scope'>): StaffId | null =>
  scope === 'tenant' || scope === 'team' ? null : scope;
