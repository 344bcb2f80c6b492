import type { MischiefKind, NumberMischief } from '../../wire.ts';

interface Trick {
  name: string;
  /** What the product does about it. */
  answer: string;
}

export const TRICKS: Record<MischiefKind, Trick> = {
  slow: {
    name: 'Gateway is slow',
    answer: 'Each answer takes 4 s. LeadRescue waits, others are not held up, and nothing is sent twice.',
  },
  down: {
    name: 'Gateway is down',
    answer: 'Messages wait and are tried again at growing intervals. They leave once it is back.',
  },
  drop: {
    name: 'Takes it, then cuts the line',
    answer: 'Did it leave? LeadRescue asks the gateway instead of guessing, so the customer gets it once.',
  },
  errors: {
    name: 'Gateway answers 500',
    answer: 'Did it take the message? LeadRescue asks for 15 s, and tries again only when it did not.',
  },
  slack_slow: {
    name: 'Slack is slow',
    answer: 'Commands are acknowledged at once; cards follow when Slack has answered.',
  },
};

export const NUMBER_TRICKS: Record<NumberMischief, Trick> = {
  no_whatsapp: { name: 'Not on WhatsApp', answer: 'The gateway says so after taking it; the same step goes by SMS.' },
  no_phone: {
    name: 'No phone reaches them',
    answer: 'A landline, say. Neither WhatsApp nor SMS: who gave an address gets the same step by e-mail.',
  },
  window_closed: {
    name: '24-hour window closed',
    answer: 'Free text would be refused (63016), so an approved template goes, or SMS.',
  },
  blocked: {
    name: 'Blocked at the gateway',
    answer: 'It kept a STOP to itself. Its refusal (21610) counts as an opt-out: everything stops.',
  },
};
