import { type Alert, type AlertItem, type AlertKindKey, FROM_OUTSIDE, kindOf, TO_OTHERS } from '../../alerts/index.ts';
import { channelName, vendorName } from '../../messaging/index.ts';
import { languageName, type Playbooks, type SourceKind, type Staff } from '../../tenants/index.ts';
import { bold, button, context, inline, type Post, subjectOf } from '../card/index.ts';
import { capital, grouped, plural, type Times } from '../format.ts';
import { KIND_NAMES } from '../rescue/sources.ts';
import { minutesInWords } from '../tell/frame.ts';
import { section } from '../views.ts';
import type { AlertLead } from './read.ts';

export const ACKNOWLEDGE = 'alert_acknowledge';

/** What an alert is written with. */
export interface AlertContext {
  leads: ReadonlyMap<string, AlertLead>;
  staff: readonly Staff[];
  playbooks: Playbooks;
  times: Times;
  now: Date;
  /** Minutes of opening hours since then. */
  waited(since: Date): number;
}

const MOST_LINES = 6;

/** The sign in front of an alert. */
export const alertMark = ({ kind }: Pick<Alert, 'kind'>): string => MARK[kindOf(kind).severity];

const MARK = { critical: ':red_circle:', warning: ':large_orange_circle:' } as const;

/** `3 customers wait too long`, as it is now. Pure. */
export function alertHead({ kind, items }: Pick<Alert, 'kind' | 'items'>): string {
  const n = items.length;
  const [first] = items;
  switch (kind) {
    case 'sla':
      return `${plural(n, 'customer waits', 'customers wait')} too long for an answer`;
    case 'hot_lead':
      return `${plural(n, 'hot lead waits', 'hot leads wait')} for somebody`;
    case 'unconfirmed':
      return `${plural(n, 'message')} may have left, and nobody can say`;
    case 'gateway':
      return `${plural(n, 'sender does', 'senders do')} not get messages out`;
    case 'queue_late':
      return 'Messages leave late';
    case 'limit_near':
      return `${plural(n, 'sender has', 'senders have')} nearly used what may be sent in a day`;
    case 'form_flood':
      return `${plural(n, 'form brings', 'forms bring')} more enquiries than are answered by themselves`;
    case 'opt_outs':
      return `Unusually many opt-outs: ${grouped(figuresOf(first).n)} today`;
    case 'template':
      return `${plural(n, 'WhatsApp text')} cannot be used`;
    case 'parked':
      return `${plural(n, 'kind of thing', 'kinds of things')} kept failing and ${n === 1 ? 'waits' : 'wait'} for somebody`;
  }
}

/** What can be done about it. */
const ADVICE: Readonly<Record<AlertKindKey, string>> = {
  sla: 'Please see to it that somebody answers.',
  hot_lead: 'Please see to it that somebody calls or writes.',
  unconfirmed: '*Open* shows the lead’s card, which asks: *Resend* or *Leave*.',
  gateway: 'Nothing is lost: it is tried again. Check the credentials and the sender: `/rescue channels`.',
  queue_late: '`/rescue status` shows what is due. If nothing moves, look after the workers.',
  limit_near:
    'What exceeds a limit goes by another channel, or waits until there is room. `/rescue channels` shows and changes limits.',
  form_flood:
    'The leads are kept. Look at their cards: *Resume* lets an answer leave. `/rescue settings` changes how many an hour are answered, `/rescue forms` closes a form.',
  opt_outs: 'Look at what was sent today: `/kpi today` says by which text.',
  template:
    'Follow-ups planned with such a text go by SMS where the customer can be reached so, else they wait: `/rescue templates`.',
  parked:
    '`/rescue status` retries them or gives them up. What came from outside is in `/rescue webhooks parked`, with the reason.',
};

/** One item in a line. Pure. */
export function itemLine(kind: AlertKindKey, item: AlertItem, page: AlertContext): string {
  const { times, now, playbooks } = page;
  const lead = item.leadId ? page.leads.get(item.leadId) : undefined;
  const who = lead ? [bold(lead.name), inline(subjectOf(lead, playbooks.get(lead.playbook)))] : [];
  const parts = item.about.split('/');
  switch (kind) {
    case 'sla': {
      const since = `since ${times.beside(item.since, now)} (${minutesInWords(page.waited(item.since))} of opening hours)`;
      return joined([...who, since, lead?.owes ? `${inline(lead.owes)} owes it` : 'nobody looks after this lead']);
    }
    case 'hot_lead':
      return joined([...who, `score ${item.about}`, `since ${times.beside(item.since, now)}`]);
    case 'unconfirmed':
      return joined([...who, channelName(item.about), times.beside(item.since, now)]);
    case 'gateway': {
      const [vendor = '', channel = '', how = ''] = parts;
      return joined([`*${channelName(channel)}* (${inline(capital(vendor))})`, GATEWAY_FAILS[how] ?? '']);
    }
    case 'queue_late':
      return joined([`*${channelName(item.about)}*`, `the oldest was due ${times.beside(item.since, now)}`]);
    case 'limit_near': {
      const [vendor = '', channel = '', what, percent, most] = parts;
      const limit = `${percent} % of ${grouped(Number(most))} ${what === 'people' ? 'new people in 24 hours' : 'messages a day'}`;
      return joined([`*${channelName(channel)}* (${inline(vendorName(vendor))})`, limit]);
    }
    case 'form_flood':
      return joined([inline(item.subject), `answers wait since ${times.beside(item.since, now)}`]);
    case 'opt_outs': {
      const { n, sent, usual } = figuresOf(item);
      return `${grouped(n)} of ${plural(sent, 'message')} today, ${Math.round((100 * n) / Math.max(sent, 1))} %; usually ${usual} %`;
    }
    case 'template': {
      const [key = '', language = '', state = ''] = parts;
      return joined([`\`${inline(key)}\``, languageName(language), `${inline(state)} by WhatsApp`]);
    }
    case 'parked':
      return joined([
        parkedThing(item.subject),
        Number(item.about) === 1 ? 'once' : plural(Number(item.about), 'time'),
      ]);
  }
}

const GATEWAY_FAILS: Readonly<Record<string, string>> = {
  unread:
    'the gateway cannot say what came in. Customers who have had to do with this sender may have stopped there: they get nothing automated until it can',
  rests: 'the gateway refuses the account',
  denied: 'the gateway refuses the account',
  reported: 'the gateway takes messages and does not deliver them: it says that this sender may not write',
  silent: 'the gateway does not answer',
  failing: 'the gateway fails too often',
  refuses: 'the gateway refuses what is sent',
  access: 'the gateway refuses your access; it leaves by that of another company that has connected this sender',
};

function parkedThing(subject: string): string {
  if (subject.startsWith(FROM_OUTSIDE)) return fromOutside(subject.slice(FROM_OUTSIDE.length));
  if (subject.startsWith(TO_OTHERS)) return `webhooks to ${inline(subject.slice(TO_OTHERS.length))}`;
  return `our own \`${inline(subject)}\``;
}

const fromOutside = (source: string) =>
  Object.hasOwn(KIND_NAMES, source)
    ? `leads from ${KIND_NAMES[source as SourceKind]}`
    : `\`${inline(source)}\` from outside`;

const joined = (parts: readonly string[]) => parts.filter(Boolean).join(' · ');

function figuresOf(item: AlertItem | undefined): { n: number; sent: number; usual: number } {
  const [n = 0, sent = 0, usual = 0] = (item?.about ?? '').split('/').map(Number);
  return { n, sent, usual };
}

/** An alert as it is posted, and as its post is kept up. Pure. */
export function alertPost(alert: Alert, page: AlertContext): Post {
  if (alert.closedAt) return closedPost(alert, page);
  const { kind, items } = alert;
  const head = alertHead(alert);
  const shown = items.slice(0, MOST_LINES);
  const more = items.length - shown.length;
  const lines = shown.map((item) => itemLine(kind, item, page));
  const plain = shown.every(({ leadId }) => leadId === null);
  const before = alert.total - items.length;
  return {
    text: `${head}${lines[0] ? `: ${lines[0].replaceAll('*', '')}` : ''}`,
    blocks: [
      section(`${alertMark(alert)} *${head}*${plain ? ['', ...lines].join('\n• ') : ''}`),
      ...(plain ? [] : shown.map((item, index) => section(`• ${lines[index] ?? ''}`, openButton(item)))),
      ...context([
        ...(more > 0 ? [`… and ${grouped(more)} more.`] : []),
        ADVICE[kind],
        ...(before > 0
          ? [`${plural(before, 'other')} since ${page.times.beside(alert.openedAt, page.now)}: over.`]
          : []),
        acknowledgedWords(alert, page),
      ]),
      ...(alert.acknowledgedAt
        ? []
        : [{ type: 'actions', elements: [button(ACKNOWLEDGE, 'I see to it', alert.id, { style: 'primary' })] }]),
    ],
  };
}

const openButton = ({ leadId }: AlertItem) => (leadId ? button('lead_open', 'Open', leadId) : undefined);

function closedPost(alert: Alert, page: AlertContext): Post {
  const { label } = kindOf(alert.kind);
  const at = alert.closedAt ? page.times.beside(alert.closedAt, alert.openedAt) : '';
  const words =
    alert.ended === 'followed'
      ? `${label}: goes on further down, with what came since.`
      : `${label}: over since ${at}.`;
  return {
    text: words,
    blocks: [
      section(alert.ended === 'followed' ? words : `:white_check_mark: ${words}`),
      ...context([`${plural(alert.total, 'case')} in all.`, acknowledgedWords(alert, page)]),
    ],
  };
}

/** For a post that was overtaken by the same alert, posted again. */
export const repeatedPost = ({ kind }: Pick<Alert, 'kind'>): Post => {
  const words = `${kindOf(kind).label}: posted again further down, since nobody has acknowledged it.`;
  return { text: words, blocks: [section(words)] };
};

function acknowledgedWords(
  { acknowledgedBy, acknowledgedAt, openedAt }: Alert,
  { staff, times }: AlertContext,
): string {
  if (!acknowledgedAt) return '';
  const who = staff.find(({ id }) => id === acknowledgedBy);
  return `${inline(who?.name ?? 'Somebody')} sees to it, since ${times.beside(acknowledgedAt, openedAt)}.`;
}
