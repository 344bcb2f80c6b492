import type { Sql, Tx } from '../db/index.ts';
import { append, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import type { AccountId, StaffId, TenantId } from '../lib/ids.ts';
import {
  type Account,
  accountIdOf,
  type Credentials,
  type RoutingBook,
  SENDER_CHANNELS,
  type Sender,
  type SenderPort,
  senderMoves,
} from '../tenants/index.ts';
import { leaveAccess, renewAccess } from './access.ts';
import { divertRetired, retire } from './retire.ts';

/*
 * The order of a tenant's senders as a change of settings makes it. What is a tenant's own (routes, access, messages) changes in
 * the change's transaction; what a sender shares with other businesses (`accounts`) is settled behind it, by an effect.
 */

/** Places from here on: before what the platform brings later (from 100 on). */
const FIRST_PLACE = 50;

export function createSenderPort(deps: { clock: Clock; credentials: Credentials; routing: RoutingBook }): SenderPort {
  const { clock, credentials, routing } = deps;

  async function arrangeChannel(
    tx: Tx,
    by: StaffId,
    channel: Account['channel'],
    before: readonly Sender[],
    after: readonly Sender[],
  ) {
    const moves = senderMoves(before, after);
    if (moves.length === 0) return;
    await place(tx, channel, after);
    for (const { what, sender, from, to } of moves) {
      if (what === 'removed') await retire(tx, tx.tenantId, accountIdOf(sender));
      const places = from !== undefined && to !== undefined && { from: String(from), to: String(to) };
      const data = { channel, vendor: sender.vendor, accountId: sender.id, what, ...places };
      await append(tx, tx.tenantId, clock.now(), `staff:${by}`, [{ type: 'sender.changed', data }]);
    }
    const settled = moves.filter(({ what }) => what !== 'ordered');
    const effects = settled.map(({ sender }) => ({ kind: 'sender.settle', key: sender.id }) as const);
    await request(tx, tx.tenantId, effects);
  }

  return {
    async arrange(tx, by, { before, after, access }) {
      if (access) await credentials.keep(tx, { tenantId: tx.tenantId, staffId: by }, access);
      for (const channel of SENDER_CHANNELS) {
        await arrangeChannel(tx, by, channel, before[channel] ?? [], after[channel] ?? []);
      }
      return divertRetired(tx, clock.now());
    },
    forget: routing.forget,
  };
}

/** Gives the senders of a channel their places. */
async function place(tx: Tx, channel: string, senders: readonly Sender[]): Promise<void> {
  const placed = await tx.query(
    // the primary key of routes
    `update routes r set place = ${FIRST_PLACE} + o.n - 1, retired_at = null
     from unnest($3::uuid[]) with ordinality as o(id, n)
     where r.tenant_id = $1 and r.channel = $2 and r.account_id = o.id returning r.account_id`,
    [tx.tenantId, channel, senders.map(({ id }) => id)],
  );
  if (placed.length === senders.length) return;
  const words = 'One of these senders is not connected any more. Look at /rescue channels.';
  throw new KnownError('conflict', 'a sender is gone', words);
}

/** Settles what a sender shares with other businesses after this one's access to it, or its use of it, became another. */
export async function settleSender(sql: Sql, tenantId: TenantId, id: AccountId): Promise<void> {
  const [route] = await sql.query<{ used: boolean }>(
    'select retired_at is null as used from routes where tenant_id = $1 and account_id = $2',
    [tenantId, id],
  );
  if (!route?.used) return leaveAccess(sql, tenantId, id);
  await sql.query(
    // access that works again ends a rest
    `update accounts set rests = 0, rests_until = null, rest_reason = null, refilled_at = least(refilled_at, clock_timestamp())
     where id = $1 and rests > 0 and credential_id in (select id from credentials where tenant_id = $2)`,
    [id, tenantId],
  );
  await renewAccess(sql, tenantId, id);
}
