import { isKnown } from '../../lib/errors.ts';
import type { MessageId } from '../../lib/ids.ts';
import type { AccountState } from '../../messaging/index.ts';
import { reasonInWords } from '../../messaging/index.ts';
import { may } from '../../tenants/index.ts';
import { timesOf } from '../commands/list.ts';
import type { Answer, Asked, Feature } from '../feature.ts';
import { plural } from '../format.ts';
import { escapeMarkup } from '../text.ts';
import { button, buttons, context, section } from '../views.ts';
import { runsUs } from './admins.ts';
import type { RescueDeps } from './deps.ts';
import { type QueueFacts, queueFacts } from './facts.ts';
import { createParked, type Parked, type ParkedGroup } from './parked.ts';
import { standing } from './sender-lines.ts';

const RETRY = 'status_retry';
const SKIP = 'status_skip';
const RESEND_ALL = 'status_resend';
const LEAVE_ALL = 'status_leave';
const RELEASE = 'status_release';

/** What is decided on at once; the rest is asked about again. */
const AT_ONCE = 200;
/** Groups of what is parked that are shown with buttons of their own: a phone shows few. */
const MOST_GROUPS = 5;

/** `/rescue status`: whether messages leave, what waits, what failed, and what can be done about it. */
export function statusFeature(deps: RescueDeps): Feature {
  const parked = createParked(deps);
  const again = async (asked: Asked, said: string) =>
    asked.whisper({ ...(await status(deps, parked, asked, said)), replace: true });
  return {
    commands: [
      {
        name: '/rescue status',
        summary: 'Whether messages leave, what waits, and what could not be processed.',
        permission: 'status.see',
        run: (asked) => status(deps, parked, asked),
      },
    ],
    actions: {
      [RETRY]: {
        permission: 'status.see',
        async run(asked, group) {
          const n = await parked.decide(asked.staff, runsUs(deps, asked), group || 'all', 'retried');
          await again(asked, `${plural(n, 'parked item is', 'parked items are')} in line again.`);
        },
      },
      [SKIP]: {
        permission: 'status.decide',
        async run(asked, group) {
          const n = await parked.decide(asked.staff, runsUs(deps, asked), group, 'skipped');
          await again(asked, `${plural(n, 'parked item was', 'parked items were')} given up. The log says so.`);
        },
      },
      [RESEND_ALL]: {
        permission: 'status.decide',
        run: async (asked) => again(asked, await decideAll(deps, asked, 'resend')),
      },
      [LEAVE_ALL]: {
        permission: 'status.decide',
        run: async (asked) => again(asked, await decideAll(deps, asked, 'leave')),
      },
      [RELEASE]: {
        permission: 'tenant.go_live',
        async run(asked) {
          const { released } = await deps.live.resume(asked.tenant, asked.staff);
          const tenant = await deps.tenants.byId(asked.tenant.id);
          const words = `Released: follow-ups leave by themselves again, ${plural(released, 'message')} that waited first.`;
          await again({ ...asked, tenant }, words);
        },
      },
    },
  };
}

/** Each by the use case that its own button runs: whoever opted out meanwhile is not written to. */
async function decideAll(deps: RescueDeps, asked: Asked, decision: 'resend' | 'leave'): Promise<string> {
  const rows = await deps.db.inTenant(asked.tenant.id, (tx) =>
    tx.query<{ id: MessageId }>(
      // messages_unconfirmed
      `select id from messages where tenant_id = $1 and state = 'unconfirmed' order by due_at limit ${AT_ONCE}`,
      [asked.tenant.id],
    ),
  );
  let done = 0;
  for (const { id } of rows) {
    try {
      await deps.desk[decision](asked.staff, id);
      done++;
    } catch (error) {
      if (!isKnown(error)) throw error;
    }
  }
  const could = decision === 'resend' ? 'in line again' : 'left as they are';
  const rest = rows.length - done;
  const not = rest > 0 ? ` ${rest} could not be: decided already, or the customer has opted out.` : '';
  return `${plural(done, 'message is', 'messages are')} ${could}.${not}`;
}

async function status(deps: RescueDeps, parked: Parked, asked: Asked, said?: string): Promise<Answer> {
  const { tenant, staff } = asked;
  const senders = await deps.channels.states(tenant.id);
  const now = deps.clock.now();
  const ids = senders.map(({ account }) => account.id);
  const facts = await deps.db.inTenant(tenant.id, (tx) => queueFacts(tx, ids, now));
  const groups = await parked.groups(tenant.id, runsUs(deps, asked));
  const decides = may(staff.role, 'status.decide');

  const parts: { text: string; below?: object[] }[] = [
    ...(said ? [{ text: said }] : []),
    ...(tenant.waitsFor === 'restored' ? [restoredPart(facts, may(staff.role, 'tenant.go_live'))] : []),
    { text: headline(facts, senders, groups.length) },
    { text: queueLines(facts, facts.oldest && timesOf(asked, now).full(facts.oldest)) },
    ...(facts.unconfirmed > 0 ? [unconfirmedPart(facts.unconfirmed, decides)] : []),
    ...groups.slice(0, MOST_GROUPS).map((group) => ({
      text: groupInWords(group),
      below: buttons(
        ...(groups.length > 1 ? [{ text: 'Retry', actionId: RETRY, value: group.id }] : []),
        ...(decides ? [{ text: 'Skip', actionId: SKIP, value: group.id }] : []),
      ),
    })),
    { text: senderLines(senders) },
  ];
  const left = groups.length > MOST_GROUPS ? [context(`and ${plural(groups.length - MOST_GROUPS, 'more kind')}.`)] : [];
  const retryAll = groups.length > 0 ? buttons({ text: 'Retry parked', actionId: RETRY, value: 'all' }) : [];
  return {
    text: parts.map(({ text }) => text).join('\n'),
    blocks: [...parts.flatMap(({ text, below = [] }) => [section(text), ...below]), ...left, ...retryAll],
  };
}

function restoredPart({ lost }: QueueFacts, mayRelease: boolean) {
  const asked =
    lost > 0
      ? `${plural(lost, 'message')} may have left since then: each is looked up at its gateway before it leaves.`
      : 'What left since then was looked up at the gateways, and customers’ stops were read there.';
  const text = `⚠ *Restored from a backup, held.* Nothing is sent by itself. ${asked} Stops by page or in Slack since then are not known here.`;
  const release = {
    ...button({ text: 'Release', actionId: RELEASE, style: 'primary' }),
    confirm: confirm(
      'Release?',
      'Follow-ups leave by themselves again. What left already does not leave again.',
      'Release',
    ),
  };
  return { text, below: mayRelease ? [{ type: 'actions', elements: [release] }] : [] };
}

/** The answer to "does it work?", before anything else. */
function headline(facts: QueueFacts, senders: readonly AccountState[], parked: number): string {
  const resting = senders.filter(({ rests }) => rests).length;
  const troubles = [
    ...(senders.length === 0 ? ['no sender is connected'] : []),
    ...(resting > 0 ? [`${plural(resting, 'sender does', 'senders do')} not work`] : []),
    ...(facts.unconfirmed > 0 ? [`${plural(facts.unconfirmed, 'message')} may have left`] : []),
    ...(parked > 0 ? ['something keeps failing'] : []),
  ];
  return troubles.length === 0 ? '✓ *All is well.*' : `⚠ *Needs a look:* ${troubles.join(', ')}.`;
}

const senderLines = (senders: readonly AccountState[]) =>
  senders.length > 0 ? senders.map(standing).join('\n') : 'No sender is connected, so nothing can be sent.';

function queueLines(facts: QueueFacts, oldest: string | null): string {
  const { lateness } = facts;
  const going = [
    ...(facts.leaving > 0 ? [`${facts.leaving} leaving now`] : []),
    ...(facts.uncertain > 0 ? [`${facts.uncertain} being asked about at the gateway`] : []),
  ];
  const holds = facts.holds.slice(0, 3).map(({ reason, n }) => `• ${n}: ${escapeMarkup(reasonInWords(reason))}`);
  return [
    oldest === null
      ? 'Nothing is due: everything has left.'
      : `${plural(facts.due, 'message is', 'messages are')} due, the oldest since ${oldest}.`,
    ...(going.length > 0 ? [`${going.join(', ')}.`] : []),
    ...(lateness
      ? [`Last hour: half left within ${seconds(lateness.half)}, 99 % within ${seconds(lateness.most)}.`]
      : []),
    ...(facts.held > 0 ? [`${plural(facts.held, 'message waits', 'messages wait')}:`, ...holds] : []),
    ...(facts.errors.length > 0
      ? [`Refused in 24 hours: ${facts.errors.map(({ code, n }) => `${n} × ${escapeMarkup(code)}`).join(', ')}.`]
      : []),
  ].join('\n');
}

function seconds(value: number): string {
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 120) return `${Math.round(value)} s`;
  return value < 7200 ? `${Math.round(value / 60)} min` : `${Math.round(value / 3600)} h`;
}

function unconfirmedPart(n: number, decides: boolean) {
  const text = `${plural(n, 'message')} may have left and nobody can say: the cards ask Resend or Leave.`;
  const all = (label: string, actionId: string, words: string) => ({
    ...button({ text: label, actionId }),
    confirm: confirm(`${label}?`, words, label),
  });
  const elements = [
    all('Resend all', RESEND_ALL, 'Who got one already gets it a second time.'),
    all('Leave all', LEAVE_ALL, 'Who did not get one does not get it any more.'),
  ];
  return { text, below: decides ? [{ type: 'actions', elements }] : [] };
}

const confirm = (title: string, text: string, yes: string) => ({
  title: { type: 'plain_text', text: title },
  text: { type: 'plain_text', text },
  confirm: { type: 'plain_text', text: yes },
  deny: { type: 'plain_text', text: 'Not yet' },
});

function groupInWords({ of, about, n, error }: ParkedGroup): string {
  const why = error ? ` (${escapeMarkup(error)})` : '';
  const isAre = n === 1 ? 'is' : 'are';
  switch (of) {
    case 'webhooks':
      return `${plural(n, 'incoming message')} could not be processed and ${isAre} parked.`;
    case 'nobody':
      return `${plural(n, 'incoming message')} of no business here ${isAre} parked (${nobodysInWords(error ?? '')}). Only you see this: you run LeadRescue.`;
    case 'hooks':
      return `${plural(n, 'webhook')} to ${escapeMarkup(about)} kept failing${why} and ${isAre} parked.`;
    case 'effects':
      return `${plural(n, 'update')} kept failing and ${isAre} parked: ${escapeMarkup(about)}${why}.`;
  }
}

const NOBODYS: Readonly<Record<string, string>> = {
  unknown_number: 'to a number that is not connected',
  several_tenants: 'from a stranger to a number of several businesses',
  not_connected: 'of an ad account that is not connected',
};

/** `2 × unknown_number, 1 × …` in words; a reason without any stays what it is. */
const nobodysInWords = (reasons: string) =>
  escapeMarkup(
    reasons.replaceAll(/[a-z_]+/g, (code) => (Object.hasOwn(NOBODYS, code) ? (NOBODYS[code] ?? code) : code)),
  );
