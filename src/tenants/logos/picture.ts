/** A picture as its own bytes describe it. */
export interface PictureFacts {
  type: 'image/png' | 'image/jpeg';
  /** Pixels. */
  width: number;
  height: number;
}

export const MAX_LOGO_BYTES = 300_000;
const LEAST_PIXELS = 32;
const MOST_PIXELS = 2000;

/**
 * Looks at a picture's bytes, whatever it is called: what it is, or why it cannot be a logo, in words for whoever gave it.
 * SVG is not taken: it may hold scripts, and mail programs do not show it. Pure.
 */
export function readPicture(bytes: Buffer): PictureFacts | string {
  if (bytes.length > MAX_LOGO_BYTES) {
    return `That picture is larger than ${MAX_LOGO_BYTES / 1000} kB. A logo 400 pixels wide is enough.`;
  }
  const facts = pngFacts(bytes) ?? jpegFacts(bytes);
  if (!facts) return 'That is no PNG or JPEG. Save the logo as one of these and add it again.';
  const fits = [facts.width, facts.height].every((side) => side >= LEAST_PIXELS && side <= MOST_PIXELS);
  if (fits) return facts;
  return `That picture is ${facts.width} × ${facts.height} pixels. Each side has to be between ${LEAST_PIXELS} and ${MOST_PIXELS}.`;
}

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** The first chunk says the size (PNG specification, 11.2.2). */
function pngFacts(bytes: Buffer): PictureFacts | undefined {
  if (bytes.length < 33 || !bytes.subarray(0, 8).equals(PNG)) return undefined;
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return undefined;
  return { type: 'image/png', width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Frame headers, of which one says the size: all of C0 to CF but the tables C4 and CC and the reserved C8 (ITU-T T.81, B.1.1.3). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpegFacts(bytes: Buffer): PictureFacts | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined;
  let at = 2;
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return undefined;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1; // markers may be padded
    } else if (isFrame(marker)) {
      return { type: 'image/jpeg', width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    } else {
      at += 2 + bytes.readUInt16BE(at + 2);
    }
  }
  return undefined;
}
