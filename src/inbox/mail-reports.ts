import { createHash } from 'node:crypto';
import type { Database } from '../db/index.ts';
import { isId, type TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import type { MailReport, ReadMailReport } from './port.ts';
import type { Post } from './post.ts';
import type { WebhookLog } from './webhook-log.ts';

/** Under this name reports of mail providers are stored. */
export const MAIL_REPORT = 'email.engagement';

/** What providers report of our letters: each stored as it came, sealed, before it has an effect (G5). */
export interface MailReports {
  /**
   * Keeps those that name a letter of ours, which proves them, and applies them together. What fails then is tried again by
   * itself; throws only where they could not be stored. Tells how many were kept, how many named nothing of ours, and how many
   * of those that were kept are of a kind that nobody here knows.
   */
  keep(raws: readonly unknown[], read: ReadMailReport): Promise<{ kept: number; strangers: number; unheard: number }>;
  /** Applies what was stored and is not finished. Returns how many were looked at. */
  retry(read: ReadMailReport): Promise<number>;
}

interface Stored {
  id: string;
  report: MailReport;
}

/** Applied together. */
const AT_ONCE = 200;

export function createMailReports(deps: {
  db: Database;
  log: Logger;
  webhooks: WebhookLog;
  post: Pick<Post, 'reports'>;
}): MailReports {
  const { db, log, webhooks, post } = deps;

  async function lettersOf(reports: readonly MailReport[]) {
    // whoever was erased has no address any more, and nothing of theirs is kept
    const rows = await db.system.query<{ id: string; tenantId: TenantId; address: string }>(
      {
        name: 'mail-reports-letters',
        text: `select m.id, m.tenant_id as "tenantId", a.value as address
          from messages m join addresses a on a.id = m.address_id
          where m.id = any($1::uuid[]) and m.channel = 'email' and m.direction = 'out'`,
      },
      [reports.map(({ messageId }) => messageId).filter(isId)],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  async function apply(stored: readonly Stored[]): Promise<void> {
    await post.reports(stored.map(({ report }) => report));
    await webhooks.allDone(
      stored.map(({ id, report }) => ({ id, about: report.told.what === 'failed' ? 'bounced' : report.told.what })),
    );
  }

  return {
    async keep(raws, read) {
      const reports = raws.flatMap((raw) => {
        const report = read(raw);
        return report ? [{ raw: JSON.stringify(raw), report }] : [];
      });
      const letters = await lettersOf(reports.map(({ report }) => report));
      const ours = reports.flatMap(({ raw, report }) => {
        const letter = letters.get(report.messageId);
        return letter ? [{ raw, report, letter }] : [];
      });
      const kept = await webhooks.storeAll(
        MAIL_REPORT,
        ours.map(({ raw, letter }) => ({
          externalId: createHash('sha256').update(raw).digest('hex'),
          body: { raw },
          tenantId: letter.tenantId,
          sender: letter.address,
        })),
      );
      const fresh = ours.flatMap(({ report }, at) => {
        const row = kept[at];
        return row && !row.done ? [{ id: row.id, report }] : [];
      });
      await apply(fresh).catch((error) =>
        log.warn({ err: error, reports: fresh.length }, 'reports on e-mails are stored, and applied later'),
      );
      const unheard = ours.filter(({ report }) => report.told.what === 'unknown').length;
      return { kept: ours.length, strangers: raws.length - ours.length, unheard };
    },
    async retry(read) {
      const open = await webhooks.takeOpen(AT_ONCE, { only: [MAIL_REPORT] });
      for (const { id, body, attempts } of open) {
        // one by one: what spoils a statement for all must not keep the others waiting
        try {
          const report = read(JSON.parse(body.raw ?? ''));
          if (report) await apply([{ id, report }]);
          else await webhooks.refuse(id, 'not_understood');
        } catch (error) {
          log.warn({ err: error, webhook: id, attempts }, 'a stored report on an e-mail could not be applied yet');
        }
      }
      return open.length;
    },
  };
}
