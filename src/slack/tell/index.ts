import { z } from 'zod';
import type { EffectHandler } from '../../events/index.ts';
import type { LeadId, MessageId, TenantId } from '../../lib/ids.ts';
import { type CardDeps, type Cards, isDirect, isGone, leaders, type Post, post, subjectOf } from '../card/index.ts';
import { knownZone, timesFor } from '../format.ts';
import { noteFor } from './note.ts';
import { type Occasion, readTold, type Told } from './read.ts';

const occasion = z.object({
  what: z.enum(['replied', 'opted_out', 'opted_in', 'unsure', 'help', 'unknown_sender']),
  leadId: z.uuid().nullish(),
  messageId: z.uuid().nullish(),
  by: z.string().default(''),
  scope: z.string().default('all'),
  cancelled: z.number().default(0),
  inFlight: z.boolean().default(false),
});

/**
 * Tells the salesperson what a customer did, in the lead's thread. What belongs to no lead goes to the channel of the
 * activity feed, else to the managers and admins one by one. A note may come twice after a crash.
 */
export function createTell(deps: CardDeps & { cards: Cards }): EffectHandler {
  const { cards } = deps;

  /** Writes the note for those who are to be rung. */
  async function noteOf(tenantId: TenantId, told: Told, to: readonly string[], zone: string | null): Promise<Post> {
    const tenant = await deps.tenants.byId(tenantId);
    const now = deps.clock.now();
    const times = timesFor({ zone: knownZone(zone, tenant.zone), country: tenant.country, now });
    const subject = told.playbook ? subjectOf(told, deps.playbooks.get(told.playbook)) : '';
    return noteFor(told, subject, to, times, now);
  }

  async function toLead(tenantId: TenantId, leadId: LeadId, told: Told, attempt: number): Promise<void> {
    const view = await cards.view(tenantId, leadId);
    const people = view?.owner ? [] : leaders(await deps.staff.list(tenantId));
    const to = view?.owner ? [view.owner.slackUserId] : people.map((person) => person.slackUserId).slice(0, 5);
    const note = await noteOf(tenantId, told, to, view?.reader.zone ?? null);
    const place = await cards.say(tenantId, leadId, note, attempt);
    // a lead without an owner has its card with the first of them
    if (place && isDirect(place.channel)) await toEach(tenantId, to.slice(1), note);
  }

  async function toEach(tenantId: TenantId, people: readonly string[], note: Post): Promise<void> {
    const client = await deps.clientOf(tenantId);
    for (const slackUserId of people) {
      const channel = await cards.outlets.directMessage(client, [{ slackUserId }]);
      if (channel) await post(client, channel, note);
    }
  }

  async function toLeaders(tenantId: TenantId, told: Told): Promise<void> {
    const { feedChannel } = await deps.tenants.settings(tenantId);
    const note = await noteOf(tenantId, told, [], null);
    if (feedChannel && (await cards.outlets.usable(tenantId, feedChannel))) {
      try {
        await post(await deps.clientOf(tenantId), feedChannel, note);
        return;
      } catch (error) {
        if (!isGone(error)) throw error;
        deps.log.warn({ err: error, tenant: tenantId }, 'the feed channel refused a note, managers get it');
      }
    }
    const people = leaders(await deps.staff.list(tenantId)).map((person) => person.slackUserId);
    await toEach(tenantId, people, note);
  }

  return async ({ tenantId, data, attempt }) => {
    const { leadId, messageId, ...rest } = occasion.parse(data);
    const wanted: Occasion = {
      ...rest,
      leadId: (leadId ?? null) as LeadId | null,
      messageId: (messageId ?? null) as MessageId | null,
    };
    const keys = await deps.tenants.keys(tenantId);
    const told = await deps.db.inTenant(tenantId, (tx) => readTold(tx, keys.data, wanted, deps.clock.now()));
    if (!told) return;
    if (told.leadId) await toLead(tenantId, told.leadId, told, attempt);
    else await toLeaders(tenantId, told);
  };
}
