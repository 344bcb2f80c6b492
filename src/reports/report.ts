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

const DAILY = ['captured', 'replies', 'won'] as const;

/** Reads the numbers of a period. `owner` null: everybody's. */
export function createReports({ db, playbooks }: { db: Database; playbooks: Playbooks }) {
  return {
    read: (tenantId: TenantId, owner: StaffId | null, period: Period): Promise<Report> =>
      db.inTenant(tenantId, async (tx) => {
        const sums = await readSums(tx, owner, period);
        const series = await readDays(tx, owner, period, DAILY);
        const seriesBefore = await readDays(tx, owner, period.before, DAILY);
        return {
          period,
          owner,
          now: figuresOf(sums, true),
          before: figuresOf(sums, false),
          series: seriesOf(series, period),
          seriesBefore: seriesOf(seriesBefore, period.before),
          people: owner ? [] : await readPeople(tx, period),
          owed: await readOwed(tx, owner),
          pipeline: await readPipeline(tx, owner, playbooks),
          prices: await readPrices(tx),
        };
      }),
  };
}

export type Reports = ReturnType<typeof createReports>;

function seriesOf(sums: readonly DaySum[], span: Days): Series {
  const days = eachDay(span);
  const found = new Map(sums.map(({ day, measure, n }) => [`${measure} ${day}`, n]));
  const of = (measure: (typeof DAILY)[number]) => days.map((day) => found.get(`${measure} ${day}`) ?? 0);
  return { days, captured: of('captured'), replies: of('replies'), won: of('won') };
}
