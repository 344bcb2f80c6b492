import type { Sql } from '../db/index.ts';
import { KnownError } from '../lib/errors.ts';
import { type AccountId, newId, type TenantId } from '../lib/ids.ts';
import type { Account, Credentials, GatewayAccess, Sender, Staff } from '../tenants/index.ts';

/*
 * What a business connects is kept before it is used: the sender has its row and a route that is marked as put away, so nothing
 * leaves by it until a change of the order names it. Access that something leaves by already is not replaced here: it comes
 * with that change as well.
 */

/** A sender that a tenant connects. */
export interface NewSender {
  channel: Account['channel'];
  /** E.164, or a mailbox. */
  sender: string;
  /** Messages a second. */
  rate: number;
  /** Sends a day at most. */
  dailyLimit?: number;
  /** New people in 24 hours at most (WhatsApp). */
  newPeopleLimit?: number;
}

/** Access to a gateway as a tenant gives it. */
export interface NewAccess {
  vendor: string;
  gatewayAccount: string;
  secrets: Record<string, string>;
  senders: readonly NewSender[];
}

export type KeptSender = Sender & Pick<Account, 'channel'>;

/** What was kept of access, and what is left for the change that puts it to use. */
export interface Kept {
  senders: KeptSender[];
  /** The business had access to this account before. */
  renewed: boolean;
  /** How often this access was given, once the change counts. */
  given: number;
  /** Senders that leave by the access that is replaced. */
  kin: AccountId[];
  /** What takes the place of access in use; left out when the access was kept here. */
  replaces?: GatewayAccess;
}

/** Keeps access and its senders, across tenants. Throws `misconfigured` for a sender of the platform's. */
export async function keepSenders(sql: Sql, credentials: Credentials, staff: Staff, access: NewAccess): Promise<Kept> {
  const { tenantId } = staff;
  const { vendor, secrets } = access;
  const gatewayAccount = await accountName(sql, tenantId, access);
  const known = await knownAccess(sql, tenantId, { vendor, gatewayAccount });
  const inUse = known !== undefined && known.kin.length > 0;
  const by = { tenantId, staffId: staff.id };
  const credentialId = inUse ? known.id : (await credentials.keep(sql, by, { vendor, gatewayAccount, secrets })).id;
  const given = (known?.given ?? 0) + 1;
  const senders: KeptSender[] = [];
  for (const each of access.senders) {
    const id = await keepAccount(sql, { ...each, vendor, gatewayAccount, tenantId, credentialId });
    await sql.query(
      `insert into routes (tenant_id, channel, account_id, retired_at) values ($1, $2, $3, clock_timestamp()) on conflict do nothing`,
      [tenantId, each.channel, id],
    );
    senders.push({ id, channel: each.channel, vendor, sender: each.sender, given });
  }
  const renewed = known !== undefined;
  const { kin = [] } = known ?? {};
  return { senders, renewed, given, kin, ...(inUse && { replaces: { vendor, gatewayAccount, secrets } }) };
}

/** The business's access to an account, and the senders in use that leave by it. */
async function knownAccess(sql: Sql, tenantId: TenantId, account: Pick<Account, 'vendor' | 'gatewayAccount'>) {
  const [known] = await sql.query<{ id: string; given: number; kin: AccountId[] }>(
    // the unique key of credentials, routes_account
    `select c.id, c.version as given, array(select a.id from accounts a join routes r on r.account_id = a.id
       where r.tenant_id = c.tenant_id and r.retired_at is null and a.credential_id is not null
         and a.vendor = c.vendor and a.gateway_account = c.gateway_account order by a.id) as kin
     from credentials c where c.tenant_id = $1 and c.vendor = $2 and c.gateway_account = $3 for update`,
    [tenantId, account.vendor, account.gatewayAccount],
  );
  return known;
}

/**
 * The account by which access is kept. A mail server has none to name, and who names a mailbox has proven only that they
 * can sign in somewhere: so two businesses that name the same mailbox stay apart. One kept before this was so keeps its name.
 */
async function accountName(sql: Sql, tenantId: TenantId, access: NewAccess): Promise<string> {
  const { vendor, gatewayAccount, senders } = access;
  const mailbox = senders.find(({ channel }) => channel === 'email')?.sender;
  if (mailbox === undefined) return gatewayAccount;
  const [kept] = await sql.query<{ name: string }>(
    `select a.gateway_account as name from accounts a join credentials c on c.id = a.credential_id
     where c.tenant_id = $1 and a.vendor = $2 and a.channel = 'email' and a.sender = $3`,
    [tenantId, vendor, mailbox],
  );
  return kept?.name ?? `${gatewayAccount}#${tenantId}`;
}

/**
 * The sender with its access. One that another business connected is used by both, since both have proven that its account at
 * the gateway is theirs, and stays with the access it has while that is accepted (`access.ts`). Throws `misconfigured` for the platform's own.
 */
async function keepAccount(
  sql: Sql,
  own: NewSender & { vendor: string; gatewayAccount: string; tenantId: TenantId; credentialId: string },
): Promise<AccountId> {
  const { vendor, gatewayAccount, channel, sender, rate, dailyLimit, newPeopleLimit, credentialId } = own;
  const [platforms] = await sql.query(
    // a mailbox is the same whatever its account is called
    `select from accounts where vendor = $1 and channel = $2 and sender = $3 and credential_id is null
       and (gateway_account = $4 or channel = 'email')`,
    [vendor, channel, sender, gatewayAccount],
  );
  if (platforms) {
    const words = `${sender} is the platform's sender, which your business may use as it is. Connect one of your own.`;
    throw new KnownError('misconfigured', 'a sender of the platform', words);
  }
  const [kept] = await sql.query<{ id: AccountId }>(
    `insert into accounts as a (id, vendor, channel, sender, gateway_account, rate, tokens, daily_limit, credential_id, new_people_limit)
     values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9)
     on conflict (channel, sender, vendor, gateway_account) do update
       set new_people_limit = coalesce($9, a.new_people_limit)
       where a.credential_id in (select id from credentials where tenant_id = $10)
     returning a.id`,
    [
      newId(),
      vendor,
      channel,
      sender,
      gatewayAccount,
      rate,
      dailyLimit ?? null,
      credentialId,
      newPeopleLimit ?? null,
      own.tenantId,
    ],
  );
  if (kept) return kept.id;
  const [shared] = await sql.query<{ id: AccountId }>(
    // accounts_sender
    `select id from accounts where channel = $1 and sender = $2 and vendor = $3 and gateway_account = $4
       and credential_id is not null`,
    [channel, sender, vendor, gatewayAccount],
  );
  if (!shared) throw new Error('a sender was not kept');
  return shared.id;
}
