/** Ids of a million events in a few hundred kilobytes: a bit each, in pages that are made when they are needed. */
export interface IdSet {
  /** False when it was there already. */
  add(id: number): boolean;
  has(id: number): boolean;
}

const BITS = 2 ** 15;

export function createIdSet(): IdSet {
  const pages = new Map<number, Uint8Array>();
  const place = (id: number) => ({ page: Math.floor(id / BITS), byte: (id % BITS) >> 3, bit: 1 << (id % 8) });
  return {
    add(id) {
      const { page, byte, bit } = place(id);
      const bytes = pages.get(page) ?? new Uint8Array(BITS / 8);
      pages.set(page, bytes);
      const before = bytes[byte] ?? 0;
      bytes[byte] = before | bit;
      return (before & bit) === 0;
    },
    has(id) {
      const { page, byte, bit } = place(id);
      return ((pages.get(page)?.[byte] ?? 0) & bit) !== 0;
    },
  };
}
