import { DateTime } from 'luxon';
import { amountOf, isCurrency } from '../../lib/amounts.ts';
import { KnownError } from '../../lib/errors.ts';
import { channelName } from '../../messaging/index.ts';
import { DIGEST_TIME } from '../../reports/index.ts';
import type { Settings } from '../../tenants/index.ts';
import type { Answer, Asked, Command } from '../feature.ts';
import { changeNow, waitingNote } from '../settings/direct.ts';
import type { ReportDeps } from './deps.ts';
import { money } from './words.ts';

const CHANNELS = ['whatsapp', 'sms', 'email'] as const;
const DIGEST_USAGE = '[daily|weekly|both|off] [here|dm]';
const digestWords = ({ digest, digestChannel }: Settings): string =>
  digest === 'off'
    ? 'off'
    : `${WHEN[digest]}, ${digestChannel ? `in <#${digestChannel}>` : "in the managers' direct messages"}`;
const WHEN: Record<Settings['digest'], string> = {
  off: 'off',
  daily: `every day at ${DIGEST_TIME}`,
  weekly: `on Mondays at ${DIGEST_TIME}`,
  both: `every day at ${DIGEST_TIME}, and on Mondays of the week`,
};

/** `/rescue digest`, `margin` and `cost`: when digests come, and what deals and messages are worth. */
export function reportSettings(deps: ReportDeps): Command[] {
  const { tenants, clock } = deps;

  async function channelHere({ tenant, channelId }: Asked): Promise<string> {
    const usable = channelId && !channelId.startsWith('D') && (await deps.cards.outlets.usable(tenant.id, channelId));
    if (channelId && usable) return channelId;
    throw wrong(
      'Run /rescue digest weekly here in one of your own channels that LeadRescue is in: /invite @LeadRescue.',
    );
  }

  async function digest(asked: Asked, text: string): Promise<Answer> {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const patch: Partial<Settings> = {};
    for (const word of words) {
      if (word === 'here') patch.digestChannel = await channelHere(asked);
      else if (word === 'dm') patch.digestChannel = null;
      else if (Object.hasOwn(WHEN, word)) patch.digest = word as Settings['digest'];
      else throw wrong(`Write it like this: /rescue digest ${DIGEST_USAGE}.`);
    }
    const before = await tenants.settings(asked.tenant.id);
    const outcome = words.length > 0 ? await changeNow(deps, asked, patch) : undefined;
    if (outcome?.kind === 'waits') return { text: waitingNote(outcome).trim() };
    const settings = outcome?.settings ?? before;
    const [was, is] = [digestWords(before), digestWords(settings)];
    const difference = was === is ? is : `${was} → ${is}`;
    if (settings.digest === 'off') return { text: `*Digests*: ${difference}.` };
    const next = nextDigest(settings.digest, clock.now(), asked.tenant.zone);
    return {
      text: `*Digests*: ${difference}; the next one ${next}. Quiet when there is nothing to say.`,
    };
  }

  async function margin(asked: Asked, text: string): Promise<Answer> {
    const { marginPerDeal, currency } = await tenants.settings(asked.tenant.id);
    const how = '`/rescue margin 28000 SEK`, or `/rescue margin off`';
    const before = marginPerDeal === null ? 'not set' : money(marginPerDeal, currency);
    if (text === '')
      return { text: `*Margin per deal*: ${before}. It says what recovered deals are worth. Change it with ${how}.` };
    if (/^off$/i.test(text)) {
      const note = waitingNote(await changeNow(deps, asked, { marginPerDeal: null }));
      return { text: `*Margin per deal*: ${before} → not set.${note || ' Returns are no longer shown.'}` };
    }
    const [, figure = '', sign] = /^([\d][\d\s.,]*?)\s*([a-z]{3})?$/i.exec(text) ?? [];
    const amount = amountOf(figure);
    if (amount === undefined || amount > 1e9) throw wrong(`Write it like this: ${how.replaceAll('`', '')}.`);
    const code = sign ? sign.toUpperCase() : currency;
    if (code && !isCurrency(code))
      throw wrong(`“${code}” is no currency. Write its three letters, for example SEK, EUR or USD.`);
    const note = waitingNote(await changeNow(deps, asked, { marginPerDeal: amount, currency: code }));
    const said = `*Margin per deal*: ${before} → ${money(amount, code)}.`;
    return { text: `${said}${note || ' /kpi shows returns from now on, of earlier deals too.'}` };
  }

  async function cost(asked: Asked, text: string): Promise<Answer> {
    const { messageCost, currency } = await tenants.settings(asked.tenant.id);
    const how = '`/rescue cost whatsapp 0.85`';
    const words = (costs: Settings['messageCost']) =>
      CHANNELS.flatMap((channel) =>
        costs[channel] ? `${channelName(channel)} ${money(costs[channel], currency)}` : [],
      ).join(', ') || 'none';
    if (text === '') return { text: `*Cost of a message*: ${words(messageCost)}. Change it with ${how}.` };
    const [, name, figure = ''] = /^(\w+)\s+([\d.,]+)$/.exec(text.toLowerCase()) ?? [];
    const channel = CHANNELS.find((each) => each === name);
    const amount = amountOf(figure);
    if (!channel || amount === undefined || amount > 1000)
      throw wrong(`Write it like this: ${how.replaceAll('`', '')}, sms or email.`);
    const outcome = await changeNow(deps, asked, (now) => ({ messageCost: { ...now.messageCost, [channel]: amount } }));
    const after = words(outcome.settings.messageCost);
    return { text: `*Cost of a message*: ${words(messageCost)} → ${after}.${waitingNote(outcome)}` };
  }

  const command = (word: string, summary: string, usage: string, run: Command['run']): Command => ({
    name: `/rescue ${word}`,
    summary,
    usage,
    permission: 'settings.change',
    run,
  });
  return [
    command('digest', 'When the digest of the numbers comes, and where.', DIGEST_USAGE, digest),
    command('margin', 'What a deal brings, so that returns can be shown.', '[28000 SEK|off]', margin),
    command('cost', 'What one message costs, by channel.', '[whatsapp|sms|email] [0.85]', cost),
  ];
}

function nextDigest(when: Exclude<Settings['digest'], 'off'>, now: Date, zone: string): string {
  const local = DateTime.fromJSDate(now, { zone }).setLocale('en-GB');
  const [hour, minute] = DIGEST_TIME.split(':').map(Number);
  const due = { hour: hour ?? 8, minute: minute ?? 0, second: 0, millisecond: 0 };
  let next = local.set(due);
  while (next <= local || (when === 'weekly' && next.weekday !== 1)) next = next.plus({ days: 1 }).set(due);
  return next.toFormat('ccc d LLL HH:mm');
}

const wrong = (message: string): KnownError => new KnownError('validation_error', 'not understood', message);
