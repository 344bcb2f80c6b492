/** The value below which the share `q` of the values lies (nearest rank). NaN for no values. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/** `1 234`, `12.3`, `0.51`: as many digits as mean something. */
export function readable(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return value.toFixed(value >= 10 ? 1 : 2);
}
