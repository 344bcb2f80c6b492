/** Messages a second: less is a standstill, more is beyond what any gateway gives one number. */
export const RATES = { least: 0.1, most: 500 };

/** A rate as people write it; undefined when it is none, or out of bounds. */
export function rateIn(figure: string): number | undefined {
  const rate = Number(figure.replace(',', '.'));
  return /^[\d.,]+$/.test(figure) && rate >= RATES.least && rate <= RATES.most ? rate : undefined;
}
