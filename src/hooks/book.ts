import { randomBytes } from 'node:crypto';
import type { Database, Tx } from '../db/index.ts';
import { append, wake } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError, validationError } from '../lib/errors.ts';
import { derivedId, type HookId, type TenantId } from '../lib/ids.ts';
import { open, seal } from '../lib/secrets.ts';
import { actorOf, demand, type Hand, type Tenants } from '../tenants/index.ts';
import type { HookSender } from './port.ts';
import type { Delivery, Hook, HookEvent } from './types.ts';

/** The hooks of tenants and what was delivered to them. */
export interface HookBook {
  /**
   * Makes a hook; the same `key` never makes a second one and is told the same secret. Throws a validation error at `url`
   * for an address that is never called.
   */
  make(
    hand: Hand,
    hook: { url: string; events: readonly HookEvent[]; key: string },
  ): Promise<{ hook: Hook; secret: string }>;
  /** Its deliveries go with it. */
  remove(hand: Hand, id: HookId): Promise<void>;
  list(tenantId: TenantId): Promise<Hook[]>;
  /** Newest first. Throws `not_found`. */
  deliveries(
    hand: Hand,
    id: HookId,
    options: { state?: Delivery['state'] | undefined; after?: string | undefined; limit: number },
  ): Promise<Delivery[]>;
  /** Puts a delivery in line again, from its first attempt on. Throws `not_found`, or `conflict` while it is in line. */
  replay(hand: Hand, hookId: HookId, deliveryId: string): Promise<void>;
}

const MAX_HOOKS = 20;
const COLUMNS = `id, tenant_id as "tenantId", url, events, created_at as "createdAt"`;

export const secretPlace = (tenantId: TenantId, id: HookId): string => `${tenantId}/hooks/${id}/secret`;

export function createHookBook(deps: {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  sender: HookSender | undefined;
}): HookBook {
  const { db, clock, tenants, sender } = deps;

  async function demandHook(tx: Tx, id: HookId): Promise<void> {
    const [hook] = await tx.query('select id from hooks where id = $1', [id]);
    if (!hook) throw new KnownError('not_found', 'no such hook', 'That webhook does not exist (any more).');
  }

  return {
    async make(hand, { url, events, key }) {
      demand(hand, 'api.change');
      const refused = sender ? sender.refuses(url) : 'Webhooks cannot be sent from here.';
      if (refused !== undefined) throw validationError([{ field: 'url', message: refused }]);
      const id = derivedId<HookId>(hand.tenantId, 'hook', key);
      const { data } = await tenants.keys(hand.tenantId);
      const place = secretPlace(hand.tenantId, id);
      return db.inTenant(hand.tenantId, async (tx) => {
        await tx.query('select from tenants where id = $1 for no key update', [tx.tenantId]); // the last that fits is one
        const known = await tx.query<Hook & { secret: Buffer }>(
          `select ${COLUMNS}, secret from hooks where tenant_id = $1`, // hooks_tenant
          [tx.tenantId],
        );
        const again = known.find((hook) => hook.id === id);
        if (again) {
          const { secret, ...hook } = again;
          return { hook, secret: open(data, place, secret).toString() };
        }
        if (known.length >= MAX_HOOKS) {
          throw new KnownError('conflict', 'too many hooks', `There are ${MAX_HOOKS} webhooks already. Remove one.`);
        }
        const secret = `whsec_${randomBytes(32).toString('base64url')}`;
        const now = clock.now();
        const wanted = [...new Set(events)];
        const [hook] = await tx.query<Hook>(
          `insert into hooks (id, tenant_id, url, events, secret, created_by, created_at)
           values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
          [id, tx.tenantId, url, wanted, seal(data, place, secret), actorOf(hand), now],
        );
        if (!hook) throw new Error('a hook was not stored');
        await append(tx, tx.tenantId, now, actorOf(hand), [
          { type: 'hook.made', data: { hookId: id, events: wanted } },
        ]);
        return { hook, secret };
      });
    },
    async remove(hand, id) {
      demand(hand, 'api.change');
      await db.inTenant(hand.tenantId, async (tx) => {
        await demandHook(tx, id);
        await tx.query('delete from hooks where id = $1', [id]);
        await append(tx, tx.tenantId, clock.now(), actorOf(hand), [{ type: 'hook.removed', data: { hookId: id } }]);
      });
    },
    list: (tenantId) =>
      db.inTenant(tenantId, (tx) =>
        tx.query<Hook>(`select ${COLUMNS} from hooks where tenant_id = $1 order by created_at, id`, [tenantId]),
      ),
    deliveries(hand, id, { state, after, limit }) {
      demand(hand, 'api.see');
      return db.inTenant(hand.tenantId, async (tx) => {
        await demandHook(tx, id);
        return tx.query<Delivery>(
          // hook_deliveries_hook
          `select d.id, d.event_id as "eventId", e.type, d.state, d.attempts, d.status, d.error, d.due_at as "dueAt",
             d.settled_at as "settledAt"
           from hook_deliveries d join events e on e.id = d.event_id
           where d.hook_id = $1 and ($2::text is null or d.state = $2)
             and ($3::uuid is null or (d.event_id, d.id) < (select event_id, id from hook_deliveries where id = $3))
           order by d.event_id desc, d.id desc limit $4`,
          [id, state ?? null, after ?? null, limit],
        );
      });
    },
    async replay(hand, hookId, deliveryId) {
      demand(hand, 'api.change');
      await db.inTenant(hand.tenantId, async (tx) => {
        await demandHook(tx, hookId);
        const again = await tx.query(
          `update hook_deliveries set state = 'due', attempts = 0, due_at = $3, lease_until = null, status = null,
             error = null, settled_at = null
           where id = $1 and hook_id = $2 and state <> 'due' returning id`,
          [deliveryId, hookId, new Date(clock.machine())],
        );
        if (again.length === 0) {
          const [there] = await tx.query('select id from hook_deliveries where id = $1 and hook_id = $2', [
            deliveryId,
            hookId,
          ]);
          if (there) throw new KnownError('conflict', 'delivery in line', 'This delivery is in line already.');
          throw new KnownError('not_found', 'no such delivery', 'That delivery does not exist (any more).');
        }
        await wake(tx, 'effects');
      });
    },
  };
}
