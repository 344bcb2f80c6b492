import { KnownError } from '../../lib/errors.ts';
import { type AccountState, channelName, vendorName } from '../../messaging/index.ts';
import { type Account, may, type Routing } from '../../tenants/index.ts';
import type { Answer, Asked, Command, Feature } from '../feature.ts';
import { capital } from '../format.ts';
import { show } from '../lead/modals.ts';
import { LINK_PHONE } from '../phones/index.ts';
import { changedAnswer } from '../settings/direct.ts';
import { type Button, buttons, context, section } from '../views.ts';
import { CONNECT, connectFeature } from './connect.ts';
import type { Refresh, RescueDeps } from './deps.ts';
import { RATES, rateIn } from './rates.ts';
import { rateView, senderButtons, senderFeature } from './sender-form.ts';
import { stateLine } from './sender-lines.ts';
import { tryButton, trySenderFeature } from './try-sender.ts';

export { accountLine } from './sender-lines.ts';

export const accountsOf = (routing: Routing): Account[] =>
  Object.values(routing.accounts).filter((account) => account !== undefined);

const FIRST = 'channel_first';

/** `/rescue channels`: the senders, how they do, and what can be done with them. `refresh` writes the checklist anew that a form lies on. */
export function channelsFeature(deps: RescueDeps, refresh: Refresh): Feature {
  const connect = connectFeature(deps, refresh);
  const sender = senderFeature(deps);
  const trial = trySenderFeature(deps);
  return {
    commands: channelCommands(deps),
    actions: {
      ...connect.actions,
      ...sender.actions,
      ...trial.actions,
      [FIRST]: {
        permission: 'channels.change',
        async run(asked, accountId) {
          const { outcome } = await deps.channels.first(asked.staff, accountId);
          await asked.whisper(changedAnswer(deps.playbooks, outcome, 'Conversations keep the sender they have.'));
        },
      },
    },
    modals: { ...connect.modals, ...sender.modals, ...trial.modals },
  };
}

function channelCommands(deps: RescueDeps): Command[] {
  return [
    {
      name: '/rescue channels',
      summary: 'The senders of this company and how fast they send.',
      permission: 'channels.see',
      run: (asked, text) => list(deps, asked, text),
    },
    {
      name: '/rescue channels rate',
      summary: 'How many messages a second the sender that is used first takes.',
      usage: 'sms|whatsapp 5',
      permission: 'channels.change',
      run: (asked, text) => rate(deps, asked, text),
    },
  ];
}

async function list(deps: RescueDeps, asked: Asked, text: string): Promise<Answer> {
  if (text !== '') throw howTo();
  const states = await deps.channels.states(asked.tenant.id);
  const mayChange = may(asked.staff.role, 'channels.change');
  const connects = mayChange
    ? buttons(
        ...(['twilio', 'sinch', 'mail'] as const).map((vendor) => ({
          text: vendor === 'mail' ? 'Connect e-mail' : `Connect ${vendorName(vendor)}`,
          actionId: CONNECT(vendor),
        })),
        LINK_PHONE,
      )
    : [];
  if (states.length === 0) {
    const none = 'No sender is connected yet, so nothing can be sent.';
    return { text: none, blocks: [section(none), ...connects] };
  }
  const hint = mayChange ? ['The first of each channel sends; the next one takes over when it does not work.'] : [];
  const lines = states.map((state) => stateLine(state, asked.locale));
  const shown = states.slice(0, MOST_SHOWN);
  return {
    text: [...lines, ...hint].join('\n'),
    blocks: [
      ...shown.flatMap((state, index) => [
        section(lines[index] ?? ''),
        ...(mayChange ? buttons(...actionsOf(state, states)) : []),
      ]),
      ...hint.map((each) => context(each)),
      ...connects,
    ],
  };
}

/** A message holds 50 blocks. */
const MOST_SHOWN = 20;

function actionsOf({ account }: AccountState, states: readonly AccountState[]): Button[] {
  const first = states.find((each) => each.account.channel === account.channel)?.account;
  return [
    ...(first && first.id !== account.id
      ? [{ text: 'Use first', actionId: FIRST, value: account.id, confirm: firstConfirm(first, account) }]
      : []),
    tryButton(account),
    ...senderButtons(account),
  ];
}

const named = ({ vendor, sender }: Pick<Account, 'vendor' | 'sender'>) => `${sender} (${vendorName(vendor)})`;

const firstConfirm = (now: AccountState['account'], then: AccountState['account']) => ({
  title: 'Send from it first?',
  text: `${capital(channelName(then.channel))} leaves by ${named(now)} first now. From then on it leaves by ${named(then)}, and by the other when that does not work. Conversations keep the sender they have.`,
  yes: 'Use it first',
});

/** What the rate would be instead of what it is, in a window; it counts once that was confirmed. */
async function rate(deps: RescueDeps, asked: Asked, text: string): Promise<Answer | undefined> {
  const [channel = '', figure = ''] = text.toLowerCase().split(/\s+/);
  const wanted = rateIn(figure);
  if (wanted === undefined) throw howTo();
  const states = await deps.channels.states(asked.tenant.id);
  const state = states.find(({ account }) => account.channel === channel);
  if (!state) throw new KnownError('not_found', 'no such sender', `There is no sender for ${channel} here.`);
  const view = rateView(state, wanted);
  if (!view) return { text: `*${channelName(state.account.channel)}* has that rate already; nothing was changed.` };
  await show(asked, null, view);
  return undefined;
}

function howTo(): KnownError {
  const message = `Write it like this: /rescue channels rate sms 5 (between ${RATES.least} and ${RATES.most} a second).`;
  return new KnownError('validation_error', 'rate not understood', message);
}
