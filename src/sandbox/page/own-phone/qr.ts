/*
 * Reads a QR code off a picture as a screen shows it: straight, sharp and undamaged, so nothing has to be corrected. Versions
 * 1 to 9 at error correction level L, which is how the product draws them. ISO/IEC 18004 names the parts. Pure.
 */

/** A picture: four bytes a pixel, RGBA, row by row. */
export interface Picture {
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

/** Data codewords at level L, by version from 1 on; from version 6 on they lie in two blocks of equal length. */
const CODEWORDS = [19, 34, 55, 80, 108, 136, 156, 194, 232];
const FIRST_IN_TWO_BLOCKS = 6;

/** Which modules are turned over, by mask. */
const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** Whether a module is dark. */
type Modules = (row: number, column: number) => boolean;

/** The text of the code on a picture; undefined where there is none. */
export function readCode(picture: Picture): string | undefined {
  const found = modulesOf(picture);
  if (!found) return undefined;
  const { dark, size } = found;
  const version = (size - 17) / 4;
  const format = [0, 1, 2, 3, 4].reduce((bits, column) => (bits << 1) | Number(dark(8, column)), 0) ^ 0b10101;
  const mask = MASKS[format & 0b111];
  const count = CODEWORDS[version - 1];
  if (format >> 3 !== 0b01 || !mask || count === undefined) return undefined;
  const unmasked = (row: number, column: number) => dark(row, column) !== mask(row, column);
  const codewords = inOneRow(codewordsOf(unmasked, size, version, count), version < FIRST_IN_TWO_BLOCKS ? 1 : 2);
  return textOf(codewords);
}

/** Finds the code's square by its outermost dark pixels, and its module by the finder pattern's edge, seven modules wide. */
function modulesOf({ data, width, height }: Picture): { dark: Modules; size: number } | undefined {
  const isDark = (x: number, y: number) => {
    const at = (y * width + x) * 4;
    return (data[at + 3] ?? 0) > 127 && (data[at] ?? 255) + (data[at + 1] ?? 255) + (data[at + 2] ?? 255) < 384;
  };
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isDark(x, y)) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  const side = right - left + 1;
  let edge = 0;
  while (left + edge <= right && isDark(left + edge, top)) edge++;
  if (edge === 0 || Math.abs(side - (bottom - top + 1)) > edge / 7) return undefined;
  const version = Math.round(((side / edge) * 7 - 17) / 4);
  if (version < 1 || version > CODEWORDS.length) return undefined;
  const size = version * 4 + 17;
  const middle = (index: number) => Math.floor(((index + 0.5) * side) / size);
  return { size, dark: (row, column) => isDark(left + middle(column), top + middle(row)) };
}

/** Reads upwards and downwards in columns two modules wide, from the right, around whatever holds no data. */
function codewordsOf(bit: Modules, size: number, version: number, count: number): number[] {
  const fixed = fixedModules(size, version);
  const codewords: number[] = [];
  let bits = 0;
  let upwards = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5; // the timing pattern's column is passed over
    for (let step = 0; step < size; step++) {
      const row = upwards ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (fixed(row, column)) continue;
        const index = Math.floor(bits / 8);
        if (index === count) return codewords;
        codewords[index] = ((codewords[index] ?? 0) << 1) | Number(bit(row, column));
        bits++;
      }
    }
    upwards = !upwards;
  }
  return codewords;
}

/** Modules of the patterns, the format and the version. */
function fixedModules(size: number, version: number): Modules {
  const last = size - 7;
  const lines = version === 1 ? [] : version < 7 ? [6, last] : [6, (6 + last) / 2, last];
  const inCorner = (row: number, column: number) =>
    (row < 9 && (column < 9 || column >= size - 8)) || (row >= size - 8 && column < 9);
  const centres = lines
    .flatMap((row) => lines.map((column) => ({ row, column })))
    .filter((centre) => !inCorner(centre.row, centre.column));
  const inVersion = (one: number, other: number) => version >= 7 && one < 6 && other >= size - 11;
  return (row, column) =>
    inCorner(row, column) ||
    row === 6 ||
    column === 6 ||
    inVersion(row, column) ||
    inVersion(column, row) ||
    centres.some((centre) => Math.abs(row - centre.row) <= 2 && Math.abs(column - centre.column) <= 2);
}

/** Blocks are written codeword by codeword in turn. */
function inOneRow(codewords: readonly number[], blocks: number): number[] {
  return Array.from({ length: blocks }, (_, block) => codewords.filter((_, index) => index % blocks === block)).flat();
}

function textOf(codewords: readonly number[]): string | undefined {
  let at = 0;
  const take = (length: number) => {
    let value = 0;
    for (; length > 0; length--, at++) value = (value << 1) | (((codewords[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    return value;
  };
  const bytes: number[] = [];
  const write = (text: string) => bytes.push(...new TextEncoder().encode(text));
  while (at + 4 <= codewords.length * 8) {
    const mode = take(4);
    if (mode === 0b0000) break;
    if (mode === 0b0100) {
      for (let left = take(8); left > 0; left--) bytes.push(take(8));
    } else if (mode === 0b0010) {
      let left = take(9);
      for (; left > 1; left -= 2) {
        const pair = take(11);
        write(`${ALPHANUMERIC[Math.floor(pair / 45)] ?? ''}${ALPHANUMERIC[pair % 45] ?? ''}`);
      }
      if (left === 1) write(ALPHANUMERIC[take(6)] ?? '');
    } else if (mode === 0b0001) {
      let left = take(10);
      for (; left >= 3; left -= 3) write(String(take(10)).padStart(3, '0'));
      if (left > 0) write(String(take(left === 2 ? 7 : 4)).padStart(left, '0'));
    } else return undefined;
  }
  return bytes.length > 0 ? new TextDecoder().decode(new Uint8Array(bytes)) : undefined;
}
