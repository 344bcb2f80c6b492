import { type KnownError, validationError } from '../lib/errors.ts';

/** A photo as it comes in; `mime` is what the sender says it is. */
export interface PhotoFile {
  bytes: Buffer;
  mime: string;
}

/** Media types the vault keeps. */
export type PhotoType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/heic';

export type CheckedPhoto = { kind: 'ok'; type: PhotoType } | { kind: 'too_large' } | { kind: 'bad_type' };

export const MAX_PHOTO_BYTES = 10 * 1024 * 1024;

/** Judges a photo before it is stored: its size, and by its first bytes that it is one. Pure. */
export function checkPhoto({ bytes, mime }: PhotoFile): CheckedPhoto {
  if (bytes.length > MAX_PHOTO_BYTES) return { kind: 'too_large' };
  // phones and chat clients name the kind of image wrongly often enough, but never call an image a page or a program
  const claimsImage = mime === '' || /^(image\/|application\/octet-stream)/i.test(mime.trim());
  const type = claimsImage ? typeOf(bytes) : undefined;
  return type ? { kind: 'ok', type } : { kind: 'bad_type' };
}

/** Why a photo is refused, for the person who sent it. */
export function photoProblem(kind: 'too_large' | 'bad_type'): KnownError {
  const message =
    kind === 'too_large'
      ? `That photo is larger than ${MAX_PHOTO_BYTES / 1024 / 1024} MB. Take it again at a lower resolution.`
      : 'That file is not a photo we can read. Send a JPEG, PNG, WebP or HEIC.';
  return validationError([{ field: 'licence_photo', message }]);
}

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function typeOf(bytes: Buffer): PhotoType | undefined {
  if (bytes.length < 12) return undefined;
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg';
  if (bytes.subarray(0, 8).equals(PNG)) return 'image/png';
  if (ascii(bytes, 0) === 'RIFF' && ascii(bytes, 8) === 'WEBP') return 'image/webp';
  return isHeic(bytes) ? 'image/heic' : undefined;
}

/** Brands that say the pictures inside are coded with HEVC (ISO/IEC 23008-12, annex B). */
const HEIC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs']);

/** HEIC is a `ftyp` box whose major or compatible brands name HEVC; `mif1` alone may be AVIF as well. */
function isHeic(bytes: Buffer): boolean {
  if (ascii(bytes, 4) !== 'ftyp') return false;
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 256);
  for (let at = 8; at + 4 <= end; at += 4) {
    const isMinorVersion = at === 12;
    if (!isMinorVersion && HEIC_BRANDS.has(ascii(bytes, at))) return true;
  }
  return false;
}

function ascii(bytes: Buffer, from: number): string {
  return bytes.toString('latin1', from, from + 4);
}
