import type { NewEffect } from '../events/index.ts';
import type { LeadId } from '../lib/ids.ts';
import { asksForSilence, type KnownPerson, type NewAddress } from '../people/index.ts';

/** Addresses that an enquiry names and that the person whom it is of was not known to have. */
export interface Further {
  /** They are the person's from now on. */
  added: NewAddress[];
  /** They are kept with the enquiry, and nothing goes there: anybody may have written them, under anybody's name. */
  claimed: NewAddress[];
}

/**
 * Parts what a known person's enquiry names beyond what we know. Whose address asked for silence, or did before they were
 * erased, is not written to by way of somebody else: it is left out (G3). `closed` tells the channels that are remembered
 * as closed for an address.
 */
export async function furtherAddresses(
  known: Pick<KnownPerson, 'addresses'>,
  wanted: readonly NewAddress[],
  anonymous: boolean,
  closed: (address: NewAddress) => Promise<readonly string[]> | readonly string[],
): Promise<Further> {
  const further: NewAddress[] = [];
  for (const address of wanted) {
    if (known.addresses.some(({ kind, value }) => kind === address.kind && value === address.value)) continue;
    if (!asksForSilence(address.kind, await closed(address))) further.push(address);
  }
  return anonymous ? { added: [], claimed: further } : { added: further, claimed: [] };
}

/** Whoever looks after the lead hears of what an enquiry claims: they can ask, and put it in. */
export const tellClaims = (leadId: LeadId, { claimed }: Further): NewEffect[] =>
  claimed.length === 0 ? [] : [{ kind: 'staff.tell', key: `claimed/${leadId}`, data: { leadId, what: 'claimed' } }];
