import { KnownError } from '../../lib/errors.ts';
import { channelName } from '../../messaging/index.ts';
import { type Account, may, type Routing } from '../../tenants/index.ts';
import type { Answer, Asked, Command } from '../feature.ts';
import { escapeMarkup } from '../text.ts';
import type { RescueDeps } from './deps.ts';
import { changeRate } from './rates.ts';

/** Messages a second: less is a standstill, more is beyond what any gateway gives one number. */
const RATES = { least: 0.1, most: 500 };

export const accountsOf = (routing: Routing): Account[] =>
  Object.values(routing.accounts).filter((account) => account !== undefined);

/** `WhatsApp from +46… (twilio), 80 a second`. */
export const accountLine = (account: Account): string =>
  `*${channelName(account.channel)}* from ${escapeMarkup(account.sender)} (${escapeMarkup(account.vendor)}), at most ${account.rate} a second`;

export function channelCommands(deps: RescueDeps): Command[] {
  return [
    {
      name: '/rescue channels',
      summary: 'The senders of this company and how fast they send.',
      permission: 'channels.see',
      run: (asked, text) => list(deps, asked, text),
    },
    {
      name: '/rescue channels rate',
      summary: 'How many messages a second a sender takes.',
      usage: 'sms|whatsapp 5',
      permission: 'channels.change',
      run: (asked, text) => rate(deps, asked, text),
    },
  ];
}

async function list(deps: RescueDeps, asked: Asked, text: string): Promise<Answer> {
  if (text !== '') throw howTo();
  const accounts = accountsOf(await deps.routing.of(asked.tenant.id));
  if (accounts.length === 0) return { text: 'No sender is connected yet, so nothing can be sent.' };
  const hint = may(asked.staff.role, 'channels.change') ? ['Change it with `/rescue channels rate sms 5`.'] : [];
  return { text: [...accounts.map(accountLine), ...hint].join('\n') };
}

async function rate(deps: RescueDeps, asked: Asked, text: string): Promise<Answer> {
  const [channel = '', figure = ''] = text.toLowerCase().split(/\s+/);
  const wanted = Number(figure.replace(',', '.'));
  if (!/^[\d.,]+$/.test(figure) || !(wanted >= RATES.least && wanted <= RATES.most)) throw howTo();
  const { tenant, staff } = asked;
  const account = accountsOf(await deps.routing.of(tenant.id)).find((each) => each.channel === channel);
  if (!account) throw new KnownError('not_found', 'no such sender', `There is no sender for ${channel} here.`);
  await changeRate(deps.db, { tenantId: tenant.id, staffId: staff.id, at: deps.clock.now() }, account, wanted);
  deps.routing.forget(tenant.id);
  return { text: `*${channelName(account.channel)}*: at most ${account.rate} → ${wanted} messages a second.` };
}

function howTo(): KnownError {
  const message = `Write it like this: /rescue channels rate sms 5 (between ${RATES.least} and ${RATES.most} a second).`;
  return new KnownError('validation_error', 'rate not understood', message);
}
