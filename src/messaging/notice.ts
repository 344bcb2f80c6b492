import { PRIORITY } from '../cadence/index.ts';
import type { Tx } from '../db/index.ts';
import { wake } from '../events/index.ts';
import { type AccountId, type AddressId, derivedId, type LeadId, type MessageId, type PersonId } from '../lib/ids.ts';
import type { NoticeKey } from '../tenants/index.ts';
import type { ChannelName } from './port.ts';

export interface NoticeTarget {
  personId: PersonId;
  leadId: LeadId | null;
  channel: ChannelName;
  accountId: AccountId;
  addressId: AddressId;
  language: string;
}

const INSERT = {
  name: 'notices-insert',
  text: `insert into messages (id, tenant_id, person_id, lead_id, direction, purpose, step_key, template_key, language, channel,
      account_id, address_id, priority, due_at, expires_at, state, created_at)
    values ($1, $2, $3, $4, 'out', 'notice', $5, $5, $6, $7, $8, $9, ${PRIORITY.now}, $10, $11, 'scheduled', $10)
    on conflict (id) do nothing`,
};

/**
 * Queues one of the product's own texts as an answer on the channel a customer used. The same `occasion` never makes a
 * second one. It is dropped when it cannot leave within five minutes (47 CFR 64.1200(a)(12)).
 */
export async function queueNotice(
  tx: Tx,
  notice: NoticeKey,
  occasion: string,
  target: NoticeTarget,
  now: Date,
): Promise<void> {
  const expires = new Date(now.getTime() + 5 * 60_000);
  await tx.write(INSERT, [
    derivedId<MessageId>(tx.tenantId, notice, occasion),
    tx.tenantId,
    target.personId,
    target.leadId,
    notice,
    target.language,
    target.channel,
    target.accountId,
    target.addressId,
    now,
    expires,
  ]);
  await wake(tx, 'messages');
}
