import type { Sql } from '../db/index.ts';
import type { AccountId, MessageId, TenantId } from '../lib/ids.ts';
import { open } from '../lib/secrets.ts';
import { bodyPlace } from '../messaging/index.ts';
import { isHidden } from '../people/index.ts';
import type { OwnMessage } from './port.ts';

/** An attempt of ours, and the customer's address it went to; null once they were erased. */
export interface Attempt {
  messageId: MessageId;
  attempt: number;
  to: string | null;
}

/** The attempt that a message at WhatsApp belongs to, by its id there. */
export async function attemptOf(sql: Sql, accountId: AccountId, gatewayId: string): Promise<Attempt | undefined> {
  const [row] = await sql.query<Attempt>(
    {
      name: 'phones-attempt',
      // sends_gateway_id
      text: `select s.message_id as "messageId", s.attempt, a.value as "to" from sends s left join addresses a on a.id = s.address_id
        where s.account_id = $1 and s.gateway_id = $2`,
    },
    [accountId, gatewayId],
  );
  return row;
}

const OPEN = {
  name: 'phones-open-attempts',
  // sends_open, messages_waiting
  text: `select s.message_id as "messageId", s.attempt, m.tenant_id as "tenantId", m.body, a.value as "to",
      s.started_at as "startedAt"
    from sends s join messages m on m.id = s.message_id and m.attempt = s.attempt join addresses a on a.id = s.address_id
    where s.account_id = $1 and m.body is not null
      and (s.state in ('sending', 'uncertain') or (m.tenant_id = $2 and m.state = 'unconfirmed'))`,
};

/** Clocks differ, and WhatsApp's shows whole seconds. */
const SKEW_MS = 5000;

/**
 * The attempts of unknown outcome that a message seen at WhatsApp may be: the same words to the same person, not older than
 * the attempt.
 */
export async function attemptsBehind(
  sql: Sql,
  place: { accountId: AccountId; tenantId: TenantId; dataKey: Buffer },
  message: Pick<OwnMessage, 'body' | 'at'> & { to: string },
): Promise<Attempt[]> {
  const rows = await sql.query<Attempt & { tenantId: TenantId; body: Buffer; startedAt: Date }>(OPEN, [
    place.accountId,
    place.tenantId,
  ]);
  return rows.filter(
    (row) =>
      row.tenantId === place.tenantId &&
      (isHidden(message.to) || row.to === message.to) &&
      row.startedAt.getTime() - SKEW_MS <= message.at.getTime() &&
      open(place.dataKey, bodyPlace({ tenantId: row.tenantId, id: row.messageId }), row.body).toString() ===
        message.body,
  );
}
