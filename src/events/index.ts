export { EVENTS, type EventType } from './catalogue.ts';
export {
  type NewEffect,
  request,
  requestFeeds,
  WAKE_CHANNEL,
  type WakeReason,
  wake,
} from './effects.ts';
export { type Actor, append, type NewEvent } from './log.ts';
export { ComeBackLater, createRelay, type Effect, type EffectHandler, type Relay } from './relay.ts';
