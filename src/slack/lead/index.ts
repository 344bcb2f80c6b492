import type { EffectHandler } from '../../events/index.ts';
import type { LeadId } from '../../lib/ids.ts';
import type { Desk } from '../../messaging/index.ts';
import { type CardDeps, createCards } from '../card/index.ts';
import type { Feature } from '../feature.ts';
import { createFlush } from '../feed/index.ts';
import { createTell } from '../tell/index.ts';
import { createActions } from './actions.ts';
import type { LeadDeps } from './deps.ts';
import { createOpen } from './open.ts';
import { createReply } from './reply.ts';
import { createReplyNotes } from './reply-notes.ts';
import { createWhy } from './why.ts';

export interface LeadFeature {
  feature: Feature;
  handlers: Record<'card.refresh' | 'staff.tell' | 'feed.flush', EffectHandler>;
}

/** Everything about one lead in Slack: its card, its thread, its buttons, what staff are told, and the activity feed. */
export function createLeadFeature(deps: CardDeps & { desk: Desk }): LeadFeature {
  const cards = createCards(deps);
  const all: LeadDeps = { ...deps, cards };
  const notes = createReplyNotes(all);
  const reply = createReply(all, notes);
  return {
    feature: {
      actions: { ...createOpen(all), ...createActions(all), ...createWhy(all), ...reply.actions },
      modals: reply.modals,
    },
    handlers: {
      async 'card.refresh'(effect) {
        const view = await cards.refresh(effect.tenantId, effect.key as LeadId, effect.attempt);
        if (view) await notes.settle(effect.tenantId, view);
      },
      'staff.tell': createTell(all),
      'feed.flush': createFlush(all),
    },
  };
}
