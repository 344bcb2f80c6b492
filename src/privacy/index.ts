/** What is private and for how long: the licence vault, its one-time upload links, retention. */
export { MAX_PHOTO_BYTES, type PhotoFile } from './photo.ts';
export { rewrapKeys } from './rewrap-keys.ts';
export type { UploadLink } from './upload-links.ts';
export { createVault, type UploadOutcome, type Vault } from './vault.ts';
