import type { EffectHandler } from '../../events/index.ts';
import type { TenantId } from '../../lib/ids.ts';
import type { Erasure } from '../../privacy/index.ts';
import { createOutlets, isGone, mastheadOf, type Place, type Post, post, revise, said } from '../card/index.ts';
import { timesFor } from '../format.ts';
import type { PrivacyDeps } from './deps.ts';
import { askPost, decidedPost, resultPost } from './erase-words.ts';

/** When all who could agree have left Slack. */
const NOBODY_ASKED: Post = said(
  'Nobody could be asked about the erasure: the other managers and admins cannot be reached in Slack. Once somebody else is manager or admin (`/rescue people`), they find it in `/rescue privacy`.',
);

/** Colleagues who are asked at most. */
const MAX_ASKED = 5;

/**
 * Asks other managers and admins about an erasure; once it is decided, says so where they were asked, and tells whoever
 * asked. Places are remembered one by one; after a crash somebody may be asked twice, and one answer is enough.
 */
export function createErasureShow(deps: PrivacyDeps): EffectHandler {
  const { db, erasures } = deps;
  const outlets = createOutlets(deps);

  const placesOf = (tenantId: TenantId, id: string) =>
    db.inTenant(tenantId, (tx) => tx.query<Place>('select channel, ts from erasure_posts where erasure_id = $1', [id]));

  async function times(tenantId: TenantId) {
    const { zone, country } = await deps.tenants.byId(tenantId);
    return timesFor({ zone, country, now: deps.clock.now() });
  }

  async function ask(tenantId: TenantId, erasure: Erasure): Promise<void> {
    const asker = { ...erasure.askedBy, tenantId };
    const approvers = await erasures.approvers(asker);
    const [first] = approvers;
    if (!first) return;
    const survey = await erasures.survey(first, erasure.personId);
    const [deadline, clock, masthead] = await Promise.all([
      erasures.deadline(tenantId, erasure),
      times(tenantId),
      mastheadOf(deps, tenantId),
    ]);
    const message = { ...askPost(erasure, survey, deadline, clock), masthead };
    const client = await deps.clientOf(tenantId);
    const known = new Set((await placesOf(tenantId, erasure.id)).map(({ channel }) => channel));
    let reached = 0;
    for (const approver of approvers) {
      if (reached >= MAX_ASKED) break;
      const channel = await outlets.directMessage(client, [approver]);
      if (!channel) continue;
      reached++;
      if (known.has(channel)) continue;
      const place = await post(client, channel, message);
      await db.inTenant(tenantId, (tx) =>
        tx.query(
          `insert into erasure_posts (erasure_id, tenant_id, channel, ts) values ($1, $2, $3, $4) on conflict do nothing`,
          [erasure.id, tenantId, place.channel, place.ts],
        ),
      );
    }
    if (reached === 0) await outlets.tell(client, [erasure.askedBy], NOBODY_ASKED);
  }

  async function tell(tenantId: TenantId, erasure: Erasure): Promise<void> {
    const client = await deps.clientOf(tenantId);
    const masthead = await mastheadOf(deps, tenantId);
    for (const place of await placesOf(tenantId, erasure.id)) {
      await revise(client, place, { ...decidedPost(erasure), masthead }).catch((error) => {
        if (!isGone(error)) throw error;
      });
    }
    const receipts = await erasures.receipts(tenantId, erasure.id);
    const result = resultPost(erasure, receipts, await times(tenantId));
    if (!result) return;
    const channel = await outlets.directMessage(client, [erasure.askedBy]);
    if (channel) await post(client, channel, { ...result, masthead });
  }

  return async ({ tenantId, key }) => {
    const erasure = await erasures.find(tenantId, key);
    if (!erasure) return;
    if (erasure.state === 'asked') await ask(tenantId, erasure);
    else await tell(tenantId, erasure);
    // it was decided while they were being asked: their buttons are taken away as well
    const now = await erasures.find(tenantId, key);
    if (erasure.state === 'asked' && now && now.state !== 'asked') await tell(tenantId, now);
  };
}
