import { z } from 'zod';
import type { LeadId } from '../../lib/ids.ts';
import { may } from '../../tenants/index.ts';
import { type CardView, cardBlocks, isGone } from '../card/index.ts';
import type { Action, ActionPlace, Asked } from '../feature.ts';
import { knownZone } from '../format.ts';
import { type ModalView, section } from '../views.ts';
import type { LeadDeps } from './deps.ts';
import { change, leadIdOf, modal, show } from './modals.ts';

const permalink = z.object({ permalink: z.string() });

/** The card in a window, for lists and searches. */
export function createOpen(deps: LeadDeps): Record<string, Action> {
  return {
    lead_open: {
      permission: 'lead.see_own',
      async run(asked, value, place) {
        const leadId = leadIdOf(value);
        await deps.desk.lead(asked.staff, leadId);
        const view = await cardFor(deps, asked, leadId);
        if (!view) return;
        const viewId = await show(asked, place, cardModal(view, []));
        const link = await threadLink(deps, asked, leadId);
        if (link) await change(asked, viewId, cardModal(view, [section(`<${link}|Go to the thread>`)]));
      },
    },
  };
}

/** What the card shows, its times written for the one who asks, with what they may do. */
export async function cardFor(deps: LeadDeps, asked: Asked, leadId: LeadId): Promise<CardView | null> {
  const view = await deps.cards.view(asked.tenant.id, leadId);
  if (!view) return null;
  const reader = { ...view.reader, zone: knownZone(asked.staff.zone, asked.tenant.zone) };
  return { ...view, reader, mayGive: may(asked.staff.role, 'lead.see_all') };
}

/** Says what has been done: in the window where the button was, else only to the one who pressed it. */
export async function confirmDone(
  deps: LeadDeps,
  asked: Asked,
  place: ActionPlace,
  leadId: LeadId,
  words: string,
): Promise<void> {
  if (place.home) return; // the page itself shows it
  if (place.viewId === null) return asked.whisper({ text: words, blocks: [section(words)] });
  const view = await cardFor(deps, asked, leadId);
  if (view) await change(asked, place.viewId, cardModal(view, [section(words)]));
}

function cardModal(view: CardView, above: object[]): ModalView {
  return modal({ id: 'lead_card', title: 'Lead', blocks: [...above, ...cardBlocks(view).blocks] });
}

async function threadLink(deps: LeadDeps, asked: Asked, leadId: LeadId): Promise<string | undefined> {
  const place = await deps.cards.known(asked.tenant.id, leadId);
  if (!place) return undefined;
  try {
    const { channel, ts } = place;
    return (await asked.slack.call('chat.getPermalink', { channel, message_ts: ts }, permalink)).permalink;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
