import type { EffectHandler } from '../../events/index.ts';
import type { Correction, MediaBook, Takeover } from '../../inbox/index.ts';
import type { LeadId } from '../../lib/ids.ts';
import { type Amend, advanceReached, type Desk, type Whose } from '../../messaging/index.ts';
import { type CardDeps, createCards } from '../card/index.ts';
import type { Feature } from '../feature.ts';
import { createFlush } from '../feed/index.ts';
import { createCorrect, createMediaFetch, createTalk, createTicks, requestTicks } from '../inbox/index.ts';
import { createTell, type TellDeps } from '../tell/index.ts';
import { createActions } from './actions.ts';
import type { LeadDeps } from './deps.ts';
import { createEdit } from './edit.ts';
import { createGiven } from './given.ts';
import { createMoves } from './move.ts';
import { createOpen } from './open.ts';
import { createReply } from './reply.ts';
import { createAnnounce } from './reply-notes.ts';
import { createWhoseButtons } from './whose.ts';
import { createWhy } from './why.ts';

export interface LeadFeature {
  feature: Feature;
  handlers: Record<
    'card.refresh' | 'staff.tell' | 'feed.flush' | 'media.fetch' | 'note.tick' | 'lead.given' | 'card.clear',
    EffectHandler
  >;
}

export interface LeadFeatureDeps extends CardDeps, Pick<TellDeps, 'translate'> {
  desk: Desk;
  takeover: Takeover;
  correction: Correction;
  amend: Amend;
  whose: Whose;
  media: MediaBook;
}

/** Everything about one lead in Slack: its card, its thread, its buttons, what staff are told, and the activity feed. */
export function createLeadFeature(deps: LeadFeatureDeps): LeadFeature {
  const cards = createCards(deps);
  const all: LeadDeps & LeadFeatureDeps = { ...deps, cards };
  const reply = createReply(all, createAnnounce(all));
  const correct = createCorrect(all);
  const moves = createMoves(all);
  const edit = createEdit(all);
  const whose = createWhoseButtons(all);
  return {
    feature: {
      actions: {
        ...createOpen(all),
        ...createActions(all),
        ...moves.actions,
        ...edit.actions,
        ...whose.actions,
        ...createWhy(all),
        ...createTalk(all),
        ...correct.actions,
        ...reply.actions,
      },
      modals: { ...reply.modals, ...correct.modals, ...moves.modals, ...edit.modals, ...whose.modals },
      messageShortcuts: reply.messageShortcuts,
    },
    handlers: {
      async 'card.refresh'(effect) {
        const leadId = effect.key as LeadId;
        await deps.db.inTenant(effect.tenantId, (tx) => advanceReached(tx, deps.playbooks, leadId, deps.clock.now()));
        const view = await cards.refresh(effect.tenantId, leadId, effect.attempt);
        if (view) await deps.db.inTenant(effect.tenantId, (tx) => requestTicks(tx, view.messages));
      },
      'staff.tell': createTell(all),
      'feed.flush': createFlush(all),
      'media.fetch': createMediaFetch(all),
      'note.tick': createTicks(all),
      ...createGiven(all),
    },
  };
}
