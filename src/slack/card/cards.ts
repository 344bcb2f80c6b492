import type { Database, Tx } from '../../db/index.ts';
import { type NewEffect, request } from '../../events/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { LeadId, TenantId } from '../../lib/ids.ts';
import type { Logger } from '../../lib/logger.ts';
import type { NewPeople } from '../../messaging/index.ts';
import { isErased } from '../../privacy/index.ts';
import type { Playbooks, RoutingBook, StaffBook, Tenants } from '../../tenants/index.ts';
import type { SlackClient } from '../client.ts';
import { section } from '../views.ts';
import { cardBlocks } from './blocks.ts';
import { ERASED_CARD } from './erased.ts';
import {
  createOutlets,
  isDirect,
  isGone,
  leaders,
  type Outlets,
  type Place,
  type Post,
  post,
  revise,
} from './outlets.ts';
import { readCard } from './read.ts';
import { cardMetadata, findCard, keepPlace, lockCard, mayBePosted, placeOf } from './threads.ts';
import type { CardView } from './view.ts';

export interface CardDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  tenants: Tenants;
  staff: StaffBook;
  playbooks: Playbooks;
  routing: RoutingBook;
  /** The address that links and logos begin with. */
  publicUrl: string;
  newPeople: Pick<NewPeople, 'fullUntil' | 'room'>;
  clientOf(tenantId: TenantId): Promise<SlackClient>;
}

export interface Cards {
  outlets: Outlets;
  /** What the card shows now; null when there is no such lead. */
  view(tenantId: TenantId, leadId: LeadId): Promise<CardView | null>;
  /** Where the card was posted, if it was. */
  known(tenantId: TenantId, leadId: LeadId): Promise<Place | undefined>;
  /**
   * Makes the card in Slack show the lead as it is now; posts it when there is none, but not for a lead of a file from
   * whom nobody has heard: thousands of cards would bury the others. `attempt` counts from 1.
   * Returns what was shown; null when there is no such lead.
   */
  refresh(tenantId: TenantId, leadId: LeadId, attempt: number): Promise<CardView | null>;
  /** Where the card is, posted first if need be. Null when there is no lead, or nobody who could see it. */
  place(tenantId: TenantId, leadId: LeadId, attempt: number): Promise<Place | null>;
  /**
   * Brings a card that is in a direct message to whoever looks after the lead now; `left` runs in the transaction that
   * keeps its new place, and the old one is emptied behind it. Returns the lead as it is; null when there is none.
   */
  follow(
    tenantId: TenantId,
    leadId: LeadId,
    attempt: number,
    left: (tx: Tx, old: Place) => Promise<void>,
  ): Promise<CardView | null>;
  /** Says something in the lead's thread, which only staff can see. Null when there is no place for it. */
  say(tenantId: TenantId, leadId: LeadId, message: Post, attempt: number): Promise<Place | null>;
}

const MOVED: Post = {
  text: 'This card has moved to a direct message.',
  blocks: [
    section('This card has moved to a direct message, because this channel is shared with another organisation.'),
  ],
};

export function createCards(deps: CardDeps): Cards {
  const { db, log, tenants, staff, clientOf } = deps;
  const outlets = createOutlets(deps);

  async function read(
    tenantId: TenantId,
    leadId: LeadId,
  ): Promise<{ view: CardView; place: Place | undefined } | null> {
    const tenant = await tenants.byId(tenantId);
    return db.inTenant(tenantId, async (tx) => {
      const view = await readCard(tx, deps, tenant, leadId);
      return view && { view, place: await placeOf(tx, leadId) };
    });
  }

  /**
   * Posts the card and keeps its place. `instead` is a place that turned out not to be usable any more. Slack is called
   * inside the transaction, so that nobody posts a second one meanwhile; it waits for one lock and holds no row before
   * that, so it is never part of a deadlock and never run again.
   */
  async function postCard(
    tenantId: TenantId,
    leadId: LeadId,
    attempt: number,
    instead?: Place,
    left?: (tx: Tx, old: Place) => Promise<void>,
  ): Promise<Place | null> {
    const [tenant, { cardChannel }, client, people] = await Promise.all([
      tenants.byId(tenantId),
      tenants.settings(tenantId),
      clientOf(tenantId),
      staff.list(tenantId),
    ]);
    const channel = cardChannel && !instead && (await outlets.usable(tenantId, cardChannel)) ? cardChannel : undefined;
    return db.inTenant(tenantId, async (tx) => {
      await lockCard(tx, leadId);
      const place = await placeOf(tx, leadId);
      if (place && place.ts !== instead?.ts) return place; // somebody else was faster
      const view = await readCard(tx, deps, tenant, leadId);
      if (!view) return null;
      const sought = await mayBePosted(tx, leadId, attempt);
      const direct = () => outlets.directMessage(client, [...(view.owner ? [view.owner] : []), ...leaders(people)]);
      const posted = await postOnce(client, channel ?? (await direct()), view, sought).catch(async (error) => {
        if (!channel || !isGone(error)) throw error;
        log.warn({ err: error, tenant: tenantId, channel }, 'the channel for cards refused one, it goes to its owner');
        return postOnce(client, await direct(), view, sought);
      });
      if (posted) {
        await keepPlace(tx, leadId, posted);
        if (instead) await left?.(tx, instead);
      } else log.warn({ tenant: tenantId, lead: leadId }, 'nobody is there to see a lead');
      return posted;
    });
  }

  /** Posts the card; looks first whether it is there already where it is `sought`. */
  async function postOnce(
    client: SlackClient,
    channel: string | undefined,
    view: CardView,
    sought: boolean,
  ): Promise<Place | null> {
    if (channel === undefined) return null;
    const message = cardPost(view, channel);
    const earlier = sought ? await findCard(client, channel, view.lead.id) : undefined;
    if (!earlier) return post(client, channel, message);
    await revise(client, earlier, message);
    return earlier;
  }

  /** A place that may be written to, or what to post instead of. */
  async function check(tenantId: TenantId, place: Place): Promise<boolean> {
    if (await outlets.usable(tenantId, place.channel)) return true;
    await revise(await clientOf(tenantId), place, MOVED).catch((error) => {
      log.warn({ err: error, tenant: tenantId }, 'an old card could not be taken down');
    });
    return false;
  }

  /** It was written to a place that the card has left meanwhile, with a hand-over: that is emptied once more. */
  async function clearIfLeft(tenantId: TenantId, leadId: LeadId, place: Place): Promise<boolean> {
    if (!isDirect(place.channel)) return false;
    return db.inTenant(tenantId, async (tx) => {
      const now = await placeOf(tx, leadId);
      if (!now || now.ts === place.ts) return false;
      await request(tx, tenantId, [clearing(place)]);
      return true;
    });
  }

  const knownPlace = (tenantId: TenantId, leadId: LeadId) => db.inTenant(tenantId, (tx) => placeOf(tx, leadId));

  async function place(tenantId: TenantId, leadId: LeadId, attempt: number): Promise<Place | null> {
    const known = await knownPlace(tenantId, leadId);
    if (known && (await check(tenantId, known))) return known;
    return postCard(tenantId, leadId, attempt, known);
  }

  return {
    outlets,
    place,
    known: knownPlace,
    view: async (tenantId, leadId) => (await read(tenantId, leadId))?.view ?? null,
    async refresh(tenantId, leadId, attempt) {
      const found = await read(tenantId, leadId);
      if (!found) return null;
      const { view, place: known } = found;
      if (view.quiet && !known) return view;
      if (!known || !(await check(tenantId, known))) {
        await postCard(tenantId, leadId, attempt, known);
        return view;
      }
      try {
        const client = await clientOf(tenantId);
        await revise(client, known, cardPost(view, known.channel));
        await clearIfLeft(tenantId, leadId, known);
        // it was read a moment ago: an erasure since then takes the name away again
        if (await isErased(db.system, tenantId, leadId)) await revise(client, known, ERASED_CARD);
      } catch (error) {
        if (!isGone(error)) throw error;
        log.warn({ err: error, tenant: tenantId, lead: leadId }, 'a card is gone, it is posted anew');
        await postCard(tenantId, leadId, attempt, known);
      }
      return view;
    },
    async follow(tenantId, leadId, attempt, left) {
      const found = await read(tenantId, leadId);
      if (!found) return null;
      const { view, place: known } = found;
      if (!known || !isDirect(known.channel)) return view;
      const [client, people] = await Promise.all([clientOf(tenantId), staff.list(tenantId)]);
      const now = await outlets.directMessage(client, [...(view.owner ? [view.owner] : []), ...leaders(people)]);
      if (now === undefined || now === known.channel) return view;
      await postCard(tenantId, leadId, attempt, known, async (tx, old) => {
        await left(tx, old);
        await request(tx, tenantId, [clearing(old)]);
      });
      return view;
    },
    async say(tenantId, leadId, message, attempt) {
      const root = await place(tenantId, leadId, attempt);
      if (!root) return null;
      const client = await clientOf(tenantId);
      try {
        const said = await post(client, root.channel, message, root.ts);
        if (!(await clearIfLeft(tenantId, leadId, root))) return said;
        const moved = await place(tenantId, leadId, attempt);
        return moved && (await post(client, moved.channel, message, moved.ts));
      } catch (error) {
        if (!isGone(error)) throw error;
        const fresh = await postCard(tenantId, leadId, attempt, root);
        return fresh && post(client, fresh.channel, message, fresh.ts);
      }
    },
  };
}

const clearing = ({ channel, ts }: Place): NewEffect => ({
  kind: 'card.clear',
  key: `${channel}/${ts}`,
  data: { channel, ts },
});

const cardPost = (view: CardView, channel: string): Post => ({
  ...cardBlocks({ ...view, mayGive: view.mayGive || !isDirect(channel) }),
  metadata: cardMetadata(view.lead.id),
  ...(view.masthead && { masthead: view.masthead }),
});
