import { ComeBackLater, type EffectHandler } from '../../events/index.ts';
import type { LeadId } from '../../lib/ids.ts';
import { cardEmptied, erasedCard } from '../../privacy/index.ts';
import { clearCard, ERASED_CARD, ERASED_POST, isGone, revise, urgentPlaces } from '../card/index.ts';
import type { PrivacyDeps } from './deps.ts';

/** A note that was on its way at the time of the erasure has come by then. */
const AGAIN_SECONDS = 60;

/**
 * Empties the card of an erased person and the posts that told managers of them, and deletes what we said in the card's thread,
 * files included; then once more, a minute later. What people wrote there is theirs, and the card says that it stays.
 */
export function createClean(deps: PrivacyDeps): EffectHandler {
  return async ({ tenantId, key }) => {
    const leadId = key as LeadId;
    const card = await deps.db.inTenant(tenantId, (tx) => erasedCard(tx, leadId));
    if (!card) return;
    const { channel, ts } = card;
    const told = await deps.db.inTenant(tenantId, (tx) => urgentPlaces(tx, leadId));
    const unlessGone = (error: unknown) => {
      if (!isGone(error)) throw error;
    };
    if (channel !== null && ts !== null)
      await clearCard(await deps.clientOf(tenantId), { channel, ts }, ERASED_CARD).catch(unlessGone);
    for (const place of told) await revise(await deps.clientOf(tenantId), place, ERASED_POST).catch(unlessGone);
    if (await deps.db.inTenant(tenantId, (tx) => cardEmptied(tx, leadId))) throw new ComeBackLater(AGAIN_SECONDS);
  };
}
