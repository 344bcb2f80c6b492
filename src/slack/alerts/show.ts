import { type Alert, type AlertPost, kindOf } from '../../alerts/index.ts';
import type { EffectHandler } from '../../events/index.ts';
import { openMinutes } from '../../inbox/index.ts';
import type { AlertId, TenantId } from '../../lib/ids.ts';
import { tenantPlaybooks } from '../../tenants/index.ts';
import { isGone, mastheadOf, type Post, post, revise } from '../card/index.ts';
import type { SlackClient } from '../client.ts';
import { timesFor } from '../format.ts';
import type { AlertDeps } from './deps.ts';
import { leadsOf } from './read.ts';
import { audiencesOf, MAX_TOLD, placeOf, type Receiver, receiversOf } from './receivers.ts';
import { type AlertContext, alertPost, repeatedPost } from './words.ts';

/** Everything that alerts of a tenant are written with. */
export async function contextOf(deps: AlertDeps, tenantId: TenantId, alerts: readonly Alert[]): Promise<AlertContext> {
  const now = deps.clock.now();
  const [tenant, settings, closedDays, staff] = await Promise.all([
    deps.tenants.byId(tenantId),
    deps.tenants.settings(tenantId),
    deps.tenants.closedDays(tenantId),
    deps.staff.list(tenantId),
  ]);
  const items = alerts.flatMap((alert) => alert.items);
  const leads = await deps.db.inTenant(tenantId, (tx) => leadsOf(tx, items));
  const hours = { opening: settings.opening, closedDays, zone: tenant.zone };
  return {
    leads,
    staff,
    playbooks: tenantPlaybooks(deps.playbooks, settings),
    times: timesFor({ zone: tenant.zone, country: tenant.country, now }),
    now,
    waited: (since) => openMinutes(since, now, hours),
  };
}

/**
 * Posts an alert where its kind is routed to, once for each ring, and keeps its posts up: what it shows, who sees to it,
 * that it is over. One that is over before it was posted is not posted. A channel or a person that cannot be reached any
 * more is stood in for by those whom the kind is meant for, and they by the others. May post twice after a crash.
 */
export function createShow(deps: AlertDeps): EffectHandler {
  const { alerts, outlets } = deps;

  async function publish(
    tenantId: TenantId,
    client: SlackClient,
    alert: Alert,
    receiver: Receiver,
    shown: Post,
  ): Promise<boolean> {
    const channel = await placeOf(outlets, client, tenantId, receiver);
    if (!channel) return false;
    try {
      const place = await post(client, channel, shown);
      await alerts.posted(tenantId, alert.id, { receiver: receiver.id, ring: alert.rings, ...place });
      return true;
    } catch (error) {
      if (!isGone(error)) throw error;
      deps.log.warn({ err: error, tenant: tenantId }, 'an alert could not be posted where it is routed to');
      return false;
    }
  }

  async function keepUp(client: SlackClient, alert: Alert, posts: readonly AlertPost[], shown: Post) {
    const newest = Math.max(...posts.map(({ ring }) => ring));
    for (const each of posts) {
      const overtaken = each.ring < Math.max(newest, alert.closedAt ? 0 : alert.rings);
      await revise(client, each, overtaken ? repeatedPost(alert) : shown).catch((error: unknown) => {
        if (!isGone(error)) throw error;
      });
    }
  }

  return async ({ tenantId, key }) => {
    const alert = await alerts.find(tenantId, key as AlertId);
    if (!alert || kindOf(alert.kind).toldBySelf) return;
    const [client, settings, posts, page, masthead] = await Promise.all([
      deps.clientOf(tenantId),
      deps.tenants.settings(tenantId),
      alerts.posts(tenantId, alert.id),
      contextOf(deps, tenantId, [alert]),
      mastheadOf(deps, tenantId),
    ]);
    const shown = { ...alertPost(alert, page), masthead };
    await keepUp(client, alert, posts, shown);
    if (alert.closedAt) return;
    const told = new Set(posts.filter(({ ring }) => ring === alert.rings).map(({ receiver }) => receiver));
    const wanted = receiversOf(alert.kind, settings, page.staff);
    const toTell = wanted.filter(({ id }) => !told.has(id));
    // once somebody has said that they see to it, a route that changes tells nobody anew
    if (alert.acknowledgedAt && told.size > 0) return;
    let reached = told.size;
    const tell = async (receivers: readonly Receiver[]) => {
      for (const receiver of receivers) {
        if (reached >= MAX_TOLD) return;
        reached += (await publish(tenantId, client, alert, receiver, shown)) ? 1 : 0;
      }
    };
    await tell(toTell);
    if (wanted.length === 0) return;
    for (const audience of audiencesOf(alert.kind, page.staff)) if (reached === 0) await tell(audience);
    if (reached === 0)
      deps.log.warn({ tenant: tenantId, alert: alert.id }, 'nobody can be reached who should see an alert');
  };
}
