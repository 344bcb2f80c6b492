import { KnownError } from '../lib/errors.ts';
import { isId } from '../lib/ids.ts';
import type { StatusReport } from '../messaging/index.ts';
import { createBatcher } from './callback-batcher.ts';
import type { HttpDeps } from './deps.ts';

export interface StatusReports {
  /** Takes a report of an account at the gateway; throws a validation error unless its ids could be ours. */
  accept(report: StatusReport, gatewayAccount: string | undefined): StatusReport;
  /** Applies the report together with those that arrive at the same moment; resolves when it is committed. */
  apply(report: StatusReport): Promise<void>;
}

const MAX_BATCH = 200;
const MAX_WAIT_MS = 5;
const CONCURRENCY = 4;

type Deps = Pick<HttpDeps, 'db' | 'statuses' | 'wakeMessages' | 'metrics' | 'log'>;

/** Delivery reports come by the hundred: each is one request, the database sees few large statements. */
export function createStatusReports(deps: Deps, source: string): StatusReports {
  const { metrics, log } = deps;

  async function run(reports: StatusReport[]): Promise<void> {
    try {
      const strangers = await countUnknown(deps, reports);
      const due = await deps.statuses(reports);
      metrics.countWebhook(source, 'ok', reports.length - strangers);
      metrics.countWebhook(source, 'unknown', strangers);
      if (due) await deps.wakeMessages();
    } catch (error) {
      log.warn({ err: error, reports: reports.length }, 'delivery reports could not be applied');
      throw error;
    }
  }

  const batcher = createBatcher({
    run,
    maxItems: MAX_BATCH,
    maxWaitMs: MAX_WAIT_MS,
    concurrency: CONCURRENCY,
    // a value that the database refuses spoils the statement, and with it the reports of others
    divides: (error) => /^2[23]/.test(String((error as { code?: unknown } | null)?.code)),
  });

  return {
    accept(report, gatewayAccount) {
      if (isId(report.messageId)) return { ...report, ...(gatewayAccount && { gatewayAccount }) };
      const text = 'This status callback is malformed: message.';
      throw new KnownError('validation_error', 'malformed status callback: message', text);
    },
    apply: batcher.add,
  };
}

/** Reports about messages that we do not know: another system's on the same account, or from before a restore. */
async function countUnknown({ db }: Deps, reports: readonly StatusReport[]): Promise<number> {
  const [row] = await db.system.query<{ n: number }>(
    {
      name: 'reports-unknown',
      text: `select count(*) as n from unnest($1::uuid[]) as r(id)
        where not exists (select from messages m where m.id = r.id)`,
    },
    [reports.map((report) => report.messageId)],
  );
  return row?.n ?? 0;
}
