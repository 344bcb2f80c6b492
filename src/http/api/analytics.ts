import { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import { daysBetween, type Figures, type Period, periodOf, readTable, type Sums, share } from '../../reports/index.ts';
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
/** In the currency of the business. */
const amount = () => z.number();

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
      z.strictObject({
        source: z.string(),
        captured: count(),
        contacted: count(),
        qualified: count(),
        replied: count(),
        won: count(),
        recovered: count(),
        conversion: rate().meta({ description: 'Won, of those captured.' }),
        revenue: amount(),
      }),
    ),
  }),
  responseTime: z
    .strictObject({
      averageSeconds: z.number().nullable(),
      medianSeconds: z.number().nullable(),
      underFiveMinutes: rate().meta({ description: 'Target: over 0.95.' }),
      weekend: z.strictObject({ asked: count(), withinHour: z.number() }),
    })
    .meta({ description: 'From what a customer wrote to its answer.' }),
  firstResponse: z
    .strictObject({
      averageSeconds: z.number().nullable(),
      medianSeconds: z.number().nullable(),
      underFiveMinutes: rate().meta({ description: 'Of all leads of the period. Target: over 0.95.' }),
      weekend: z
        .strictObject({ captured: count(), withinHour: z.number(), coverage: rate() })
        .meta({ description: 'Leads that came on a Saturday or Sunday. Target: coverage 1.' }),
    })
    .meta({ description: 'From the enquiry to our first message, whoever wrote it.' }),
  conversion: z.strictObject({
    leadToContact: rate().meta({ description: 'Target: over 0.8.' }),
    contactToReply: rate(),
    contactToQualified: rate().meta({ description: 'Target: over 0.5. Null while nobody is qualified.' }),
    qualifiedToConverted: rate().meta({ description: 'Target: over 0.5. Null while nobody is qualified.' }),
    overall: rate().meta({ description: 'Target: over 0.25.' }),
  }),
  revenue: z
    .strictObject({
      total: amount(),
      deals: count(),
      averageDealSize: amount().nullable(),
      growth: z.number().meta({ description: 'Against the period before.' }),
      currency: z.string().nullable(),
    })
    .meta({
      description: 'Of the deals won in the period whose value was told; under `bySource`, of the leads of the period.',
    }),
  pipeline: z
    .strictObject({
      open: count(),
      valued: count().meta({ description: 'Open leads that say what they may be worth.' }),
      value: amount(),
      expected: amount().nullable().meta({ description: '`value` at the overall conversion of the period.' }),
    })
    .meta({ description: 'What is open now, whenever it came.' }),
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

const kpisOf = ({ period, now, before, pipeline }: Sums, currency: string | null): z.input<typeof kpis> => ({
  period: { from: period.from, to: period.to },
  leads: {
    total: now.captured,
    won: now.won,
    lost: now.lost,
    recovered: now.recovered,
    byStatus: now.stages,
    bySource: now.sources.map(({ key: source, ...numbers }) => ({
      source,
      ...numbers,
      conversion: share(numbers.won, numbers.captured),
    })),
  },
  responseTime: {
    averageSeconds: now.answers.average,
    medianSeconds: now.answers.median,
    underFiveMinutes: now.answers.quick,
    weekend: now.answers.weekend,
  },
  firstResponse: {
    averageSeconds: now.response.average,
    medianSeconds: now.response.median,
    underFiveMinutes: now.response.quick,
    weekend: {
      captured: now.response.weekend.asked,
      withinHour: now.response.weekend.withinHour,
      coverage: share(now.response.weekend.withinHour, now.response.weekend.asked),
    },
  },
  conversion: {
    leadToContact: share(now.contacted, now.captured),
    contactToReply: share(now.replied, now.contacted),
    contactToQualified: now.qualified > 0 ? share(now.qualified, now.contacted) : null,
    qualifiedToConverted: share(wonOf(now), now.qualified),
    overall: now.winRate,
  },
  revenue: {
    ...now.revenue,
    averageDealSize: share(now.revenue.total, now.revenue.deals),
    growth: now.revenue.total - before.revenue.total,
    currency,
  },
  pipeline: { ...pipeline, expected: now.winRate === null ? null : pipeline.value * now.winRate },
  messages: {
    sent: now.sent,
    automated: now.automated,
    replyRate: now.replyRate,
    optedOut: now.optedOut,
    optOutRate: now.optOutRate,
  },
  before: { total: before.captured, won: before.won, lost: before.lost, overall: before.winRate },
});

/** Of the leads logged in the period, those that were won. */
const wonOf = ({ sources }: Figures): number => sources.reduce((sum, { won }) => sum + won, 0);

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
      const [report, { currency }] = await Promise.all([
        call.rooms.reports.sums(call.hand.tenantId, null, period),
        call.rooms.tenants.settings(call.hand.tenantId),
      ]);
      return kpisOf(report, currency);
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
          detail: z.string().meta({ description: 'Source, step, status or trial, as the measure needs.' }),
          template: z.string(),
          channel: z.string(),
          count: z.int(),
          seconds: z
            .number()
            .meta({ description: 'Sum of answer times, of `answered`; of `revenue` the sum in hundredths.' }),
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
