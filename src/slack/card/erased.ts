import { section } from '../views.ts';
import { type Post, said } from './outlets.ts';

/** What stands where the card of an erased person was. */
export const ERASED_CARD: Post = {
  text: 'This customer has been erased.',
  blocks: [
    section(
      '*Erased.* Everything that was held of this customer has been deleted. What you and your colleagues wrote in this thread is yours: please delete it where it names them.',
    ),
  ],
};

/** What stands where managers were told of them. */
export const ERASED_POST: Post = said('*Erased.* Everything that was held of this customer has been deleted.');
