import { z } from 'zod';
import { KnownError, validationError } from '../../lib/errors.ts';
import { channelName, type RefusalReason, type TriedWith, vendorName } from '../../messaging/index.ts';
import type { Account } from '../../tenants/index.ts';
import type { Asked, Feature } from '../feature.ts';
import { capital } from '../format.ts';
import { modal, show } from '../lead/modals.ts';
import { escapeMarkup } from '../text.ts';
import { type Button, input } from '../views.ts';
import type { RescueDeps } from './deps.ts';

/* Trying a sender: something short to whoever presses the button, and what the gateway says to it. */

const TEXT = 'channel_test';
const LETTER = 'channel_test_mail';

export const tryButton = ({ id, channel }: Account): Button =>
  channel === 'email'
    ? { text: 'Test: write to me', actionId: LETTER, value: id }
    : { text: 'Test: text me', actionId: TEXT, value: id };

export function trySenderFeature(deps: RescueDeps): Required<Pick<Feature, 'actions' | 'modals'>> {
  return {
    actions: {
      [TEXT]: {
        permission: 'channels.change',
        async run(asked, accountId) {
          const { phone } = asked.staff;
          if (!phone) {
            const words = 'Your Slack profile has no phone number to send to. Add one, and try again.';
            throw new KnownError('validation_error', 'no phone of staff', words);
          }
          await tryOut(deps, asked, accountId, phone);
        },
      },
      [LETTER]: {
        permission: 'channels.change',
        run: async (asked, accountId) => void (await show(asked, null, letterForm(accountId))),
      },
    },
    modals: {
      [LETTER]: {
        permission: 'channels.change',
        async submit(asked, values, accountId) {
          const to = values.text('to').trim();
          if (!z.email().safeParse(to).success) {
            throw validationError([{ field: 'to', message: 'Write it like anna@example.com.' }]);
          }
          asked.afterwards(() => tryOut(deps, asked, accountId, to));
          return { kind: 'close' };
        },
      },
    },
  };
}

/** Slack knows people's mailboxes, but tells them to nobody who was not allowed to see all of them: so it is asked for. */
const letterForm = (accountId: string) =>
  modal({
    id: LETTER,
    title: 'Test: write to me',
    submit: 'Send it',
    close: 'Cancel',
    metadata: accountId,
    blocks: [input('to', 'Your mailbox', { type: 'email_text_input' }, { hint: 'One short letter is sent there.' })],
  });

async function tryOut(deps: RescueDeps, asked: Asked, accountId: string, to: string): Promise<void> {
  const tried = await deps.channels.test(asked.staff, accountId, to);
  const { channel, vendor } = tried.account;
  await asked.whisper({ text: `*${capital(channelName(channel))}* by ${vendorName(vendor)}: ${outcomeLine(tried)}` });
}

/** What became of a test, as far as the gateway says. Pure. */
export function outcomeLine({ account, outcome, by }: Tried): string {
  switch (outcome.kind) {
    case 'accepted':
      return TAKEN[account.freeText ? 'phone' : account.channel === 'whatsapp' && by === 'text' ? 'unapproved' : by];
    case 'refused':
      return `the gateway refused it: ${REFUSED[outcome.reason]} (code ${escapeMarkup(outcome.code)}). Nothing was sent.`;
    case 'not_written':
      return account.freeText
        ? 'the phone is not connected here just now; nothing was sent.'
        : 'the gateway cannot be reached just now; nothing was sent.';
    case 'uncertain':
      return 'the gateway did not answer; it may come or not.';
  }
}

type Tried = Awaited<ReturnType<RescueDeps['channels']['test']>>;

const TAKEN: Readonly<Record<TriedWith | 'phone' | 'unapproved', string>> = {
  text: 'the gateway took a text for your phone. It should be there in a moment; if not, look at the gateway’s own log.',
  template:
    'the gateway took one of your approved texts for your phone, with the details of an example. It should be there in a moment; if not, look at the gateway’s own log.',
  unapproved:
    'it took a text for your phone. No text of yours is approved for this number yet, so WhatsApp delivers it only if you wrote to that number in the last 24 hours: if nothing comes, write to it and press again.',
  phone: 'a text is on its way to your phone.',
  letter:
    'the mail server took a letter for your mailbox. If it is not there in some minutes, look among spam, and in the sender’s own mailbox for a report.',
};

const REFUSED: Readonly<Record<RefusalReason, string>> = {
  opted_out: 'it blocks your number, since you once asked it to stop',
  unreachable: 'it cannot reach your number or mailbox this way',
  template_needed: 'WhatsApp wants an approved text, or a message from you first',
  throttled: 'too much was sent just now',
  later: 'your side cannot take it now',
  delayed: 'WhatsApp asks to wait for a day before the next one',
  sender: 'it does not accept our access or this sender',
  content: 'it does not accept the text',
  unknown: 'it gives no reason that we know',
};
