import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { MAX_LOGO_BYTES, readPicture } from '../../../src/tenants/index.ts';
import { jpeg, png } from '../../support/pictures.ts';

describe('a picture that is to be a logo', () => {
  test('says its kind and size by its own bytes', () => {
    expect(readPicture(png(400, 120))).toEqual({ type: 'image/png', width: 400, height: 120 });
    expect(readPicture(jpeg(640, 200))).toEqual({ type: 'image/jpeg', width: 640, height: 200 });
    const real = readFileSync(path.join(import.meta.dirname, '../../../docs/sandbox-why.png'));
    expect(readPicture(real.subarray(0, 5000))).toMatchObject({ type: 'image/png' });
  });

  test('is refused with the reason', () => {
    expect(readPicture(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toContain('no PNG or JPEG');
    expect(readPicture(Buffer.from('<!doctype html><script>alert(1)</script>'))).toContain('no PNG or JPEG');
    expect(readPicture(Buffer.concat([png(400, 120), Buffer.alloc(MAX_LOGO_BYTES)]))).toContain('larger than 300 kB');
    expect(readPicture(png(5000, 40))).toContain('5000 × 40 pixels');
    expect(readPicture(png(400, 8))).toContain('between 32 and 2000');
  });

  test('that is cut off before its size is known is refused, not read past its end', () => {
    for (const whole of [png(400, 120), jpeg(640, 200)]) {
      const known = readPicture(whole);
      for (let length = 0; length < whole.length; length += 1) {
        const read = readPicture(whole.subarray(0, length));
        if (typeof read !== 'string') expect(read).toEqual(known);
      }
      expect(readPicture(whole.subarray(0, 20))).toContain('no PNG or JPEG');
    }
  });
});
