export { EVENTS, type EventData, type EventType } from './catalogue.ts';
export { commit, eraseDetails, keepDetail, newDetail, readDetail } from './details.ts';
export {
  EFFECTS,
  type NewEffect,
  request,
  requestFeeds,
  requestOnce,
  tryAgain,
  WAKE_CHANNEL,
  type WakeReason,
  wake,
} from './effects.ts';
export { type Actor, append, appendOne, type NewEvent } from './log.ts';
export { ComeBackLater, createRelay, type Effect, type EffectHandler } from './relay.ts';
