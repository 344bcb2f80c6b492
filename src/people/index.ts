export { hasConsent, recordConsent } from './consent.ts';
export { giveNumber, isHidden, keepHidden, lockHidden, moveSilence, numberBehind } from './hidden.ts';
export { languageOfCountry } from './language.ts';
export { optOutToken, readOptOutToken } from './links.ts';
export { keepSilence, type OptOutScope, restore, suppress } from './opt-out.ts';
export {
  addressKey,
  asksForSilence,
  type KnownPerson,
  keepExternalId,
  lockByAddress,
  lockPerson,
  lockPersons,
  movePerson,
  type NewAddress,
  type NewPerson,
  personByExternalId,
  storePerson,
  suppressedAmong,
  suppressedChannels,
  suppressionHash,
} from './persons.ts';
export { exampleNumber, findPhone, parsePhone } from './phone.ts';
export { type Understanding, understand, withoutQuoted } from './understanding/index.ts';
export { classify, INTENTS, type Intent } from './understanding/intent/index.ts';
export { candidateZones, type PersonPlace, primaryZone } from './zone.ts';
