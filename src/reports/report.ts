import type { Database, Tx } from '../db/index.ts';
import type { StaffId, TenantId } from '../lib/ids.ts';
import type { Playbooks } from '../tenants/index.ts';
import { type Figures, figuresOf } from './figures.ts';
import { type Days, eachDay, type Period } from './periods.ts';
import { type PipelineNow, readPipeline } from './pipeline.ts';
import { type DaySum, type PersonSum, readDays, readOwed, readPeople, readPrices, readSums } from './read.ts';
import type { ChannelPrice } from './types.ts';

/** What happened day by day; each list is as long as `days`. */
export interface Series {
  days: string[];
  captured: number[];
  replies: number[];
  won: number[];
}

/** The sums of one period: of one person, or of everybody. */
export interface Sums {
  period: Period;
  now: Figures;
  before: Figures;
  pipeline: PipelineNow;
}

/** Everything that is shown of one period. */
export interface Report extends Sums {
  owner: StaffId | null;
  series: Series;
  seriesBefore: Series;
  /** Only of everybody. */
  people: PersonSum[];
  owed: { n: number; since: Date | null };
  prices: readonly ChannelPrice[];
}

/** Reads the numbers of a period. `owner` null: everybody's. What is asked together makes one way to the database and back. */
export function createReports({ db, playbooks }: { db: Database; playbooks: Playbooks }) {
  const sumsOf = async (tx: Tx, owner: StaffId | null, period: Period): Promise<Sums> => {
    const [sums, pipeline] = await Promise.all([readSums(tx, owner, period), readPipeline(tx, owner, playbooks)]);
    return { period, now: figuresOf(sums, true), before: figuresOf(sums, false), pipeline };
  };
  return {
    sums: (tenantId: TenantId, owner: StaffId | null, period: Period): Promise<Sums> =>
      db.inTenant(tenantId, (tx) => sumsOf(tx, owner, period)),
    read: (tenantId: TenantId, owner: StaffId | null, period: Period): Promise<Report> =>
      db.inTenant(tenantId, async (tx) => {
        const [sums, days, people, owed, prices] = await Promise.all([
          sumsOf(tx, owner, period),
          readDays(tx, owner, period),
          owner ? [] : readPeople(tx, period),
          readOwed(tx, owner),
          readPrices(tx),
        ]);
        const [series, seriesBefore] = [seriesOf(days, period), seriesOf(days, period.before)];
        return { ...sums, owner, series, seriesBefore, people, owed, prices };
      }),
  };
}

export type Reports = ReturnType<typeof createReports>;

function seriesOf(sums: readonly DaySum[], span: Days): Series {
  const days = eachDay(span);
  const found = new Map(sums.map((sum) => [sum.day, sum]));
  const of = (measure: 'captured' | 'replies' | 'won') => days.map((day) => found.get(day)?.[measure] ?? 0);
  return { days, captured: of('captured'), replies: of('replies'), won: of('won') };
}
