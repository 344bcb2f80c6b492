import type { MessageId } from '../lib/ids.ts';
import type { Account } from '../tenants/index.ts';
import type { DueMessage } from './due.ts';
import type { Way } from './guard.ts';
import { countsNewPeople, type NewPeople, portfolioOf } from './new-people.ts';
import type { Transition } from './record.ts';

/** What is looked at of a message that is ready. */
interface Opening {
  id: MessageId;
  message: DueMessage;
  account: Account;
  outgoing: { template?: object };
  /** Where it goes when this channel does not take it. */
  other: Way | null;
  /** The next sender of the channel. */
  overflow: Account | null;
}

/**
 * Keeps back what would exceed the platform's limit of new people. It goes by the tenant's next WhatsApp sender that has a limit of
 * its own, else by the next channel of its plan where the person can be reached there; whatever has no
 * other way waits until there is a place. Templates are what is written outside a window, and nothing else is counted.
 */
export async function makeRoom<T extends Opening>(
  newPeople: Pick<NewPeople, 'take'>,
  ready: readonly T[],
  now: Date,
): Promise<{ ready: T[]; moves: Transition[] }> {
  const counted = ready.filter(({ account, outgoing }) => outgoing.template && countsNewPeople(account));
  if (counted.length === 0) return { ready: [...ready], moves: [] };

  const without = new Map<T, Date>();
  for (const each of byPortfolio(counted)) {
    const people = each.openings.map(({ message: { tenantId, addressId } }) => ({ tenantId, addressId }));
    const free = await newPeople.take(each.account, people, now);
    for (const opening of each.openings) {
      const at = free.get(opening.message.addressId);
      if (at) without.set(opening, at);
    }
  }
  return {
    ready: ready.filter((each) => !without.has(each)),
    moves: [...without].map(([opening, at]) => later(opening, at)),
  };
}

/** The openings of each portfolio, in their order. */
function byPortfolio<T extends Opening>(openings: readonly T[]): { account: Account; openings: T[] }[] {
  const groups = new Map<string, { account: Account; openings: T[] }>();
  for (const opening of openings) {
    const key = portfolioOf(opening.account);
    const group = groups.get(key) ?? { account: opening.account, openings: [] };
    groups.set(key, group);
    group.openings.push(opening);
  }
  return [...groups.values()];
}

function later({ id, message, account, other, overflow }: Opening, until: Date): Transition {
  const base = { id, attempt: message.attempt, from: 'claimed', state: 'scheduled' } as const;
  if (overflow && portfolioOf(overflow) !== portfolioOf(account)) {
    return { ...base, reason: 'fallback:new_people', ...wayOf(message), accountId: overflow.id };
  }
  return other
    ? { ...base, reason: 'fallback:new_people', ...other }
    : { ...base, reason: `new_people:${account.newPeopleLimit}`, dueAt: until };
}

const wayOf = ({ channel, accountId, addressId }: DueMessage): Way => ({ channel, accountId, addressId });
