import type { EffectHandler } from '../../events/index.ts';
import { createCards } from '../card/index.ts';
import type { Feature } from '../feature.ts';
import { createAway } from './away.ts';
import { createBook } from './book.ts';
import { createCoverTell } from './cover.ts';
import type { BookingDeps } from './deps.ts';
import { listCommand } from './list.ts';
import { createBookingTell } from './tell.ts';

export { hoursModals, openHours, withHoursForm } from './hours.ts';

export interface BookingFeature {
  feature: Feature;
  handlers: Record<'booking.tell' | 'cover.tell', EffectHandler>;
}

/** Appointments in Slack: booking them, blocking out time, lists, and what staff are told. */
export function createBookingFeature(given: Omit<BookingDeps, 'cards'>): BookingFeature {
  const deps: BookingDeps = { ...given, cards: createCards(given) };
  const book = createBook(deps);
  const away = createAway(deps);
  return {
    feature: {
      commands: [listCommand(deps), ...away.commands],
      actions: { ...book.actions, ...away.actions },
      modals: { ...book.modals, ...away.modals },
    },
    handlers: { 'booking.tell': createBookingTell(deps), 'cover.tell': createCoverTell(deps) },
  };
}
