import type { Database, Sql } from '../db/index.ts';
import { request, wake } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { newId, type PhoneId, type TenantId } from '../lib/ids.ts';
import { open } from '../lib/secrets.ts';
import { USED_TODAY } from '../messaging/index.ts';
import { demand, type Staff, type Tenants } from '../tenants/index.ts';
import { codePlace } from './holding.ts';
import { becomeUnlinked } from './link.ts';
import type { Phone, PhoneState } from './types.ts';

/** Phones that one business may have linked at once: each takes a browser's memory. */
const MOST = 5;

/** What people of a business do with its phones. Every call checks the role. */
export interface PhoneBook {
  /** Begins to link a phone: a worker makes a code, which is shown to this person. Throws `conflict` when there are too many. */
  link(staff: Staff): Promise<PhoneId>;
  /** Those that are linked or were, newest first; not the ones that came to nothing. */
  list(staff: Staff): Promise<Phone[]>;
  /** Takes the link away. Throws `not_found`. */
  unlink(staff: Staff, id: PhoneId): Promise<void>;
}

/** A phone as it is shown in Slack, and where. */
export interface ShownPhone extends Phone {
  /** What is to be scanned now; null when nothing is. */
  code: string | null;
  /** How many other senders the business has for what the phone cannot send. */
  otherSenders: number;
  place: { channel: string; ts: string; file: string | null; shown: string | null } | null;
}

/** What the edge needs to show a phone. */
export interface PhoneBoard {
  read(tenantId: TenantId, id: PhoneId): Promise<ShownPhone | undefined>;
  /** Remembers where it is shown, and what of it. */
  keep(tenantId: TenantId, id: PhoneId, place: NonNullable<ShownPhone['place']>): Promise<void>;
}

/** Whether messages leave by a phone `p` (`PhoneUsage`); the primary key of routes, setting_changes_waiting. */
export const USAGE = `case
  when exists (select from routes r where r.tenant_id = p.tenant_id and r.channel = 'whatsapp' and r.account_id = p.account_id
    and r.retired_at is null) then 'used'
  when exists (select from setting_changes c where c.tenant_id = p.tenant_id and c.state = 'waiting'
    and c.changes::text like '%' || p.account_id || '%') then 'asked'
  else 'put_away' end`;

const FIELDS = `p.id, p.state, p.reason, a.sender as number, p.account_id as "accountId", p.asked_by as "askedBy",
  p.linked_at as "linkedAt", ${USAGE} as use, a.daily_limit as "dailyLimit",
  coalesce((select ${USED_TODAY} from accounts where id = p.account_id), 0) as used,
  (select count(*) from messages m where m.tenant_id = p.tenant_id and m.state = 'held' and m.reason = 'phone_gone')
    as waiting`;

export function createPhoneBook(deps: { db: Database; clock: Clock; tenants: Tenants }): PhoneBook & PhoneBoard {
  const { db, clock, tenants } = deps;

  const lock = async (sql: Sql, tenantId: TenantId, id: PhoneId) => {
    const [row] = await sql.query<{ state: PhoneState; held: boolean }>(
      `select state, coalesce(held_until > clock_timestamp(), false) as held from linked_phones
       where id = $1 and tenant_id = $2 for update`,
      [id, tenantId],
    );
    return row;
  };

  return {
    async link(staff) {
      demand(staff, 'channels.change');
      return db.inTenant(staff.tenantId, async (tx) => {
        const live = await tx.query(
          // linked_phones_tenant
          `select id from linked_phones where tenant_id = $1 and state in ('linking', 'linked', 'lost')`,
          [staff.tenantId],
        );
        if (live.length >= MOST) {
          const words = `${MOST} phones are linked, which is the most. Unlink one first: /rescue phone list`;
          throw new KnownError('conflict', 'too many phones', words);
        }
        const id = newId<PhoneId>();
        await tx.query(
          `insert into linked_phones (id, tenant_id, state, asked_by, asked_at) values ($1, $2, 'linking', $3, $4)`,
          [id, staff.tenantId, staff.id, clock.now()],
        );
        await wake(tx, 'phones');
        return id;
      });
    },
    async list(staff) {
      demand(staff, 'channels.see');
      return db.inTenant(staff.tenantId, (tx) =>
        tx.query<Phone>(
          `select ${FIELDS} from linked_phones p left join accounts a on a.id = p.account_id
           where p.tenant_id = $1 and (p.state in ('linking', 'linked', 'lost') or p.state = 'logged_out' and not exists (
             select from linked_phones q where q.account_id = p.account_id and q.id > p.id))
           order by p.id desc limit 20`,
          [staff.tenantId],
        ),
      );
    },
    async unlink(staff, id) {
      demand(staff, 'channels.change');
      await db.system.transaction(async (sql) => {
        const phone = await lock(sql, staff.tenantId, id);
        if (!phone || phone.state === 'removed') {
          throw new KnownError('not_found', 'no such phone', 'That phone is not linked (any more).');
        }
        if (phone.held && (phone.state === 'linked' || phone.state === 'lost')) {
          // whoever holds it takes the link away at WhatsApp as well
          await sql.query('update linked_phones set leaving = true where id = $1', [id]);
          await wake(sql, 'phones');
        } else {
          // nobody is there to take the link away at WhatsApp: the phone goes on showing it
          const listed = phone.state === 'linked' || phone.state === 'lost' ? 'still_listed' : null;
          await becomeUnlinked(sql, { id, tenantId: staff.tenantId }, 'removed', listed, clock.now());
        }
      });
    },
    async read(tenantId, id) {
      const { data } = await tenants.keys(tenantId);
      const [row] = await db.inTenant(tenantId, (tx) =>
        tx.query<Omit<ShownPhone, 'code'> & { code: Buffer | null }>(
          `select ${FIELDS}, p.code,
             (select count(*) from routes r where r.tenant_id = p.tenant_id and r.retired_at is null and r.account_id is distinct from p.account_id)
               as "otherSenders",
             case when p.shown_ts is not null then json_build_object('channel', p.shown_channel, 'ts', p.shown_ts,
               'file', p.shown_file, 'shown', p.shown) end as place
           from linked_phones p left join accounts a on a.id = p.account_id where p.id = $1`,
          [id],
        ),
      );
      return row && { ...row, code: row.code && open(data, codePlace({ tenantId, id }), row.code).toString() };
    },
    async keep(tenantId, id, { channel, ts, file, shown }) {
      await db.inTenant(tenantId, (tx) =>
        tx.query(
          'update linked_phones set shown_channel = $2, shown_ts = $3, shown_file = $4, shown = $5 where id = $1',
          [id, channel, ts, file, shown],
        ),
      );
    },
  };
}

/** Asks for the phone to be shown anew. */
export const showPhone = (sql: Sql, tenantId: TenantId, id: PhoneId) =>
  request(sql, tenantId, [{ kind: 'phone.show', key: id }]);
