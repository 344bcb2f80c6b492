/**
 * What is private and for how long: the licence vault and its one-time links, exports, erasure, retention, and what a
 * business can say about all of it.
 */

export type { PersonExport } from './collect-person.ts';
export type { ConsentEntry, ConsentEvent, Ledger } from './consent-ledger.ts';
export { createPrivacy, type Privacy } from './create.ts';
export type { Deadline } from './deadlines.ts';
export type { PrivacyDesk, Viewed } from './desk.ts';
export type { Erasure, Survey } from './erasure-store.ts';
export type { Erasures } from './erasures.ts';
export type { FoundPerson } from './find-people.ts';
export type { LicenceDesk } from './licence-desk.ts';
export { MAX_PHOTO_BYTES, type PhotoFile } from './photo.ts';
export { placesInWords } from './places.ts';
export type { Bucket } from './port.ts';
export { LINK_MINUTES, type PrivateLink } from './private-links.ts';
export type { Receipt } from './receipts-store.ts';
export { REGISTER } from './register.ts';
export { rewrapKeys } from './rewrap-keys.ts';
export { cardEmptied, erasedCard, isErased } from './slack-places.ts';
export type { UploadLink } from './upload-links.ts';
export type { UploadOutcome, Vault } from './vault.ts';
