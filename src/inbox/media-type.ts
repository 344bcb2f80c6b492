/** What a file really is, as its first bytes say; what the gateway declares is not believed. */
export interface MediaType {
  mime: string;
  /** Of the name it gets; Slack guesses by it. */
  extension: string;
  kind: 'picture' | 'voice' | 'video' | 'document';
}

const TYPES = {
  jpeg: { mime: 'image/jpeg', extension: 'jpg', kind: 'picture' },
  png: { mime: 'image/png', extension: 'png', kind: 'picture' },
  gif: { mime: 'image/gif', extension: 'gif', kind: 'picture' },
  webp: { mime: 'image/webp', extension: 'webp', kind: 'picture' },
  pdf: { mime: 'application/pdf', extension: 'pdf', kind: 'document' },
  ogg: { mime: 'audio/ogg', extension: 'ogg', kind: 'voice' },
  mp3: { mime: 'audio/mpeg', extension: 'mp3', kind: 'voice' },
  m4a: { mime: 'audio/mp4', extension: 'm4a', kind: 'voice' },
  amr: { mime: 'audio/amr', extension: 'amr', kind: 'voice' },
  mp4: { mime: 'video/mp4', extension: 'mp4', kind: 'video' },
} as const satisfies Record<string, MediaType>;

/** Brands of the ISO base media format (ISO/IEC 14496-12) that players take for MP4 video. */
const VIDEO_BRANDS = new Set([
  'isom',
  'iso2',
  'iso4',
  'iso5',
  'iso6',
  'mp41',
  'mp42',
  'avc1',
  'MSNV',
  '3gp4',
  '3gp5',
  '3gp6',
]);

const text = (bytes: Buffer, from: number, to: number) => bytes.subarray(from, to).toString('latin1');
const starts = (bytes: Buffer, ...signature: number[]) => signature.every((byte, index) => bytes[index] === byte);

/** The type of a file that may be shown; null for everything else, a page or a program with a picture's name included. Pure. */
export function mediaTypeOf(bytes: Buffer): MediaType | null {
  if (starts(bytes, 0xff, 0xd8, 0xff)) return TYPES.jpeg;
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return TYPES.png;
  if (/^GIF8[79]a$/.test(text(bytes, 0, 6))) return TYPES.gif;
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP') return TYPES.webp;
  if (text(bytes, 0, 5) === '%PDF-') return TYPES.pdf;
  if (text(bytes, 0, 4) === 'OggS') return TYPES.ogg;
  if (text(bytes, 0, 5) === '#!AMR') return TYPES.amr;
  if (text(bytes, 0, 3) === 'ID3' || isMpegFrame(bytes)) return TYPES.mp3;
  if (text(bytes, 4, 8) === 'ftyp') {
    const brand = text(bytes, 8, 12);
    if (/^M4[AB] $/.test(brand)) return TYPES.m4a;
    return VIDEO_BRANDS.has(brand) ? TYPES.mp4 : null;
  }
  return null;
}

/** The header of an MPEG audio frame, layer III: eleven bits of sync, then no reserved value (ISO/IEC 11172-3). */
function isMpegFrame(bytes: Buffer): boolean {
  const [sync = 0, version = 0, rate = 0] = bytes;
  const isSync = sync === 0xff && (version & 0xe0) === 0xe0;
  const isLayer3 = (version & 0x18) !== 0x08 && (version & 0x06) === 0x02;
  return isSync && isLayer3 && rate >> 4 !== 0x0f && rate >> 4 !== 0 && (rate & 0x0c) !== 0x0c;
}
