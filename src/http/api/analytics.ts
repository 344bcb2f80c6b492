import { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import { daysBetween, type Figures, type Period, periodOf, readTable, share } from '../../reports/index.ts';
import { type Call, operation } from './operation.ts';

const day = () => z.iso.date().meta({ example: '2026-11-01' });
const span = z.strictObject({
  from: day().optional().meta({ description: 'First day, in the time zone of the business; this month unless told.' }),
  to: day().optional().meta({ description: 'Last day.' }),
});

type Asked = Call<undefined, z.output<typeof span>, undefined>;

/** The days asked for; this month when none are. Throws a validation error for days that make no period. */
async function periodIn({ rooms, hand, query }: Asked): Promise<Period> {
  const { zone } = await rooms.tenants.byId(hand.tenantId);
  const now = rooms.clock.now();
  if (query.from === undefined && query.to === undefined) return periodOf('month', now, zone);
  const period = query.from && query.to ? daysBetween(query.from, query.to, now, zone) : undefined;
  if (period) return period;
  const message = 'Give the first and the last day of at most a year, in this order.';
  throw new KnownError('validation_error', 'no period', message, { problems: [{ field: '?from', message }] });
}

const rate = () => z.number().min(0).max(1).nullable();
const count = () => z.int();

/** The targets are those of the document (seed 002). */
const kpis = z.strictObject({
  period: z.strictObject({ from: z.string(), to: z.string() }),
  leads: z.strictObject({
    total: count(),
    won: count(),
    lost: count(),
    recovered: count().meta({ description: 'Won after a reply to a follow-up of day 2 or later.' }),
    byStatus: z.record(z.string(), z.int()),
    bySource: z.array(
      z.strictObject({ source: z.string(), captured: count(), replied: count(), won: count(), recovered: count() }),
    ),
  }),
  responseTime: z.strictObject({
    averageSeconds: z.number().nullable(),
    medianSeconds: z.number().nullable(),
    underFiveMinutes: rate().meta({ description: 'Target: over 0.95.' }),
    weekend: z.strictObject({ asked: count(), withinHour: z.number() }),
  }),
  conversion: z.strictObject({
    leadToContact: rate().meta({ description: 'Target: over 0.8.' }),
    contactToReply: rate().meta({ description: 'Target: over 0.5.' }),
    overall: rate().meta({ description: 'Target: over 0.25.' }),
  }),
  messages: z.strictObject({
    sent: z.record(z.string(), z.int()),
    automated: count(),
    replyRate: rate(),
    optedOut: count(),
    optOutRate: rate(),
  }),
  before: z.strictObject({ total: count(), won: count(), lost: count(), overall: rate() }).meta({
    description: 'The same in the period before.',
  }),
});

const kpisOf = (period: Period, now: Figures, before: Figures): z.input<typeof kpis> => ({
  period: { from: period.from, to: period.to },
  leads: {
    total: now.captured,
    won: now.won,
    lost: now.lost,
    recovered: now.recovered,
    byStatus: now.stages,
    bySource: now.sources.map(({ key: source, ...numbers }) => ({ source, ...numbers })),
  },
  responseTime: {
    averageSeconds: now.answers.average,
    medianSeconds: now.answers.median,
    underFiveMinutes: now.answers.quick,
    weekend: now.answers.weekend,
  },
  conversion: {
    leadToContact: share(now.contacted, now.captured),
    contactToReply: share(now.replied, now.contacted),
    overall: now.winRate,
  },
  messages: {
    sent: now.sent,
    automated: now.automated,
    replyRate: now.replyRate,
    optedOut: now.optedOut,
    optOutRate: now.optOutRate,
  },
  before: { total: before.captured, won: before.won, lost: before.lost, overall: before.winRate },
});

/** Figures. */
export const analyticsOperations = [
  operation({
    id: 'readKpis',
    method: 'get',
    path: '/analytics/kpis',
    tag: 'analytics',
    summary: 'Leads, response times, conversion and messages of a period',
    permission: 'kpi.see_all',
    query: span,
    status: 200,
    response: kpis,
    async run(call) {
      const period = await periodIn(call);
      const report = await call.rooms.reports.read(call.hand.tenantId, null, period);
      return kpisOf(period, report.now, report.before);
    },
  }),
  operation({
    id: 'readDaily',
    method: 'get',
    path: '/analytics/daily',
    tag: 'analytics',
    summary: 'Everything that is counted, day by day',
    description: 'Days and measures without anything to count are left out.',
    permission: 'kpi.see_all',
    query: span,
    status: 200,
    response: z.strictObject({
      data: z.array(
        z.strictObject({
          day: z.string(),
          measure: z.string(),
          detail: z.string().meta({ description: 'Source, step or status, as the measure needs.' }),
          template: z.string(),
          channel: z.string(),
          count: z.int(),
          seconds: z.number().meta({ description: 'Sum of answer times; of `answered`.' }),
        }),
      ),
    }),
    async run(call) {
      const { rooms, hand } = call;
      const period = await periodIn(call);
      const rows = await rooms.db.inTenant(hand.tenantId, (tx) => readTable(tx, null, period));
      return {
        data: rows.map(({ key: detail, n, total: seconds, ...row }) => ({ ...row, detail, count: n, seconds })),
      };
    },
  }),
];
