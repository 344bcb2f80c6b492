import type { Database } from '../db/index.ts';
import type { TenantId } from '../lib/ids.ts';
import type { OptOuts } from '../messaging/index.ts';
import { giveNumber, keepHidden, lockHidden, moveSilence, numberBehind, type OptOutScope } from '../people/index.ts';
import type { Tenants } from '../tenants/index.ts';

/** Whose the chats are in which WhatsApp hides a customer's number. */
export interface HiddenNumbers {
  /** The number behind a hidden id, E.164; null when nobody of this business is known by it. */
  numberOf(tenantId: TenantId, hiddenId: string): Promise<string | null>;
  /**
   * WhatsApp has shown whose a hidden id is: kept for people whom this business knows. Whoever asked for silence before that was
   * known has asked for it with their number as well. False when they had: nothing may go there. Told again, it changes nothing.
   */
  met(tenantId: TenantId, hiddenId: string, number: string): Promise<boolean>;
}

export function createHiddenNumbers(deps: {
  db: Database;
  tenants: Pick<Tenants, 'keys'>;
  optOuts: Pick<OptOuts, 'apply'>;
}): HiddenNumbers {
  const { db, tenants, optOuts } = deps;
  const numberOf: HiddenNumbers['numberOf'] = (tenantId, hiddenId) =>
    db.inTenant(tenantId, (tx) => numberBehind(tx, hiddenId));

  return {
    numberOf,
    async met(tenantId, hiddenId, number) {
      if ((await numberOf(tenantId, hiddenId)) === number) return true;
      const { suppression } = await tenants.keys(tenantId);
      return db.inTenant(tenantId, async (tx) => {
        const { numbered, hidden } = await lockHidden(tx, hiddenId, number);
        const closed = await moveSilence(tx, suppression, hiddenId, number);
        if (numbered) {
          await keepHidden(tx, numbered.id, hiddenId);
          // two persons stay two, since what each of them wrote is theirs; but they are one who asked
          const scopes = closed.includes('all') ? ['all'] : closed;
          for (const scope of scopes) {
            const { personId } = numbered;
            await optOuts.apply(tx, { personId, scope: scope as OptOutScope, by: 'hidden', actor: 'customer' });
          }
        } else if (hidden) {
          await giveNumber(tx, hidden, number);
        }
        return closed.length === 0;
      });
    },
  };
}
