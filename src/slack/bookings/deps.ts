import type { Bookings } from '../../bookings/index.ts';
import type { Desk } from '../../messaging/index.ts';
import type { CardDeps, Cards } from '../card/index.ts';
import type { Asked } from '../feature.ts';
import { type Times, timesFor } from '../format.ts';

/** What appointments in Slack stand on. */
export interface BookingDeps extends CardDeps {
  desk: Desk;
  bookings: Bookings;
  cards: Cards;
}

/** Times of the business: appointments are kept where the customer comes to, wherever the reader is. */
export function businessTimes(asked: Pick<Asked, 'tenant'>, now: Date): Times {
  return timesFor({ zone: asked.tenant.zone, country: asked.tenant.country, now });
}
