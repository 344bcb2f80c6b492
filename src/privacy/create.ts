import type { Database } from '../db/index.ts';
import type { EffectHandler } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { GatewayBook, OptOuts } from '../messaging/index.ts';
import type { Playbooks, RoutingBook, StaffBook, Tenants } from '../tenants/index.ts';
import { createBlobs } from './blobs.ts';
import { createPrivacyDesk, type PrivacyDesk } from './desk.ts';
import { createErasures, type Erasures } from './erasures.ts';
import { createKeeping } from './keep.ts';
import { createLicenceDesk, type LicenceDesk } from './licence-desk.ts';
import type { Bucket } from './port.ts';
import { createReceipts } from './receipts.ts';
import { createVault, type Vault } from './vault.ts';

export interface Privacy {
  vault: Vault;
  licences: LicenceDesk;
  privacy: PrivacyDesk;
  erasures: Erasures;
  /** What the retention tick does: photos, words and files whose time is over, and where the buckets are. */
  retain(): Promise<void>;
  privacyHandlers: Record<'blob.delete' | 'person.erase' | 'erasure.forget', EffectHandler>;
}

export interface PrivacyDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  tenants: Tenants;
  staff: StaffBook;
  playbooks: Playbooks;
  routing: RoutingBook;
  optOuts: OptOuts;
  webhooks: { senderHash(sender: string): Buffer; forget(before: Date, limit: number): Promise<number> };
  gateways: Pick<GatewayBook, 'of'>;
  buckets: readonly Bucket[];
  model: string | undefined;
}

/** The room, wired. */
export function createPrivacy(deps: PrivacyDeps): Privacy {
  const { db, clock, log, webhooks } = deps;
  const blobs = createBlobs(deps);
  const vault = createVault({ ...deps, blobs });
  const keeping = createKeeping({ ...deps, forgetWebhooks: webhooks.forget });
  const erasures = createErasures({ ...deps, senderHash: webhooks.senderHash });
  return {
    vault,
    licences: createLicenceDesk({ db, clock }),
    privacy: createPrivacyDesk({ ...deps, vault, blobs }),
    erasures,
    async retain() {
      // every hour, so that a bucket that was moved or replaced is noticed before a photo is
      for (const { name, region } of await blobs.states())
        log.info({ bucket: name, region }, 'a bucket was asked where it is');
      await vault.purge();
      await keeping.run();
    },
    privacyHandlers: {
      async 'blob.delete'({ tenantId, key }) {
        const [blob] = await db.inTenant(tenantId, (tx) =>
          tx.query<{ bucket: string | null }>('select bucket from blobs where id = $1', [key]),
        );
        if (!blob) return;
        await blobs.remove(tenantId, key, blob.bucket);
        await db.inTenant(tenantId, (tx) => tx.query(`delete from blobs where id = $1 and state = 'deleting'`, [key]));
      },
      'person.erase': erasures.run,
      'erasure.forget': createReceipts(deps),
    },
  };
}
