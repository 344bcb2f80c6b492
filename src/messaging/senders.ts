import type { Sql } from '../db/index.ts';
import type { AccountId, MessageId } from '../lib/ids.ts';
import type { Account, Route, Routing } from '../tenants/index.ts';
import type { DueMessage } from './due.ts';
import { isWindowOpen } from './guard.ts';
import { portfolioOf } from './new-people.ts';
import type { ChannelName } from './port.ts';

/** Through which accounts a person and the tenant have talked. */
export interface Talk {
  /** The account of the newest message on each channel. */
  last: Partial<Record<ChannelName, AccountId>>;
  /** When the customer last wrote to each WhatsApp account, ISO 8601: the window is the sender's own. */
  windows: Record<string, string>;
}

/** What the account of a message is chosen by. */
export interface Choice {
  talk: Talk | undefined;
  /** What happens to a channel whose accounts all rest: `leave_out`, or `keep` the one that would be used were they well. */
  resting: 'leave_out' | 'keep';
  now: Date;
  /** The message's approved template, as `templateKey` writes it; left out where only free text would do. */
  template?: string | undefined;
  /** The account it was moved to because the one before takes nobody new, or cannot be reached: it stays there. */
  movedTo?: AccountId | undefined;
}

/** The account that would carry a message on each channel now. */
export interface Senders {
  accounts: Partial<Record<ChannelName, Account>>;
  routes: Partial<Record<ChannelName, Route>>;
}

const CHANNELS: readonly ChannelName[] = ['whatsapp', 'sms', 'email'];

/**
 * Chooses the account of each channel: the one of the conversation while it does well, else the first that does, in the
 * tenant's order. On WhatsApp one that may carry the message comes before one that may not: window and templates are each
 * sender's own. Pure.
 */
export function chooseSenders(routing: Routing, choice: Choice): Senders {
  const senders: Senders = { accounts: {}, routes: {} };
  for (const channel of CHANNELS) {
    const route = pick(routesOf(routing, channel), choice.talk?.last[channel], choice);
    if (!route) continue;
    senders.accounts[channel] = route.account;
    senders.routes[channel] = route;
  }
  return senders;
}

function pick(routes: readonly Route[], own: AccountId | undefined, choice: Choice): Route | undefined {
  const first = routes.some(({ account }) => account.id === choice.movedTo) ? choice.movedTo : own;
  const inOrder = [...routes].sort((a, b) => Number(b.account.id === first) - Number(a.account.id === first));
  const well = inOrder.filter(({ restsUntil }) => restsUntil === null);
  const able = (route: Route) => mayCarry(route, choice);
  if (choice.resting === 'leave_out') return well.find(able) ?? well[0];
  return well.find(able) ?? inOrder.find(able) ?? well[0] ?? inOrder[0];
}

/** Whether a sender may write this to the customer now; on other channels than WhatsApp each may. Pure. */
function mayCarry({ account, approved }: Route, { talk, now, template }: Choice): boolean {
  if (account.channel !== 'whatsapp' || account.freeText) return true;
  const at = talk?.windows[account.id];
  return (at !== undefined && isWindowOpen(new Date(at), now)) || (template !== undefined && approved.has(template));
}

/**
 * Who takes over when an account takes nobody new: the next one of the channel that does well and may carry the message, further
 * down the tenant's list. Not a linked phone, which is far slower than whatever was held up. Pure.
 */
export function nextSender(routing: Routing, { id, channel }: Account, choice: Choice): Route | undefined {
  const routes = routesOf(routing, channel);
  const after = routes.slice(routes.findIndex(({ account }) => account.id === id) + 1);
  return after.find((route) => route.restsUntil === null && !route.account.freeText && mayCarry(route, choice));
}

/**
 * Who takes over when the gateway of an account cannot be reached: the next sender of the channel that does well at another
 * gateway, from the top again unless the message has come down the list already. Pure.
 */
export function standbySender(routing: Routing, account: Account, choice: Choice): Route | undefined {
  const routes = routesOf(routing, account.channel);
  const at = routes.findIndex((route) => route.account.id === account.id);
  const others = [...routes.slice(at + 1), ...(choice.movedTo ? [] : routes.slice(0, at))];
  return others.find(
    (route) =>
      route.restsUntil === null && portfolioOf(route.account) !== portfolioOf(account) && mayCarry(route, choice),
  );
}

/** Whether the account `id` is at another gateway than `account`, and does well. Pure. */
export const isElsewhere = ({ routes = [] }: Routing, id: AccountId, account: Account): boolean =>
  routes.some(
    (route) =>
      route.account.id === id && route.restsUntil === null && portfolioOf(route.account) !== portfolioOf(account),
  );

/** Whether the channel has another account that does well and may carry the message. Pure. */
export const isSwitchable = (routing: Routing, { id, channel }: Account, choice: Choice): boolean =>
  routesOf(routing, channel).some(
    (route) => route.account.id !== id && route.restsUntil === null && mayCarry(route, choice),
  );

function routesOf({ routes, accounts, approved }: Routing, channel: ChannelName): readonly Route[] {
  if (routes) return routes.filter(({ account }) => account.channel === channel);
  const account = accounts[channel];
  return account ? [{ account, restsUntil: null, rests: 0, approved }] : [];
}

/** Whether it matters who has carried what: some channel has more than one account. */
export const hasChoice = ({ routes = [] }: Routing): boolean =>
  new Set(routes.map(({ account }) => account.channel)).size < routes.length;

/** The routing while these accounts rest besides, until then (machine ms). Pure. */
export function resting(routing: Routing, accounts: readonly AccountId[], until: number): Routing {
  if (accounts.length === 0 || !routing.routes) return routing;
  const rest = (route: Route): Route =>
    accounts.includes(route.account.id) ? { ...route, restsUntil: Math.max(route.restsUntil ?? 0, until) } : route;
  return { ...routing, routes: routing.routes.map(rest) };
}

/** Whether an account of the tenant rests just now. */
export const someRest = ({ routes = [] }: Routing): boolean => routes.some(({ restsUntil }) => restsUntil !== null);

const TALKS = {
  name: 'messages-talks',
  // messages_person, addresses_person
  text: `select m.id,
      (select jsonb_object_agg(t.channel, t.account_id) from (
        select distinct on (x.channel) x.channel, x.account_id from messages x
        where x.person_id = m.person_id and x.id <> m.id and x.account_id is not null
          and (x.direction = 'in' or x.sent_at is not null)
        order by x.channel, coalesce(x.sent_at, x.created_at) desc) t) as last,
      (select jsonb_object_agg(t.account_id, t.at) from (
        select w.account_id, max(w.last_inbound_at) as at from service_windows w join addresses a on a.id = w.address_id
        where a.person_id = m.person_id group by w.account_id) t) as windows
    from messages m where m.id = any($1::uuid[])`,
};

/** Reads how the people of these messages have been talked with. */
export async function readTalks(sql: Sql, messages: readonly DueMessage[]): Promise<Map<MessageId, Talk>> {
  const rows = await sql.query<{ id: MessageId; last: Talk['last'] | null; windows: Talk['windows'] | null }>(TALKS, [
    messages.map(({ id }) => id),
  ]);
  return new Map(rows.map(({ id, last, windows }) => [id, { last: last ?? {}, windows: windows ?? {} }]));
}

/** The message as its window stands with the account that would carry it on WhatsApp. */
export function withWindow(message: DueMessage, talk: Talk | undefined, { accounts }: Senders): DueMessage {
  if (!talk || !accounts.whatsapp) return message;
  const at = talk.windows[accounts.whatsapp.id];
  return { ...message, lastInboundAt: at ? new Date(at) : null };
}
