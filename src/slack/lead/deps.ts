import type { Desk } from '../../messaging/index.ts';
import type { CardDeps, Cards } from '../card/index.ts';

/** What the lead's buttons and windows stand on. */
export interface LeadDeps extends CardDeps {
  desk: Desk;
  cards: Cards;
}
