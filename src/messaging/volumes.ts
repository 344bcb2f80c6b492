import type { Database } from '../db/index.ts';
import type { AccountId, TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import type { ChannelName } from './port.ts';
import { segments } from './render.ts';

/** A message that a gateway took. */
export interface Sent {
  tenantId: TenantId;
  channel: ChannelName;
  body: string;
}

/** How much each tenant sends by each account, for its figures; written together, so that no row is what sends wait for. */
export interface Volumes {
  count(id: AccountId, sent: Sent): void;
  /** Never throws: what could not be written is lost, as the figures of a process that dies are. */
  write(): Promise<void>;
}

interface Row {
  tenantId: TenantId;
  accountId: AccountId;
  messages: number;
  parts: number;
}

export function createVolumes({ db, log }: { db: Database; log: Logger }): Volumes {
  const counted = new Map<string, Row>();
  return {
    count(accountId, { tenantId, channel, body }) {
      const key = `${tenantId}/${accountId}`;
      const row = counted.get(key) ?? { tenantId, accountId, messages: 0, parts: 0 };
      counted.set(key, row);
      row.messages++;
      row.parts += channel === 'sms' ? segments(body).segments : 1;
    },
    async write() {
      const rows = [...counted.values()];
      counted.clear();
      if (rows.length === 0) return;
      await db.system
        .query(
          // in one order, so that two workers do not wait for each other
          `insert into account_days as d (tenant_id, account_id, day, messages, parts)
           select t, a, (clock_timestamp() at time zone 'utc')::date, m, p
           from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[]) as u(t, a, m, p) order by t, a
           on conflict (tenant_id, account_id, day) do update set messages = d.messages + excluded.messages,
             parts = d.parts + excluded.parts`,
          [
            rows.map(({ tenantId }) => tenantId),
            rows.map(({ accountId }) => accountId),
            rows.map(({ messages }) => messages),
            rows.map(({ parts }) => parts),
          ],
        )
        .catch((error) => log.warn({ err: error }, 'volumes of senders could not be written'));
    },
  };
}
