import type { Sql } from '../db/index.ts';
import { append, request, wake } from '../events/index.ts';
import { type AccountId, newId, type PhoneId, type TenantId } from '../lib/ids.ts';
import { restSilent } from '../messaging/index.ts';
import type { PhoneState } from './types.ts';

/*
 * What follows when a phone's link changes: its account and the tenant's route, the messages that wait for it, the event and
 * what Slack shows. Each in the caller's transaction, with the phone's row locked.
 */

export const VENDOR = 'whatsapp-web';

interface PhoneRow {
  id: PhoneId;
  tenantId: TenantId;
}

/** The account of a number; the same one whenever it is linked again. */
async function accountOf(
  sql: Sql,
  { number, rate, dailyLimit }: { number: string; rate: number; dailyLimit: number },
): Promise<{ id: AccountId }> {
  const name = `${VENDOR}:${number}`;
  const [known] = await sql.query<{ id: AccountId }>(
    `update accounts set rests = 0, rests_until = null, rest_reason = null, rate = $3, daily_limit = $4,
       refilled_at = case when rests > 0 then clock_timestamp() else refilled_at end
     where channel = 'whatsapp' and sender = $1 and vendor = '${VENDOR}' and gateway_account = $2 returning id`, // accounts_sender
    [number, name, rate, dailyLimit],
  );
  if (known) return known;
  const [made] = await sql.query<{ id: AccountId }>(
    `insert into accounts (id, vendor, channel, sender, gateway_account, rate, tokens, daily_limit, free_text)
     values ($1, '${VENDOR}', 'whatsapp', $2, $3, $4, 1, $5, true) returning id`,
    [newId<AccountId>(), number, name, rate, dailyLimit],
  );
  if (!made) throw new Error('no account');
  return made;
}

/**
 * The phone is connected as `number`, and put away unless the order of senders names it: one that was linked just now is asked
 * for (`use.ts`). `taken`: another business has linked that number.
 */
export async function becomeLinked(
  sql: Sql,
  phone: PhoneRow,
  was: PhoneState,
  as: { number: string; rate: number; dailyLimit: number },
  now: Date,
): Promise<'linked' | 'taken'> {
  const account = await accountOf(sql, as);
  const [other] = await sql.query<PhoneRow>(
    `select id, tenant_id as "tenantId" from linked_phones
     where account_id = $1 and id <> $2 and state in ('linked', 'lost') for update`,
    [account.id, phone.id],
  );
  if (other && other.tenantId !== phone.tenantId) return 'taken';
  // the same phone linked once more: the new link stands for both
  if (other) {
    await sql.query(`update linked_phones set state = 'removed', reason = 'linked_anew', code = null where id = $1`, [
      other.id,
    ]);
    await sql.query('delete from phone_sessions where phone_id = $1', [other.id]);
    await tell(sql, other, 'removed', 'linked_anew', now);
  }
  await sql.query(
    `update linked_phones set state = 'linked', account_id = $2, reason = null, code = null, failures = 0, lost_at = null,
       linked_at = coalesce(linked_at, (select max(linked_at) from linked_phones where account_id = $2), clock_timestamp())
     where id = $1`,
    [phone.id, account.id],
  );
  await sql.query(
    `insert into routes (tenant_id, channel, account_id, retired_at) values ($1, 'whatsapp', $2, clock_timestamp())
     on conflict do nothing`,
    [phone.tenantId, account.id],
  );
  await resume(sql, phone.tenantId, account.id);
  if (was !== 'linked') await tell(sql, phone, 'linked', null, now, was === 'linking' ? 'phone.use' : 'phone.show');
  await wake(sql, 'messages');
  return 'linked';
}

/** What waits for a phone leaves by this one, once it is used; what came to be due while it was put away, too. */
export async function resume(sql: Sql, tenantId: TenantId, accountId: AccountId): Promise<void> {
  await sql.query(
    `update messages set state = 'scheduled', reason = null, account_id = $2
     where id = any(array(select id from messages where tenant_id = $1 and state = 'held'
       and (reason = 'phone_gone' or reason = 'no_sender' and account_id = $2) order by id for update))
       and exists (select from routes where tenant_id = $1 and account_id = $2 and retired_at is null)`, // messages_waiting
    [tenantId, accountId],
  );
}

/** The link is over, or never came about. What waits for the phone goes another way, or is held once it is due. */
export async function becomeUnlinked(
  sql: Sql,
  phone: PhoneRow,
  state: Exclude<PhoneState, 'linking' | 'linked' | 'lost'>,
  reason: string | null,
  now: Date,
): Promise<void> {
  const [row] = await sql.query<{ accountId: AccountId | null }>(
    `update linked_phones set state = $2, reason = $3, code = null, leaving = false, held_by = null, held_until = null
     where id = $1 returning account_id as "accountId"`,
    [phone.id, state, reason],
  );
  await sql.query('delete from phone_sessions where phone_id = $1', [phone.id]);
  if (row?.accountId) {
    await sql.query(`delete from routes where tenant_id = $1 and account_id = $2`, [phone.tenantId, row.accountId]);
    await divert(sql, now);
  }
  await tell(sql, phone, state, reason, now);
}

/** The connection broke; it is tried again after `retrySeconds`. */
export async function becomeLost(
  sql: Sql,
  phone: PhoneRow,
  was: PhoneState,
  lost: { reason: string; retrySeconds: number },
  now: Date,
): Promise<void> {
  await sql.query(
    `update linked_phones set state = case when state = 'linked' then 'lost' else state end, reason = $2,
       lost_at = coalesce(lost_at, clock_timestamp()),
       failures = failures + 1, retry_at = clock_timestamp() + make_interval(secs => $3), held_by = null, held_until = null
     where id = $1`,
    [phone.id, lost.reason, lost.retrySeconds],
  );
  if (was === 'linked') await tell(sql, phone, 'lost', lost.reason, now);
}

/** A phone that is lost for this long counts as a sender that does not answer. */
const LOST_MINUTES = 5;
const REST_SECONDS = 60;

/**
 * Lets the accounts of phones rest that have been lost for a while, so that nothing new is given to them. In a transaction: one
 * that comes back meanwhile must not rest. Returns whose they are.
 */
export async function restLost(sql: Sql, now: Date): Promise<TenantId[]> {
  const lost = await sql.query<{ tenantId: TenantId; accountId: AccountId }>(
    // linked_phones_open
    `select tenant_id as "tenantId", account_id as "accountId" from linked_phones
     where state = 'lost' and lost_at <= clock_timestamp() - interval '${LOST_MINUTES} minutes'
     order by account_id for update skip locked`,
  );
  const rested = [];
  for (const { tenantId, accountId } of lost) {
    if (await restSilent(sql, accountId, REST_SECONDS, now)) rested.push(tenantId);
  }
  return rested;
}

const DIVERT = {
  name: 'phones-divert',
  // linked_phones_account and messages_due; a claim that was made before the phone went may come back later
  text: `with stuck as (
      select m.id, p.state = 'lost' as lost, (select r.account_id from routes r join accounts b on b.id = r.account_id
        where r.tenant_id = m.tenant_id and r.retired_at is null and r.account_id <> m.account_id
        order by coalesce(b.rests_until > clock_timestamp(), false), (r.channel = m.channel) desc, r.channel = 'email', r.place
        limit 1) as other
      from linked_phones p join accounts a on a.id = p.account_id
        join messages m on m.account_id = p.account_id and m.tenant_id = p.tenant_id and m.state = 'scheduled'
      where p.state in ('logged_out', 'removed') and not exists (select from linked_phones q
          where q.account_id = p.account_id and q.state in ('linked', 'lost'))
        or p.state = 'lost' and a.rests_until > clock_timestamp() and m.due_at <= $1
      for update of m skip locked)
    update messages m set account_id = coalesce(s.other, m.account_id),
      state = case when s.other is null then 'held' else m.state end,
      reason = case when s.other is null then 'phone_gone' else m.reason end
    from stuck s where m.id = s.id and (s.other is not null or not s.lost and m.due_at <= $1)
    returning m.id`,
};

/**
 * What was to leave from a phone that is gone is given to another sender of the tenant, where the guard finds the channel
 * for it; without one it is held when it is due. Of a phone that rests because it is lost, what is due is given away, and
 * waits where there is nobody to give it to. What may have left stays: it is no longer `scheduled`. Returns how many.
 */
export async function divert(sql: Sql, now: Date): Promise<number> {
  return (await sql.query(DIVERT, [now])).length;
}

async function tell(
  sql: Sql,
  phone: PhoneRow,
  state: PhoneState,
  reason: string | null,
  now: Date,
  then: 'phone.show' | 'phone.use' = 'phone.show',
): Promise<void> {
  await append(sql, phone.tenantId, now, 'system', [
    { type: 'phone.changed', data: { phoneId: phone.id, state, ...(reason !== null && { reason }) } },
  ]);
  await request(sql, phone.tenantId, [{ kind: then, key: phone.id }]);
}
