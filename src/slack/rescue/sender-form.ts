import { z } from 'zod';
import { KnownError, validationError } from '../../lib/errors.ts';
import {
  type AccountState,
  channelName,
  PEOPLE_TIERS,
  type TermChange,
  type Terms,
  termChanges,
} from '../../messaging/index.ts';
import type { Asked, Feature, FormValues, Submitted } from '../feature.ts';
import { capital, grouped, plural } from '../format.ts';
import { modal, show } from '../lead/modals.ts';
import { changedAnswer } from '../settings/direct.ts';
import { escapeMarkup } from '../text.ts';
import { type Button, buttons, context, input, type ModalView, option, section } from '../views.ts';
import type { RescueDeps } from './deps.ts';
import { RATES, rateIn } from './rates.ts';

/* What a platform allows a sender and what it costs, and putting one away. */

const TERMS = 'channel_terms';
const CHECK = 'channel_terms_check';
const UNDO = 'channel_terms_undo';
const REMOVE = 'channel_remove';
const NO_LIMIT = 'none';

type SenderAccount = AccountState['account'];

/** What can be changed of one sender. A linked phone has its own limits, and is unlinked where it was linked. */
export function senderButtons(account: SenderAccount): Button[] {
  if (account.freeText) return [];
  const name = `${channelName(account.channel)} from ${account.sender}`;
  return [
    { text: 'Limits and price', actionId: TERMS, value: account.id },
    {
      text: 'Remove',
      actionId: REMOVE,
      value: account.id,
      style: 'danger',
      confirm: {
        title: 'No longer send from it?',
        text: `Nothing leaves by ${name} any more, and what waits for it goes another way. What customers write to it is still read while the gateway brings it here.`,
        yes: 'Remove it',
      },
    },
  ];
}

export function senderFeature(deps: RescueDeps): Required<Pick<Feature, 'actions' | 'modals'>> {
  return {
    actions: {
      [TERMS]: {
        permission: 'channels.change',
        run: async (asked, accountId) => void (await show(asked, null, viewOf(await stateOf(deps, asked, accountId)))),
      },
      [REMOVE]: { permission: 'channels.change', run: (asked, accountId) => remove(deps, asked, accountId) },
      [UNDO]: {
        permission: 'channels.change',
        async run(asked, value) {
          const { account: id, seen, terms } = asConfirmed.parse(JSON.parse(value));
          const { account } = await stateOf(deps, asked, id);
          await show(asked, null, checkView(account, seen, terms));
        },
      },
    },
    modals: {
      [TERMS]: {
        permission: 'channels.change',
        submit: (asked, values, carried) => look(deps, asked, values, carried),
      },
      [CHECK]: { permission: 'channels.change', submit: (asked, _values, carried) => save(deps, asked, carried) },
    },
  };
}

async function stateOf(deps: RescueDeps, asked: Asked, accountId: string): Promise<AccountState> {
  const states = await deps.channels.states(asked.tenant.id);
  const found = states.find(({ account }) => account.id === accountId);
  if (!found) throw new KnownError('not_found', 'no such sender', 'That sender is not connected (any more).');
  return found;
}

function viewOf(state: AccountState): ModalView {
  const { account, price } = state;
  const known = account.newPeopleLimit;
  const tiers = [...new Set([...PEOPLE_TIERS, ...(known ? [known] : [])])].sort((a, b) => a - b);
  const options = [...tiers.map((tier) => option(grouped(tier), String(tier))), option('No limit', NO_LIMIT)];
  const chosen = options.find(({ value }) => value === String(known ?? NO_LIMIT));
  const entered = price?.from === 'admin' ? price : undefined;
  const text = (initial: string | undefined) => ({
    type: 'plain_text_input',
    max_length: 20,
    ...(initial && { initial_value: initial }),
  });
  return modal({
    id: TERMS,
    title: 'Limits and price',
    submit: 'Look at the change',
    close: 'Cancel',
    metadata: JSON.stringify({ account: account.id, seen: shownOf(state) }),
    blocks: [
      context(`*${channelName(account.channel)}* from ${escapeMarkup(account.sender)}`),
      ...(account.channel === 'whatsapp'
        ? [
            input(
              'people',
              'New people in 24 hours',
              { type: 'static_select', options, initial_option: chosen },
              {
                hint: 'As WhatsApp Manager shows it under "Messaging limits", for all numbers of this access together. What would exceed it goes by another channel, or waits until there is room.',
              },
            ),
          ]
        : []),
      input('rate', 'Messages a second', text(String(account.rate)), {
        optional: true,
        hint: 'What the gateway gives this number.',
      }),
      input(
        'price',
        account.channel === 'sms' ? 'Price of one part of a text' : 'Price of one message',
        text(entered && String(entered.amount)),
        {
          optional: true,
          hint: 'For the sums in `/rescue channels`. Left empty, what the gateway says counts, where it says so.',
        },
      ),
      input('currency', 'Currency', text(entered?.currency), { optional: true, hint: 'Three letters: SEK, EUR, USD.' }),
    ],
  });
}

/** The most that a message may cost: more is a slip. */
const MOST = 100;

/** What a window carries: the sender, what was shown of it, and what is wanted of it once that was looked at. */
const price = z.object({ amount: z.number(), currency: z.string() }).nullable();
const shown = z.object({ newPeopleLimit: z.number().nullable(), price, rate: z.number() });
type Seen = z.infer<typeof shown>;
const asForm = z.object({ account: z.string(), seen: shown });
const asConfirmed = asForm.extend({ terms: shown.partial() });
/** Terms that are named. */
type Some = z.infer<typeof asConfirmed>['terms'];

const shownOf = ({ account, price: now }: Pick<AccountState, 'account' | 'price'>): Seen => ({
  newPeopleLimit: account.newPeopleLimit ?? null,
  price: now?.from === 'admin' ? { amount: now.amount, currency: now.currency } : null,
  rate: account.rate,
});

/** What was entered, beside what it was. */
async function look(deps: RescueDeps, asked: Asked, values: FormValues, metadata: string): Promise<Submitted> {
  const { account: id, seen } = asForm.parse(JSON.parse(metadata));
  const { account } = await stateOf(deps, asked, id);
  const entered = priceOf(values.text('price').trim(), values.text('currency').trim().toUpperCase());
  const whatsapp = account.channel === 'whatsapp';
  const rate = rateOf(values.text('rate').trim()) ?? seen.rate;
  const wanted = { price: entered, rate, ...(whatsapp && { newPeopleLimit: peopleOf(values.choice('people')) }) };
  const changes = termChanges(seen, wanted);
  if (changes.length === 0)
    throw validationError([{ field: 'price', message: 'Nothing is different from how it is now.' }]);
  const differs = (what: TermChange['what']) => changes.some((change) => change.what === what);
  const terms = {
    ...(differs('priced') && { price: entered }),
    ...(differs('limited') && { newPeopleLimit: wanted.newPeopleLimit }),
    ...(differs('rated') && { rate }),
  };
  return { kind: 'update', view: checkView(account, seen, terms) };
}

/** What would be different, before it is. Pure. */
function checkView(account: SenderAccount, seen: Seen, terms: Some): ModalView {
  return modal({
    id: CHECK,
    title: 'Check the change',
    submit: 'Make the change',
    close: 'Cancel',
    metadata: JSON.stringify({ account: account.id, seen, terms }),
    blocks: [
      section(`*${capital(channelName(account.channel))}* from ${escapeMarkup(account.sender)}`),
      ...termChanges(seen, termsOf(terms)).map((each) => section(changeLine(each))),
      context('It counts as soon as you confirm, is written down, and can be undone.'),
    ],
  });
}

/** A rate that was typed: what it would change, or nothing when it is so already. */
export function rateView({ account, price: now }: AccountState, rate: number): ModalView | undefined {
  const seen = shownOf({ account, price: now });
  return rate === seen.rate ? undefined : checkView(account, seen, { rate });
}

const WHAT: Record<TermChange['what'], string> = {
  limited: 'New people in 24 hours',
  priced: 'Price',
  rated: 'Messages a second',
};
const NONE: Record<TermChange['what'], string> = {
  limited: 'no limit',
  priced: 'as the gateway says',
  rated: 'none',
};
const changeLine = ({ what, from, to }: TermChange): string =>
  `*${WHAT[what]}*\n${escapeMarkup(from ?? NONE[what])} → *${escapeMarkup(to ?? NONE[what])}*`;

async function save(deps: RescueDeps, asked: Asked, metadata: string): Promise<Submitted> {
  const { account, seen, terms } = asConfirmed.parse(JSON.parse(metadata));
  const wanted = termsOf(terms);
  // what others changed beside it stays
  const before = termsOf({
    ...(terms.newPeopleLimit !== undefined && { newPeopleLimit: seen.newPeopleLimit }),
    ...(terms.price !== undefined && { price: seen.price }),
    ...(terms.rate !== undefined && { rate: seen.rate }),
  });
  const { account: sender, changes } = await deps.channels.terms(asked.staff, account, wanted, before);
  const lines = changes.map((each) => changeLine(each).replace('\n', ': '));
  const whose = `${capital(channelName(sender.channel))} from ${escapeMarkup(sender.sender)}`;
  const text = `*Changed*: ${whose}\n${lines.join('\n')}`;
  const undo = JSON.stringify({ account, seen: { ...seen, ...terms }, terms: before });
  const blocks = [section(text), ...buttons({ text: 'Undo', actionId: UNDO, value: undo })];
  asked.afterwards(() => asked.whisper({ text, blocks }));
  return { kind: 'close' };
}

/** Those that are named. */
const termsOf = ({ newPeopleLimit, price: amount, rate }: Some) =>
  ({
    ...(newPeopleLimit !== undefined && { newPeopleLimit }),
    ...(amount !== undefined && { price: amount }),
    ...(rate !== undefined && { rate }),
  }) satisfies Terms;

const peopleOf = (choice: string): number | null => (choice === NO_LIMIT ? null : Number(choice));

/** Undefined where it was left empty. */
function rateOf(figure: string): number | undefined {
  if (figure === '') return undefined;
  const rate = rateIn(figure);
  if (rate === undefined) {
    const message = `Write a figure between ${RATES.least} and ${RATES.most}.`;
    throw validationError([{ field: 'rate', message }]);
  }
  return rate;
}

function priceOf(figure: string, currency: string): NonNullable<Terms['price']> | null {
  if (figure === '' && currency === '') return null;
  const amount = Number(figure.replace(',', '.'));
  if (!/^\d+([.,]\d+)?$/.test(figure) || !(amount <= MOST)) {
    throw validationError([{ field: 'price', message: `Write a figure like 0.45, at most ${MOST}.` }]);
  }
  if (!isCurrency(currency)) throw validationError([{ field: 'currency', message: 'Write it like SEK.' }]);
  return { amount, currency };
}

/** One that can be written for people. */
const isCurrency = (code: string): boolean =>
  /^[A-Z]{3}$/.test(code) && Intl.supportedValuesOf('currency').includes(code);

async function remove(deps: RescueDeps, asked: Asked, accountId: string): Promise<void> {
  const { diverted, outcome } = await deps.channels.remove(asked.staff, accountId);
  const { moved, held } = diverted;
  const words = [
    moved > 0
      ? `${plural(moved, 'message that waited for it goes', 'messages that waited for it go')} another way.`
      : '',
    held > 0
      ? `${plural(held, 'message has', 'messages have')} no other way and ${held === 1 ? 'waits' : 'wait'} until a sender is connected.`
      : '',
    'What customers still write to it is read while the gateway brings it here: let its webhook stand for some weeks.',
  ];
  const note = words.filter((each) => each !== '').join(' ');
  await asked.whisper(changedAnswer(deps.playbooks, outcome, note));
}
