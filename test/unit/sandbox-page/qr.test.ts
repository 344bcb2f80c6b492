import { describe, expect, test } from '@jest/globals';
import qrcode from 'qrcode';
import { type Picture, readCode } from '../../../src/sandbox/page/own-phone/qr.ts';

/** As the product draws it: a margin of 3 modules, level L. */
function drawn(text: string, width = 240): Picture {
  const { modules } = qrcode.create(text, { errorCorrectionLevel: 'L' });
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  const scale = width / (modules.size + 6);
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < width; x++) {
      const [row, column] = [Math.floor(y / scale) - 3, Math.floor(x / scale) - 3];
      const inside = Math.min(row, column) >= 0 && Math.max(row, column) < modules.size;
      if (inside && modules.get(row, column)) data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return { data, width, height: width };
}

/** Numbers from 0 to below 1, the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

describe('the camera', () => {
  test('reads codes of any length up to 230 characters, of letters, digits and both', () => {
    const random = seeded(7);
    const alphabets = ['0123456789', 'ABC0123456789 $%*+-./:', 'abcXYZ+/=0123456789@,', 'åäö語☎'];
    for (let length = 1; length <= 230; length += 7) {
      const alphabet = [...(alphabets[length % alphabets.length] ?? '')];
      const wanted = alphabet.includes('å') ? Math.ceil(length / 3) : length;
      const text = Array.from({ length: wanted }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
      expect(readCode(drawn(text))).toBe(text);
    }
  });

  test('sees no code where there is none', () => {
    const white = new Uint8ClampedArray(40 * 40 * 4).fill(255);
    expect(readCode({ data: white, width: 40, height: 40 })).toBeUndefined();
    const black = white.map((_, index) => (index % 4 === 3 ? 255 : 0));
    expect(readCode({ data: black, width: 40, height: 40 })).toBeUndefined();
    const chart = white.map((value, index) => (Math.floor(index / 4) % 40 < (index % 31) + 3 ? 90 : value));
    expect(readCode({ data: chart, width: 40, height: 40 })).toBeUndefined();
  });
});
