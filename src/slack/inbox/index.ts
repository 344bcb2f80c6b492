/** The conversation in Slack: who answers, wrong numbers, what customers send along, how far answers got. */
export { createCorrect } from './correct.ts';
export { createMediaFetch } from './media.ts';
export { keepNote, requestTicks } from './notes.ts';
export { createTalk } from './talk.ts';
export { createTicks } from './ticks.ts';
