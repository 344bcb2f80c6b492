import type { Pictures } from '../../src/reports/index.ts';

/** A PNG as far as its header goes: enough to say what it is and how large. */
export function png(width: number, height: number, more = 'pixels'): Buffer {
  const header = Buffer.alloc(25);
  header.writeUInt32BE(13, 0);
  header.write('IHDR', 4, 'latin1');
  header.writeUInt32BE(width, 8);
  header.writeUInt32BE(height, 12);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), header, Buffer.from(more)]);
}

/** A JPEG as cameras write it, as far as its frame header: an application segment, a table, padding, the size. */
export function jpeg(width: number, height: number): Buffer {
  const frame = Buffer.from([0xff, 0xff, 0xc0, 0, 11, 8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 6);
  frame.writeUInt16BE(width, 8);
  const application = Buffer.from([0xff, 0xe0, 0, 6, 0x4a, 0x46, 0x49, 0x46]);
  const table = Buffer.from([0xff, 0xc4, 0, 4, 1, 2]);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), application, table, frame]);
}

/** Draws nothing: a picture for whatever is asked. */
export const PICTURES: Pictures = { draw: async () => png(1200, 760), stop() {} };
