import { channelOrder, closesAt } from '../cadence/index.ts';
import { isOutage } from '../db/index.ts';
import type { Clock } from '../lib/clock.ts';
import { isKnown } from '../lib/errors.ts';
import type { AccountId, MessageId, TenantId } from '../lib/ids.ts';
import { open, seal } from '../lib/secrets.ts';
import { signedToken } from '../lib/signed-links.ts';
import { optOutToken } from '../people/index.ts';
import {
  type Account,
  addressOf,
  type Playbook,
  type Playbooks,
  type Route,
  type Routing,
  type RoutingBook,
  type Settings,
  type Tenant,
  type TenantKeys,
  type Tenants,
  templateKey,
  tenantPlaybook,
} from '../tenants/index.ts';
import type { Ready } from './begin.ts';
import { type ComposeContext, compose, templateOf } from './compose.ts';
import type { DueMessage } from './due.ts';
import type { GatewayBook, VendorGateway } from './gateway-book.ts';
import { decide, fallbackOf, type GuardRules, keepsHours, type Verdict, type Way } from './guard.ts';
import { type Composer, letterOf, trackedLink } from './mail/letter.ts';
import { makeRoom } from './make-room.ts';
import type { NewPeople } from './new-people.ts';
import type { OutgoingMessage } from './port.ts';
import type { Transition } from './record.ts';
import {
  type Choice,
  chooseSenders,
  hasChoice,
  isElsewhere,
  isSwitchable,
  nextSender,
  resting,
  type Senders,
  someRest,
  standbySender,
  type Talk,
  withWindow,
} from './senders.ts';

/** A message that passed the guard, written and addressed. */
export interface Prepared extends Ready {
  message: DueMessage;
  account: Account;
  route: Route;
  /** Who carries it; undefined where the tenant's access cannot be opened. */
  gateway: VendorGateway | undefined;
  /** Another account of the channel does well. */
  switchable: boolean;
  outgoing: OutgoingMessage;
  /** Where it goes when this channel does not reach the person. */
  other: Way | null;
  /** Where it goes when its gateway cannot be reached. */
  standby: Way | null;
  /** Who else of the channel takes it when this account takes nobody new. */
  overflow: Account | null;
  playbook: Playbook;
  /** First step of the cadence. */
  first: boolean;
}

export interface BatchDeps extends Composer {
  clock: Clock;
  /** What WhatsApp allows of new people. */
  newPeople: Pick<NewPeople, 'take'>;
  /** How the people of these messages have been talked with. */
  talks(messages: readonly DueMessage[]): Promise<Map<MessageId, Talk>>;
  gateways: Pick<GatewayBook, 'of'>;
  log: { error(facts: object, message: string): void };
  tenants: Pick<Tenants, 'byId' | 'settings' | 'at' | 'keys'>;
  routing: Pick<RoutingBook, 'of'>;
  playbooks: Playbooks;
  /** Path of the status callback of an account's vendor, for example `/webhooks/twilio/status`. */
  statusPath(account: Account): string;
}

/** Where a message's body is sealed to. */
export const bodyPlace = (message: { tenantId: string; id: string }) => `${message.tenantId}/${message.id}/body`;

/** The longest a gateway may hold a message, in seconds. */
const MAX_VALIDITY = 900;

/** What all messages of a tenant in a batch share. */
interface Sender {
  tenant: Tenant;
  settings: Settings;
  routing: Routing;
  keys: TenantKeys;
}

/** What could go by no other account than one that is unheard is looked at again after so long, in ms. */
const UNHEARD_MS = 30_000;

async function senderOf(deps: BatchDeps, tenantId: TenantId, unheard: readonly AccountId[]): Promise<Sender> {
  const [tenant, settings, routing, keys] = await Promise.all([
    deps.tenants.byId(tenantId),
    deps.tenants.settings(tenantId),
    deps.routing.of(tenantId),
    deps.tenants.keys(tenantId),
  ]);
  return { tenant, settings, routing: resting(routing, unheard, deps.clock.machine() + UNHEARD_MS), keys };
}

/**
 * Guards and writes claimed messages: those that may leave, and what happens to the others. Nothing leaves from accounts that are
 * `unheard`.
 */
export async function prepare(
  deps: BatchDeps,
  messages: readonly DueMessage[],
  unheard: readonly AccountId[] = [],
): Promise<{ ready: Prepared[]; moves: Transition[] }> {
  const ready: Prepared[] = [];
  const moves: Transition[] = [];
  const senders = new Map<TenantId, Promise<Sender>>();
  for (const { tenantId } of messages) {
    if (!senders.has(tenantId)) senders.set(tenantId, senderOf(deps, tenantId, unheard));
  }
  const talks = await talksOf(deps, messages, senders);
  for (const message of messages) {
    try {
      const known = await (senders.get(message.tenantId) ?? senderOf(deps, message.tenantId, unheard));
      const result = prepareOne(deps, known, await playbookOf(deps, known, message), message, talks.get(message.id));
      if ('outgoing' in result) ready.push({ ...result, gateway: await deps.gateways.of(result.account) });
      else moves.push(result);
    } catch (error) {
      if (isOutage(error)) throw error; // it says nothing about the message, which is claimed again
      const reason = isKnown(error)
        ? `cannot_be_written: ${error.problems.map((p) => p.field).join(', ') || error.code}`
        : 'internal';
      deps.log.error(
        { err: error, tenant: message.tenantId, message: message.id },
        'message cannot be prepared, it is held',
      );
      moves.push(transition(message, { kind: 'hold', reason: reason.slice(0, 120) }));
    }
  }
  const room = await makeRoom(deps.newPeople, ready, deps.clock.now());
  return { ready: room.ready, moves: [...moves, ...room.moves] };
}

/** Who has talked with whom, read only where a tenant has a choice of accounts. */
async function talksOf(
  deps: BatchDeps,
  messages: readonly DueMessage[],
  senders: ReadonlyMap<TenantId, Promise<Sender>>,
): Promise<Map<MessageId, Talk>> {
  const choosing = new Set<TenantId>();
  for (const [tenantId, sender] of senders) {
    // what went wrong here goes wrong again where the message is held for it
    if (await sender.then(({ routing }) => hasChoice(routing)).catch(() => false)) choosing.add(tenantId);
  }
  const theirs = messages.filter(({ tenantId }) => choosing.has(tenantId));
  return theirs.length > 0 ? deps.talks(theirs) : new Map();
}

/** The playbook as the tenant had it when the follow-up was planned; what belongs to no follow-up goes by today's. */
async function playbookOf(deps: BatchDeps, { settings }: Sender, message: DueMessage): Promise<Playbook> {
  const { tenantId, settingsVersion } = message;
  const playbook = message.playbook ? deps.playbooks.get(message.playbook) : deps.playbooks.standard;
  const planned = settingsVersion == null ? settings : await deps.tenants.at(tenantId, settingsVersion);
  return tenantPlaybook(playbook, planned);
}

function prepareOne(
  deps: BatchDeps,
  sender: Sender,
  playbook: Playbook,
  due: DueMessage,
  talk: Talk | undefined,
): Omit<Prepared, 'gateway'> | Transition {
  const now = deps.clock.now();
  const { tenant, settings, routing, keys } = sender;
  const template = templateOf(due, playbook, tenant);
  const ordinal = playbook.cadence.steps.findIndex(({ key }) => key === due.stepKey);
  const step = playbook.cadence.steps[ordinal];

  /** What is to happen with these senders. */
  const look = (senders: Senders) => {
    const contentId = template ? senders.routes.whatsapp?.approved.get(templateKey(template)) : undefined;
    const rules: GuardRules = {
      place: Math.max(0, ordinal),
      hours: settings.sendHours,
      // what is not the answer to an enquiry needs a consent, whatever the playbook asks of a lead
      consentRequired: playbook.consentRequired || asksConsent(playbook),
      answersEnquiry: !playbook.consentRequired && step?.answers === 'enquiry',
      channels: channelOrder(playbook.cadence, due.stepKey),
      accounts: senders.accounts,
      templateApproved: contentId !== undefined,
      marketing: template?.category === 'MARKETING',
      postalAddress: template === undefined || addressOf(settings, template.language) !== null,
      waitsFor: tenant.waitsFor,
    };
    const message = withWindow(due, talk, senders);
    return { message, rules, contentId, verdict: decide(message, now, rules), senders };
  };
  // what a person answered on a channel waits for it; the rest goes by whatever works
  const keeps = due.purpose !== 'cadence';
  const choice: Choice = {
    talk,
    now,
    resting: keeps ? 'keep' : 'leave_out',
    ...(template && { template: templateKey(template) }),
    ...((due.moved || (due.fellBack && due.channel === 'whatsapp')) && { movedTo: due.accountId }),
  };
  let looked = look(chooseSenders(routing, choice));
  if (!keeps && looked.verdict.kind === 'hold' && someRest(routing)) {
    looked = look(chooseSenders(routing, { ...choice, resting: 'keep' }));
  }
  const { message, rules, contentId, verdict, senders } = looked;
  const carrying = verdict.kind === 'reroute' ? verdict.channel : message.channel;
  const route = senders.routes[carrying];
  if (route?.restsUntil != null && (verdict.kind === 'send' || verdict.kind === 'reroute')) {
    const until = new Date(now.getTime() + Math.max(1000, route.restsUntil - deps.clock.machine()));
    return transition(message, { kind: 'postpone', until, reason: 'sender_rests' });
  }
  const account = senders.accounts[message.channel];
  if (verdict.kind !== 'send' || !account || !route) {
    return transition(message, verdict.kind === 'send' ? { kind: 'hold', reason: 'no_sender' } : verdict);
  }

  const place = bodyPlace(message);
  const tracked = message.channel === 'email' && settings.mailTracking;
  const context: ComposeContext = {
    tenant,
    settings,
    accounts: senders.accounts,
    optOutLink: () => `${deps.publicUrl}/o/${optOutToken(deps.linkKey, message.personId)}`,
    termsLink: () => (tracked ? trackedLink(deps, 'terms', message.id) : termsLink(deps.publicUrl, tenant.id)),
    calculatorLink: (url) => (tracked ? trackedLink(deps, 'calculator', message.id) : url),
    bookingLink: (id) =>
      tracked ? trackedLink(deps, 'booking', message.id) : bookingLink(deps.publicUrl, deps.linkKey, id),
  };
  const composed = template
    ? compose(template, message, context, verdict.template)
    : { body: message.body ? open(keys.data, place, message.body).toString() : '', variables: {} };
  const attempt = message.attempt + 1;
  const address = message.addresses.find((each) => each.id === message.addressId);
  if (!address) return transition(message, { kind: 'hold', reason: 'no_address' });
  const around = { template, playbook, context, key: keys.data };
  const letter =
    message.channel === 'email' ? letterOf(deps, message, composed.body, attempt, around) : { body: composed.body };
  const other = fallbackOf(message, now, rules);
  const next = standbySender(routing, account, choice)?.account;
  // what a person answered stays on its channel; the rest leaves it for one whose gateway may be there
  const elsewhere = !keeps && other && isElsewhere(routing, other.accountId, account) ? other : null;
  return {
    id: message.id,
    attempt,
    lease: message.lease ?? null,
    body: template ? seal(keys.data, place, composed.body) : (message.body ?? seal(keys.data, place, '')),
    templateVersion: template?.version ?? null,
    message,
    account,
    route,
    switchable: route.spare === true || isSwitchable(routing, account, choice),
    playbook,
    first: message.stepKey !== null && message.stepKey === playbook.cadence.steps[0]?.key,
    other,
    standby: next ? { ...wayIn(message), accountId: next.id } : elsewhere,
    overflow: nextSender(routing, account, choice)?.account ?? null,
    outgoing: {
      channel: message.channel,
      to: address.value,
      from: account.sender,
      ...letter,
      ...(verdict.template && contentId && { template: { contentId, variables: composed.variables } }),
      statusCallback: `${deps.publicUrl}${deps.statusPath(account)}?message=${message.id}&attempt=${attempt}`,
      validitySeconds: keepsHours(message) ? untilClosing(message, now, settings) : MAX_VALIDITY,
    },
  };
}

/** Nothing waits inside the gateway beyond the send hours. */
function untilClosing(message: DueMessage, now: Date, settings: Settings): number {
  const open = closesAt(now, message.place, settings.sendHours).getTime() - now.getTime();
  return Math.max(1, Math.min(MAX_VALIDITY, Math.floor(open / 1000)));
}

/** The page that says what a tenant's customers agree to. */
export const termsLink = (publicUrl: string, tenantId: string) =>
  `${publicUrl}/terms/${Buffer.from(tenantId.replaceAll('-', ''), 'hex').toString('base64url')}`;

/** The page of an appointment. */
export const bookingLink = (publicUrl: string, linkKey: Buffer, bookingId: string) =>
  `${publicUrl}/b/${signedToken(linkKey, 'booking', bookingId)}`;

const wayIn = ({ channel, accountId, addressId }: Way): Way => ({ channel, accountId, addressId });

/** People are asked for their consent, so the guard looks whether they gave it. */
const asksConsent = ({ fields }: Playbook) => fields.some(({ type }) => type === 'consent');

function transition(message: DueMessage, verdict: Exclude<Verdict, { kind: 'send' }>): Transition {
  const base = { id: message.id, attempt: message.attempt, from: 'claimed' } as const;
  const step = message.stepKey ? { step: message.stepKey } : {};
  switch (verdict.kind) {
    case 'postpone':
      return { ...base, state: 'scheduled', reason: verdict.reason, dueAt: verdict.until };
    case 'reroute':
      return { ...base, state: 'scheduled', reason: null, ...wayIn(verdict) };
    case 'skip':
      return {
        ...base,
        state: 'skipped',
        reason: verdict.reason,
        event: { type: 'message.skipped', data: { ...step, reason: verdict.reason } },
      };
    case 'hold':
      return {
        ...base,
        state: 'held',
        reason: verdict.reason,
        event: { type: 'message.held', data: { ...step, reason: verdict.reason } },
      };
  }
}
