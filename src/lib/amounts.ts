/** An amount as people write it: `28 000`, `28,000.50`, `28000,5`; undefined when it is none. Pure. */
export function amountOf(text: string): number | undefined {
  const bare = text.replace(/\s/g, '');
  const decimal = /[.,](\d{1,2})$/.exec(bare)?.[1];
  const whole = (decimal === undefined ? bare : bare.slice(0, -decimal.length - 1)).replace(/[.,](?=\d{3}(\D|$))/g, '');
  if (!/^\d{1,12}$/.test(whole)) return undefined;
  return Number(`${whole}.${decimal ?? 0}`);
}

/** Whether three letters are a currency (ISO 4217, as the runtime knows it). */
export const isCurrency = (code: string): boolean => Intl.supportedValuesOf('currency').includes(code);
