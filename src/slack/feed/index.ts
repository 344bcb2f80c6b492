import type { EffectHandler } from '../../events/index.ts';
import type { TenantId } from '../../lib/ids.ts';
import { tenantPlaybooks } from '../../tenants/index.ts';
import { type CardDeps, type Cards, isGone, leaders, nameOf, type Post, post } from '../card/index.ts';
import type { SlackClient } from '../client.ts';
import { timesFor } from '../format.ts';
import { feedLines, feedPost } from './lines.ts';
import { lockCursor, moveCursor, PAGE, readNews, settledUntil } from './read.ts';

/**
 * Posts what is new in the tenant's activity feed: to its channel, or to an admin until one is set. The cursor moves in
 * the transaction in which it was posted, so nothing is left out; after a crash in between a line may come twice. That
 * transaction locks one row and nothing else, so it is never part of a deadlock and never run again.
 */
export function createFlush(deps: CardDeps & { cards: Cards }): EffectHandler {
  const { db, clock, log, tenants, staff, playbooks, cards } = deps;

  /** Posts to the channel where it may be used, else to the first admin who can be reached. */
  async function publish(tenantId: TenantId, client: SlackClient, channel: string | null, news: Post, admins: Admins) {
    if (channel) {
      try {
        await post(client, channel, news);
        return;
      } catch (error) {
        if (!isGone(error)) throw error;
        log.warn({ err: error, tenant: tenantId }, 'the feed channel refused a post, the admin gets it');
      }
    }
    const direct = await cards.outlets.directMessage(client, admins);
    if (direct) await post(client, direct, news);
  }

  return async ({ tenantId }) => {
    const until = await settledUntil(db.system, tenantId, clock.machine);
    const [tenant, settings, client, people, masthead] = await Promise.all([
      tenants.byId(tenantId),
      tenants.settings(tenantId),
      deps.clientOf(tenantId),
      staff.list(tenantId),
      nameOf(deps, tenantId),
    ]);
    const { feedChannel } = settings;
    const own = tenantPlaybooks(playbooks, settings);
    const channel = feedChannel && (await cards.outlets.usable(tenantId, feedChannel)) ? feedChannel : null;
    const admins = leaders(people).filter((person) => person.role === 'admin');
    const flushPage = () =>
      db.inTenant(tenantId, async (tx) => {
        const events = await readNews(tx, await lockCursor(tx), until);
        const last = events.at(-1);
        if (!last) return false;
        const now = clock.now();
        const times = timesFor({ zone: tenant.zone, country: tenant.country, now });
        const news = feedPost(feedLines(events, own), times, now);
        if (news) await publish(tenantId, client, channel, { ...news, masthead }, admins);
        await moveCursor(tx, last.id);
        return events.length === PAGE;
      });
    while (await flushPage());
  };
}

type Admins = readonly { slackUserId: string }[];
