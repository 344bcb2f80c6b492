import type { Database } from '../db/index.ts';
import { wake } from '../events/index.ts';
import { isKnown, KnownError } from '../lib/errors.ts';
import type { AccountId, PhoneId, StaffId, TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import { putFirst } from '../messaging/index.ts';
import { demand, type Outcome, type SettingChanges, type Staff, type StaffBook } from '../tenants/index.ts';
import { showPhone, USAGE } from './book.ts';
import { resume, VENDOR } from './link.ts';
import type { PhoneUsage } from './types.ts';

/*
 * Whether a linked phone is used. It is linked as put away: what customers write there arrives, and nothing leaves by it. To use it
 * is a change of the order of senders like any other, which may wait for a second person.
 */

export interface PhoneUse {
  /**
   * Puts a linked phone first among the business's senders on WhatsApp. Throws `not_found` for one that is not linked, `conflict`
   * for one that is used, or was asked for, already.
   */
  use(staff: Staff, id: PhoneId): Promise<Outcome>;
  /** The same in the name of whoever has just linked it, who is shown what became of it; see `phone.use`. Idempotent. */
  useLinked(tenantId: TenantId, id: PhoneId): Promise<void>;
  /** The order of senders has changed: what waits for a phone leaves by it, and its message says how it stands. */
  settled(tenantId: TenantId, accountId: AccountId): Promise<void>;
}

export interface PhoneUseDeps {
  db: Database;
  log: Logger;
  changes: Pick<SettingChanges, 'make'>;
  staff: Pick<StaffBook, 'byId'>;
}

interface Linked {
  accountId: AccountId;
  number: string;
  askedBy: StaffId;
  use: PhoneUsage;
}

export function createPhoneUse({ db, log, changes, staff }: PhoneUseDeps): PhoneUse {
  const linked = (tenantId: TenantId, id: PhoneId): Promise<Linked | undefined> =>
    db.inTenant(tenantId, async (tx) => {
      const [row] = await tx.query<Linked>(
        `select a.id as "accountId", a.sender as number, p.asked_by as "askedBy", ${USAGE} as use
         from linked_phones p join accounts a on a.id = p.account_id where p.id = $1 and p.state in ('linked', 'lost')`,
        [id],
      );
      return row;
    });

  async function use(by: Staff, id: PhoneId): Promise<Outcome> {
    demand(by, 'channels.change');
    const phone = await linked(by.tenantId, id);
    if (!phone) throw new KnownError('not_found', 'no such phone', 'That phone is not linked (any more).');
    if (phone.use === 'used') throw new KnownError('conflict', 'phone in use', 'That phone is used already.');
    if (phone.use === 'asked') {
      const words = 'Somebody has asked for that already: it waits for a second person, see `/rescue approvals`.';
      throw new KnownError('conflict', 'asked for already', words);
    }
    const sender = { id: phone.accountId, vendor: VENDOR, sender: phone.number, given: null };
    const outcome = await changes.make(by, {
      patch: ({ senders }) => ({ senders: putFirst(senders, { channel: 'whatsapp', ...sender }) }),
    });
    // it is used when this returns; where a second person has to agree, the change's effects see to it
    if (outcome.kind === 'counts') await settled(by.tenantId, phone.accountId);
    return outcome;
  }

  async function settled(tenantId: TenantId, accountId: AccountId): Promise<void> {
    await db.system.transaction(async (sql) => {
      const [phone] = await sql.query<{ id: PhoneId }>(
        // linked_phones_account
        `select id from linked_phones where account_id = $1 and tenant_id = $2 and state in ('linked', 'lost')`,
        [accountId, tenantId],
      );
      if (!phone) return;
      await resume(sql, tenantId, accountId);
      await showPhone(sql, tenantId, phone.id);
      await wake(sql, 'messages');
    });
  }

  return {
    use,
    settled,
    async useLinked(tenantId, id) {
      const phone = await linked(tenantId, id);
      const asker = phone?.use === 'put_away' && (await staff.byId(tenantId, phone.askedBy));
      try {
        if (asker) await use(asker, id);
      } catch (error) {
        // it stays linked and put away, which its message and `/rescue phone list` say
        if (!isKnown(error)) throw error;
        log.info({ err: error, phone: id }, 'a linked phone is not used yet');
      }
      await db.system.transaction((sql) => showPhone(sql, tenantId, id));
    },
  };
}
