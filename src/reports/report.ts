import type { Database } from '../db/index.ts';
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

/** Everything that is shown of one period: of one person, or of everybody. */
export interface Report {
  period: Period;
  owner: StaffId | null;
  now: Figures;
  before: Figures;
  series: Series;
  seriesBefore: Series;
  /** Only of everybody. */
  people: PersonSum[];
  owed: { n: number; since: Date | null };
  pipeline: PipelineNow;
  prices: readonly ChannelPrice[];
}

/** Reads the numbers of a period. `owner` null: everybody's. */
export function createReports({ db, playbooks }: { db: Database; playbooks: Playbooks }) {
  return {
    read: (tenantId: TenantId, owner: StaffId | null, period: Period): Promise<Report> =>
      db.inTenant(tenantId, async (tx) => {
        // asked together: one way to the database and back
        const [sums, days, people, owed, pipeline, prices] = await Promise.all([
          readSums(tx, owner, period),
          readDays(tx, owner, period),
          owner ? [] : readPeople(tx, period),
          readOwed(tx, owner),
          readPipeline(tx, owner, playbooks),
          readPrices(tx),
        ]);
        return {
          period,
          owner,
          now: figuresOf(sums, true),
          before: figuresOf(sums, false),
          series: seriesOf(days, period),
          seriesBefore: seriesOf(days, period.before),
          people,
          owed,
          pipeline,
          prices,
        };
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
