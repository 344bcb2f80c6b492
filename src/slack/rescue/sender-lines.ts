import { type AccountState, channelName, noticeInWords, vendorName } from '../../messaging/index.ts';
import type { Account } from '../../tenants/index.ts';
import { capital, grouped, plural } from '../format.ts';
import { escapeMarkup } from '../text.ts';

/** `WhatsApp from +46… (Twilio), at most 80 a second`. */
export const accountLine = (account: Account): string =>
  `*${capital(channelName(account.channel))}* from ${escapeMarkup(account.sender)} (${vendorName(account.vendor)}), at most ${account.rate} a second`;

/** A sender: whose it is, how it did in the last day, and whether it works. Pure. */
export function standing(state: AccountState): string {
  const { rests } = state;
  const health = rests
    ? `⚠ rests ${plural(rests.minutes, 'more minute')}: ${RESTS[rests.reason] ?? 'it does not work'}`
    : state.refused
      ? '⚠ the gateway does not accept your access any more: connect it anew. Meanwhile it leaves by that of another company that uses this sender'
      : '✓ works';
  return `${headOf(state)}\n${health}`;
}

/** The same, with what its platform allows, what was sent by it and what that cost. Pure. */
export function stateLine(state: AccountState, locale: string): string {
  const { waiting, notices } = state;
  const lines = [
    standing(state),
    limitLine(state),
    waiting > 0 ? `${plural(waiting, 'message waits', 'messages wait')} for a place among the new people` : '',
    volumeLine(state, locale),
    ...notices.map(noticeLine),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function noticeLine({ code, count }: AccountState['notices'][number]): string {
  const words = noticeInWords(code) ?? escapeMarkup(code);
  return `⚠ ${words} (${plural(count, 'time')} in 7 days, code ${escapeMarkup(code)})`;
}

function headOf({ account, own, requests, failed, answerMs }: AccountState): string {
  const parts = [accountLine(account), own ? 'your own' : "the platform's"];
  if (requests > 0) {
    // what others send by a sender of the platform's is not for this business to know
    const share = `${Math.round((failed / requests) * 100)} % failed`;
    const mean = answerMs === null ? '' : `, answers in ${Math.round(answerMs)} ms`;
    parts.push(`last 24 hours: ${own ? `${requests} sent, ` : ''}${share}${mean}`);
  }
  return parts.join(' · ');
}

const RESTS: Record<string, string> = {
  denied: 'the gateway does not accept our account',
  reported: 'the gateway reports that this sender may not write: look at it there',
  silent: 'the gateway does not answer',
};

/** The whole of a platform's sender is used by others too: then only the share is told. */
function limitLine({ limit, own }: AccountState): string {
  if (!limit) return '';
  const { of, used, most } = limit;
  const share = `${Math.floor((100 * used) / most)} % used`;
  const figure = own ? `${grouped(used)} of ${grouped(most)} (${share})` : `${share} of ${grouped(most)}`;
  return of === 'people' ? `new people in 24 hours: ${figure}` : `messages today: ${figure}`;
}

function volumeLine({ account, today, week, price }: AccountState, locale: string): string {
  if (week.messages === 0 && !price) return '';
  const money = (amount: number, digits: number) =>
    price &&
    new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: price.currency,
      minimumFractionDigits: 2,
      maximumFractionDigits: digits,
    }).format(amount);
  const told = (volume: AccountState['today']) =>
    `${grouped(volume.messages)}${volume.cost === null ? '' : `, about ${money(volume.cost, 2)}`}`;
  const sums = `you sent today: ${told(today)} · in 7 days: ${told(week)}`;
  if (!price) return `${sums} · no price is known`;
  const unit = account.channel === 'sms' ? 'a part of a text' : 'a message';
  const source = price.from === 'admin' ? 'as entered here' : 'as the gateway says';
  return `${sums} · ${money(price.amount, 4)} ${unit}, ${source}`;
}
