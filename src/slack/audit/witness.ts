import { type DueHead, dueHead, fingerprint, keepWitness } from '../../audit/index.ts';
import type { EffectHandler } from '../../events/index.ts';
import { bold, createOutlets, isGone, leaders, type Place, type Post, post } from '../card/index.ts';
import type { SlackClient } from '../client.ts';
import { plural, type Times, timesFor } from '../format.ts';
import { context, section } from '../views.ts';
import type { AuditDeps } from './deps.ts';

/**
 * Shows the newest head of the tenant's log: in its audit channel, or to an admin until one is set. After a crash between
 * the post and our remembering it, it may be shown twice, which harms nobody.
 */
export function createWitness(deps: AuditDeps): EffectHandler {
  const { db, clock, log, tenants, staff } = deps;
  const outlets = createOutlets(deps);

  async function publish(
    client: SlackClient,
    channel: string | null,
    message: Post,
    admins: Admins,
  ): Promise<Place | null> {
    if (channel) {
      try {
        return await post(client, channel, message);
      } catch (error) {
        if (!isGone(error)) throw error;
        log.warn({ err: error, channel }, 'the audit channel refused a post, an admin gets it');
      }
    }
    const direct = await outlets.directMessage(client, admins);
    return direct ? post(client, direct, message) : null;
  }

  return async ({ tenantId }) => {
    const now = clock.now();
    const due = await dueHead(db.system, tenantId, now);
    if (!due) return;
    const [tenant, { auditChannel }, client, people] = await Promise.all([
      tenants.byId(tenantId),
      tenants.settings(tenantId),
      deps.clientOf(tenantId),
      staff.list(tenantId),
    ]);
    const channel = auditChannel && (await outlets.usable(tenantId, auditChannel)) ? auditChannel : null;
    const admins = leaders(people).filter((person) => person.role === 'admin');
    const times = timesFor({ zone: tenant.zone, country: tenant.country, now });
    const place = await publish(client, channel, headPost(tenant.name, due, times), admins);
    if (place) await db.inTenant(tenantId, (tx) => keepWitness(tx, due.head, place, now));
    else log.warn({ tenant: tenantId }, 'nobody is there to be shown the head of the audit log');
  };
}

type Admins = readonly { slackUserId: string }[];

/** The head as people see it: what it covers, what to keep, how to check. Pure. */
export function headPost(business: string, { head, before }: DueHead, times: Times): Post {
  const at = new Date(head.at);
  const grown = before
    ? `${plural(head.size - before.size, 'event')} more than on ${times.day(before.at)}`
    : 'the first one shown';
  const what = `${plural(head.size, 'event')} sealed in ${plural(head.batch, 'batch', 'batches')}, ${grown}; the last at ${times.day(at)} ${times.exact(at)}.`;
  const mark = `${head.size}:${head.root}`;
  return {
    text: `Audit log of ${business}: ${what} ${mark}`,
    blocks: [
      section(`*Audit log* of ${bold(business)}\n${what}`),
      section(`\`\`\`${mark}\`\`\``),
      context(
        [
          'Keep this message. Nobody can change, remove or add an event before it any more without the log ceasing to fit this line.',
          `Check it: \`npm run audit -- verify --head ${mark.slice(0, 16)}…\` on our database, or with \`--file\` on an export, without us.`,
          `Signed with \`${fingerprint(head.key)}\``,
        ].join('\n'),
      ),
    ],
  };
}
