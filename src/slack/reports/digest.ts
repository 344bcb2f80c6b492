import { z } from 'zod';
import type { Effect, EffectHandler } from '../../events/index.ts';
import { DIGEST_KINDS, digestDay, readersOf } from '../../reports/index.ts';
import { type Staff, type Tenant, tenantPlaybooks } from '../../tenants/index.ts';
import { isGone, leaders, type Post, post } from '../card/index.ts';
import type { SlackClient } from '../client.ts';
import { knownZone, timesFor } from '../format.ts';
import { messagesOf } from '../messages.ts';
import type { ReportDeps } from './deps.ts';
import { digestView } from './digest-view.ts';
import type { Page } from './lines.ts';
import { showPicture } from './picture.ts';

const EVENT = 'digest';
/** Messages looked through for a digest that may have been posted before a crash. */
const LOOK_BACK = 100;

/** Who reads a digest that would reach nobody else: its readers, then whoever else may see all figures. Pure. */
const standInsOf = (people: readonly Staff[]): Staff[] => {
  const readers = readersOf(people);
  return [...readers, ...leaders(people).filter((each) => !readers.includes(each))];
};

const posted = z.object({
  metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
});

/**
 * Posts a digest to its channel, or to one person, unless a newer one is due. That it is posted once is decided when it is asked for; after a crash
 * the one that may be there is looked for by its key.
 */
export function createDigestPost(deps: ReportDeps): EffectHandler {
  const { clock, log, tenants, staff, cards } = deps;

  async function placeOf(
    tenant: Tenant,
    receiver: string,
    people: readonly Staff[],
    client: SlackClient,
  ): Promise<string | undefined> {
    const { digestChannel } = await tenants.settings(tenant.id);
    if (receiver === 'channel') {
      if (digestChannel && (await cards.outlets.usable(tenant.id, digestChannel))) return digestChannel;
      log.warn({ tenant: tenant.id }, 'the channel of the digests cannot be used, a manager gets it');
      return cards.outlets.directMessage(client, standInsOf(people));
    }
    const own = people.filter(({ id }) => id === receiver);
    return (await cards.outlets.directMessage(client, own)) ?? inPlaceOf(receiver, people, client);
  }

  /** Where somebody has left: of those who get their own nobody is left either, and this is the first of them. */
  async function inPlaceOf(receiver: string, people: readonly Staff[], client: SlackClient) {
    const readers = readersOf(people);
    if (readers[0]?.id !== receiver || (await cards.outlets.directMessage(client, readers))) return undefined;
    return cards.outlets.directMessage(client, standInsOf(people));
  }

  async function pageOf(tenant: Tenant, people: readonly Staff[], receiver: string): Promise<Page> {
    const zone = knownZone(people.find(({ id }) => id === receiver)?.zone ?? null, tenant.zone);
    const times = timesFor({ zone, country: tenant.country, now: clock.now() });
    const settings = await tenants.settings(tenant.id);
    const playbooks = tenantPlaybooks(deps.playbooks, settings);
    return { business: tenant.name, staff: people, settings, playbooks, times };
  }

  return async ({ tenantId, key, data, attempt }: Effect) => {
    const kind = DIGEST_KINDS.find((each) => each === data.digest);
    const receiver = String(data.receiver);
    if (!kind) return;
    const [tenant, people, client] = await Promise.all([
      tenants.byId(tenantId),
      staff.list(tenantId),
      deps.clientOf(tenantId),
    ]);
    // a newer one has taken its place while Slack, or we, stood still
    if (String(data.day) < digestDay(kind, clock.now(), tenant.zone)) return;
    const channel = await placeOf(tenant, receiver, people, client);
    if (!channel) {
      log.warn({ tenant: tenantId }, 'nobody is there to read a digest');
      return;
    }
    if (attempt > 1 && (await isPosted(client, channel, key))) return;
    const page = await pageOf(tenant, people, receiver);
    const report = await deps.digests.read(tenantId, kind, String(data.day));
    const shown = await showPicture(deps, client, report, page);
    const metadata = { event_type: EVENT, event_payload: { key } };
    const message: Post = { ...digestView(report, kind, page, shown), metadata };
    await post(client, channel, message).catch(async (error) => {
      if (!isGone(error) || receiver !== 'channel') throw error;
      log.warn({ err: error, tenant: tenantId }, 'the channel of the digests refused one, a manager gets it');
      await cards.outlets.tell(client, standInsOf(people), message, 1);
    });
  };
}

async function isPosted(client: SlackClient, channel: string, key: string): Promise<boolean> {
  const args = { channel, include_all_metadata: true };
  for await (const { metadata } of messagesOf(client, 'conversations.history', args, posted, LOOK_BACK)) {
    if (metadata?.event_type === EVENT && metadata.event_payload.key === key) return true;
  }
  return false;
}
