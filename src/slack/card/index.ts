/** The lead card: what it shows, where it is posted, and how it is kept up to date. */
export { cardBlocks } from './blocks.ts';
export { correctButton, handBackButton, settleButton, stopButton, takeButton, takeLeadButton } from './buttons.ts';
export { type CardDeps, type Cards, createCards } from './cards.ts';
export { clearCard } from './clear.ts';
export { ERASED_CARD, ERASED_POST } from './erased.ts';
export { headline } from './headline.ts';
export { actions, button, context, literal } from './kit.ts';
export { type MastheadDeps, mastheadOf, nameOf } from './masthead.ts';
export {
  createOutlets,
  isDirect,
  isGone,
  leaders,
  type Place,
  type Post,
  post,
  posted,
  revise,
  said,
} from './outlets.ts';
export { whyScore } from './score.ts';
export { bold, escaped, fitted, inline, mention, quoted } from './text.ts';
export { keepUrgentPlaces, urgentPlaces } from './threads.ts';
export { type CardView, stepName, subjectOf } from './view.ts';
