import type { CheckRules } from '../../../src/agent/checks/index.ts';

/** What supports a text in these tests. */
export const RULES: CheckRules = {
  language: 'en',
  limit: 1000,
  business: 'Nordic Motors',
  introduce: false,
  staff: ['Sofia Lindqvist', 'Erik Holm'],
  facts: [
    'Private leasing of the BMW X5 starts at 4,990 kr a month. Winter tyres are included.',
    'Privatleasing av BMW X5 kostar från 4 990 kr i månaden.',
    'Vi har öppet måndag till fredag klockan 9 till 18.',
    'Privatleasing für den BMW X5 gibt es ab 449 Euro im Monat.',
    'El renting del BMW X5 cuesta desde 449 euros al mes.',
    'BMW X5 ki EMI 49,900 rupaye mahine se shuru hoti hai.',
  ],
  times: ['Saturday 28 November 11:00', 'lördag 28 november 11:00', 'Samstag, 28. November 11:00'],
  literals: ['BMW X5', 'Anna', 'Sofia', '+46 8 465 004 10', 'https://nordicmotors.example/terms'],
  deeds: new Set(),
  bargain: 'no',
  phrases: [],
  prompt: 'You write for a business to one customer. Ask one thing at a time, and only when it helps.',
};
