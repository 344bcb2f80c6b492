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
}

export type Destination =
  /** The tenants it concerns; the first is the one that it is an answer to. */
  { kind: 'tenants'; candidates: Candidate[] } | { kind: 'nobody'; reason: 'unknown_number' | 'several_tenants' };

const CANDIDATES = {
  name: 'inbound-candidates',
  // addresses_value, sends_address
  text: `select r.tenant_id as "tenantId", c.id as "accountId", a.person_id as "personId", a.id as "addressId",
      (select max(s.started_at) from sends s where s.address_id = a.id and s.account_id = c.id) as "lastWroteAt"
    from accounts c join routes r on r.account_id = c.id
      left join addresses a on a.tenant_id = r.tenant_id and a.kind = 'phone' and a.value = $3
    where c.channel = $1 and c.sender = $2
    order by "lastWroteAt" desc nulls last, (a.id is null), r.tenant_id`,
};

export async function findCandidates(
  db: Database,
  message: Pick<InboundMessage, 'channel' | 'to' | 'from'>,
): Promise<Candidate[]> {
  return db.system.query<Candidate>(CANDIDATES, [message.channel, message.to, message.from]);
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
