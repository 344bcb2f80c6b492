export { createLogos, type LogoBook } from './book.ts';
export { MAX_LOGO_BYTES, readPicture } from './picture.ts';
export type { PictureFetcher } from './port.ts';
