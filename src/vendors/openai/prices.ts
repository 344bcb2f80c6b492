/**
 * What models cost, in US dollars per million tokens in and out, by the beginning of their names, longest first. From
 * OpenAI's price list as it was in 2025: an estimate for the log, no bill.
 */
const PRICES: readonly (readonly [string, number, number])[] = [
  ['gpt-4.1-mini', 0.4, 1.6],
  ['gpt-4.1-nano', 0.1, 0.4],
  ['gpt-4.1', 2, 8],
  ['gpt-4o-mini', 0.15, 0.6],
  ['gpt-4o', 2.5, 10],
  ['gpt-5-mini', 0.25, 2],
  ['gpt-5-nano', 0.05, 0.4],
  ['gpt-5', 1.25, 10],
];

/** Dollars for one answer; null for a model whose price is not known here. */
export function costOf(model: string, tokensIn: number, tokensOut: number): number | null {
  const price = PRICES.find(([beginning]) => model.startsWith(beginning));
  return price ? (tokensIn * price[1] + tokensOut * price[2]) / 1_000_000 : null;
}
