import type { Tx } from '../db/index.ts';
import type { AccountId } from '../lib/ids.ts';
import type { Sender, Senders } from './settings.ts';

/** Channels in the order in which people are told of them. */
export const SENDER_CHANNELS = ['whatsapp', 'sms', 'email'] as const;

const VENDORS: Record<string, string> = {
  twilio: 'Twilio',
  sinch: 'Sinch',
  mail: 'a mail server',
  'whatsapp-web': 'a linked phone',
};

/** What people call a gateway. */
export const vendorName = (vendor: string): string => VENDORS[vendor] ?? vendor;

/** The senders by channel, in the order in which they are tried, as they are at this moment; every channel is there. */
export async function readSenders(tx: Tx): Promise<Senders> {
  const rows = await tx.query<Sender & { channel: (typeof SENDER_CHANNELS)[number] }>(
    // the primary key of routes
    `select r.channel, a.id, a.vendor, a.sender, c.version as given
     from routes r join accounts a on a.id = r.account_id
       left join credentials c on a.credential_id is not null and c.tenant_id = r.tenant_id and c.vendor = a.vendor
         and c.gateway_account = a.gateway_account
     where r.tenant_id = $1 and r.retired_at is null order by r.place, a.id`,
    [tx.tenantId],
  );
  const of = (channel: string) => rows.filter((row) => row.channel === channel).map(({ channel: _, ...row }) => row);
  return Object.fromEntries(SENDER_CHANNELS.map((channel) => [channel, of(channel)]));
}

/** What becomes of one sender when the order of its channel becomes another one. */
export interface SenderMove {
  what: 'connected' | 'renewed' | 'ordered' | 'removed';
  sender: Sender;
  /** Places from 1, for `ordered`. */
  from?: number;
  to?: number;
}

/**
 * What leads from one order to the other. Of those that stay where only their order is another one, the first that stands
 * elsewhere is named. Pure.
 */
export function senderMoves(before: readonly Sender[], after: readonly Sender[]): SenderMove[] {
  const at = (list: readonly Sender[], { id }: Sender) => list.findIndex((each) => each.id === id);
  const added = after.filter((each) => at(before, each) < 0);
  const removed = before.filter((each) => at(after, each) < 0);
  const renewed = after.filter((each) => at(before, each) >= 0 && before[at(before, each)]?.given !== each.given);
  const [stayed, stay] = [before.filter((each) => at(after, each) >= 0), after.filter((each) => at(before, each) >= 0)];
  const moved = stay.find((each, place) => stayed[place]?.id !== each.id);
  return [
    ...added.map((sender): SenderMove => ({ what: 'connected', sender })),
    ...renewed.map((sender): SenderMove => ({ what: 'renewed', sender })),
    ...(moved
      ? [{ what: 'ordered' as const, sender: moved, from: at(before, moved) + 1, to: at(after, moved) + 1 }]
      : []),
    ...removed.map((sender): SenderMove => ({ what: 'removed', sender })),
  ];
}

/** The id of an account, which settings keep as text. */
export const accountIdOf = ({ id }: Sender): AccountId => id as AccountId;
