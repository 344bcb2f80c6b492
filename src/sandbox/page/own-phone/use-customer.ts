import type { Customer } from '../../wire.ts';
import { useUi, useValues } from '../state/hooks.ts';
import { firstName } from '../state/people.ts';
import { phoneWords } from '../words/phone.ts';

/** The customer whose phone is looked at, and what they are called; undefined where nobody has a number. */
export function useCustomer(): (Customer & { called: string }) | undefined {
  const customers = useValues('customer').filter(({ number }) => number.startsWith('+'));
  const chosen = useUi((ui) => ui.number);
  const customer = customers.find(({ number }) => number === chosen) ?? customers.at(-1);
  return customer && { ...customer, called: customer.name ? firstName(customer.name) : phoneWords(customer.number) };
}
