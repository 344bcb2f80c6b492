import type { Database } from '../db/index.ts';
import type { AccountId, AddressId, PersonId, TenantId } from '../lib/ids.ts';
import type { InboundMessage } from '../messaging/index.ts';

/** A tenant that a message on this number may be meant for. */
export interface Candidate {
  tenantId: TenantId;
  accountId: AccountId;
  personId: PersonId | null;
  addressId: AddressId | null;
  /** When this tenant last wrote to this address from this number. */
  lastWroteAt: Date | null;
  /** It names a message of ours to this person: then it is theirs, whatever address it came from. */
  answers?: boolean;
}

export type Destination =
  /** The tenants it concerns; the first is the one that it is an answer to. */
  { kind: 'tenants'; candidates: Candidate[] } | { kind: 'nobody'; reason: 'unknown_number' | 'several_tenants' };

const CANDIDATES = {
  name: 'inbound-candidates',
  // accounts_sender, addresses_value, sends_address; the gateway's account is the one whose secret was checked
  text: `select r.tenant_id as "tenantId", c.id as "accountId", a.person_id as "personId", a.id as "addressId",
      (select max(s.started_at) from sends s where s.address_id = a.id and s.account_id = c.id) as "lastWroteAt"
    from accounts c join routes r on r.account_id = c.id
      left join addresses a on a.tenant_id = r.tenant_id and a.kind = $4 and a.value = $3
    where c.channel = $1 and (c.sender = $2 or $2 = '' or c.sender = c.gateway_account) and c.gateway_account = $5
    order by "lastWroteAt" desc nulls last, (a.id is null), r.tenant_id`,
};

const ANSWERED = {
  name: 'inbound-answered',
  // a message of ours that a letter names (ids are too long to be guessed), of a tenant that uses the account which brought it
  text: `select m.tenant_id as "tenantId", s.account_id as "accountId", m.person_id as "personId", s.address_id as "addressId",
      s.started_at as "lastWroteAt", true as answers
    from messages m join sends s on s.message_id = m.id
    where m.id = $1 and m.channel = $2 and m.direction = 'out' and exists (
      select from accounts c join routes r on r.account_id = c.id
      where r.tenant_id = m.tenant_id and c.channel = $2 and c.gateway_account = $3)
    order by s.attempt desc limit 1`,
};

/** The one business whose own access to a gateway this account is: what comes to a number it has not connected is still its. */
export async function ownerOf(db: Database, accountSid: string): Promise<TenantId | undefined> {
  const owners = await db.system.query<{ tenantId: TenantId }>(
    'select distinct tenant_id as "tenantId" from credentials where gateway_account = $1 limit 2',
    [accountSid],
  );
  return owners.length === 1 ? owners[0]?.tenantId : undefined;
}

export async function findCandidates(
  db: Database,
  message: Pick<InboundMessage, 'accountSid' | 'channel' | 'to' | 'from' | 'letter'>,
): Promise<Candidate[]> {
  const { accountSid, channel, to, from, letter } = message;
  if (letter?.answers) {
    const answered = await db.system.query<Candidate>(ANSWERED, [letter.answers.messageId, channel, accountSid]);
    if (answered.length > 0) return answered;
  }
  return db.system.query<Candidate>(CANDIDATES, [
    channel,
    to,
    from,
    channel === 'email' ? 'email' : 'phone',
    accountSid,
  ]);
}

/**
 * Decides whom a message on a possibly shared number is for: the tenant that wrote last to this person from it. A stop
 * counts for every tenant that did. Never a guess: a stranger on a number of several tenants is parked. Pure.
 */
export function route(candidates: readonly Candidate[], isStop: boolean): Destination {
  const wrote = candidates.filter((candidate) => candidate.lastWroteAt !== null);
  const [latest] = wrote;
  if (latest) return { kind: 'tenants', candidates: isStop ? wrote : [latest] };
  const known = candidates.filter((candidate) => candidate.personId !== null);
  if (isStop && known.length > 0) return { kind: 'tenants', candidates: known };
  if (known.length === 1) return { kind: 'tenants', candidates: known };
  const [only, another] = candidates;
  if (!only) return { kind: 'nobody', reason: 'unknown_number' };
  if (another) return { kind: 'nobody', reason: 'several_tenants' };
  return { kind: 'tenants', candidates: [only] };
}
