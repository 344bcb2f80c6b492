import { chooseRoute, findOpening, isOpen, NO_OPENING, type SendHours, usableAddresses } from '../cadence/index.ts';
import type { AccountId, AddressId } from '../lib/ids.ts';
import type { Tenant } from '../tenants/index.ts';
import type { DueMessage } from './due.ts';
import type { ChannelName } from './port.ts';

/** A sender of ours and an address of the person, on one channel. */
export interface Way {
  channel: ChannelName;
  accountId: AccountId;
  addressId: AddressId;
}

/** What is to happen with a message that is due. Every path has a reason that people can read (see `ledger.ts`). */
export type Verdict =
  | { kind: 'send'; template: boolean }
  /** The planned channel no longer fits; another does. */
  | ({ kind: 'reroute' } & Way)
  | { kind: 'postpone'; until: Date; reason: string }
  /** It will never leave. */
  | { kind: 'skip'; reason: string }
  /** It waits for a person to decide or mend something. */
  | { kind: 'hold'; reason: string };

export interface GuardRules {
  /** Which step of its cadence it is, from 0. */
  place?: number;
  hours: SendHours;
  consentRequired: boolean;
  /** Channels in the order they are tried. */
  channels: readonly ChannelName[];
  accounts: Partial<Record<ChannelName, { id: AccountId; freeText?: boolean }>>;
  templateApproved: boolean;
  marketing: boolean;
  /** The business has said its postal address, which every advertising letter has to show (15 USC 7704(a)(5)). */
  postalAddress?: boolean;
  /** The tenant is not live: what people did not write themselves waits. */
  waitsFor?: Tenant['waitsFor'];
  /** It answers the person's own enquiry: no consent is needed, and by e-mail no hour kept. */
  answersEnquiry?: boolean;
}

const HOUR = 3_600_000;
/** WhatsApp's customer service window. */
export const WINDOW_MS = 24 * HOUR;
/** Whether free text may be written to somebody who last wrote then. */
export const isWindowOpen = (lastInboundAt: Date | null, now: Date): boolean =>
  lastInboundAt !== null && now.getTime() - lastInboundAt.getTime() < WINDOW_MS;
/** After a stand-still two steps may be due at once; a person still gets them apart. */
export const MIN_GAP_MS = 12 * HOUR;
/** Over all senders and topics of a tenant (Fla. Stat. 501.616, Okla. SB 453). */
const MAX_PER_DAY = 3;

/**
 * What WhatsApp lets a number send to one person: one message in six seconds, in bursts of up to 45 that borrow from the time
 * after them (error 131056, "pair rate limit"). As many as that makes in a minute go at once, the next wait.
 */
const PAIR = { perMinute: 10, everyMs: 6000 } as const;

/** Reasons of messages that leave once their tenant is live, or released after a restore. */
export const WAITS = { go_live: 'not_live', slack: 'not_in_slack', restored: 'restored' } as const;

const isAutomated = ({ purpose }: DueMessage) => purpose === 'cadence';
const isReminder = ({ booking, templateKey }: DueMessage) => booking != null && templateKey === 'booking_reminder';
/** A notice that answers what the customer did just now, their opt-out included; one of an appointment is none. */
const answersAtOnce = ({ purpose, booking }: DueMessage) => purpose === 'notice' && booking == null;

/** It leaves within the send hours only. */
export const keepsHours = (message: DueMessage): boolean => isAutomated(message) || isReminder(message);

/**
 * Decides whether a message may leave now. Pure: everything it needs is passed in. Messages of a cadence keep
 * the hours and the consent, reminders of an appointment the hours; answers that people write and the notices the law
 * asks for may leave at any hour.
 */
export function decide(message: DueMessage, now: Date, rules: GuardRules): Verdict {
  if (message.optedOutAt && !answersAtOnce(message)) return { kind: 'skip', reason: 'opted_out' };
  if (message.overtaken) return { kind: 'skip', reason: message.overtaken };
  if (message.expiresAt && message.expiresAt <= now) return { kind: 'skip', reason: 'too_late' };
  if (message.booking?.state === 'cancelled' && message.templateKey !== 'booking_cancelled') {
    return { kind: 'skip', reason: 'appointment_cancelled' };
  }
  const waits = waitingFor(message, rules);
  if (waits) return waits;
  if (isReminder(message) && !isOpen(now, message.place, rules.hours)) {
    const until = findOpening(now, message.place, rules.hours);
    return until ? { kind: 'postpone', until, reason: 'outside_send_hours' } : { kind: 'hold', reason: NO_OPENING };
  }

  if (isAutomated(message)) {
    // somebody asked for it again: it leaves once the follow-up goes on
    if (message.enrolmentId && message.enrolmentState === 'paused') return { kind: 'hold', reason: 'paused' };
    if (message.enrolmentId && message.enrolmentState !== 'active') {
      return { kind: 'skip', reason: message.enrolmentState ?? 'not_enrolled' };
    }
    if (agreedChannels(message, rules).length === 0) return { kind: 'skip', reason: 'no_consent' };
    const anyHour = rules.answersEnquiry === true && message.channel === 'email';
    const wait = anyHour ? undefined : earliest(message, now, rules);
    if (wait) return wait;
  }
  return byRoute(message, now, rules);
}

/**
 * Before a tenant goes live, while nobody of it can see what customers answer, and in a restored copy that nobody has released,
 * only what people write leaves, and the one confirmation of a stop. What is to be looked up is not on its way out.
 */
function waitingFor(message: DueMessage, { waitsFor }: GuardRules): Verdict | undefined {
  if (waitsFor === 'restored' && message.lost) return undefined;
  if (!waitsFor || message.purpose === 'reply' || answersAtOnce(message)) return undefined;
  if (message.enrolmentId && message.enrolmentState !== 'active') return undefined; // it is skipped
  return { kind: 'hold', reason: WAITS[waitsFor] };
}

/** Where consent is asked for, a consent counts for the channels it names. */
function agreedChannels(message: DueMessage, rules: GuardRules): readonly ChannelName[] {
  if (!rules.consentRequired || rules.answersEnquiry) return rules.channels;
  return rules.channels.filter((channel) => message.consentChannels.includes(channel));
}

function earliest(message: DueMessage, now: Date, { hours, place = 0 }: GuardRules): Verdict | undefined {
  // steps that wait for the same opening stay in their order
  const postpone = (from: Date, reason: string): Verdict => {
    const opening = findOpening(from, message.place, hours);
    if (!opening) return { kind: 'hold', reason: NO_OPENING };
    return { kind: 'postpone', until: new Date(opening.getTime() + place), reason };
  };
  if (!isOpen(now, message.place, hours)) return postpone(now, 'outside_send_hours');
  const after = message.lastSentAt ? message.lastSentAt.getTime() + MIN_GAP_MS : 0;
  if (after > now.getTime()) {
    return postpone(new Date(after), 'too_soon');
  }
  if (message.sentLastDay >= MAX_PER_DAY) {
    const tomorrow = new Date(now.getTime() + 24 * HOUR);
    return postpone(tomorrow, 'daily_limit');
  }
  return undefined;
}

function byRoute(message: DueMessage, now: Date, rules: GuardRules): Verdict {
  const channels = channelsFor(message, rules);
  const others = channels.filter((channel) => channel !== message.channel);
  // what a person or a notice answers stays on the channel that was chosen for it; what another channel has just refused
  // would be refused there again
  const order = isPersonal(message) || message.fellBack ? [message.channel, ...others] : channels;
  const route = routeBy(message, now, rules, order);
  // somebody has to say the address; then it leaves by itself
  if (route.channel === 'none' && route.reason === 'postal_address_needed') {
    return { kind: 'postpone', until: new Date(now.getTime() + 24 * HOUR), reason: route.reason };
  }
  if (route.channel === 'none') return { kind: 'hold', reason: route.reason };
  const paced = rules.accounts.whatsapp?.freeText !== true && message.channel === route.channel;
  if (paced && (message.sentLastMinute ?? 0) >= PAIR.perMinute) {
    return { kind: 'postpone', until: new Date(now.getTime() + PAIR.everyMs), reason: 'pair_rate' };
  }
  const way = wayBy(message, rules, route.channel);
  if (!way) return { kind: 'hold', reason: 'no_sender' };
  if (way.channel !== message.channel || way.accountId !== message.accountId || way.addressId !== message.addressId) {
    return { kind: 'reroute', ...way };
  }
  return { kind: 'send', template: route.channel === 'whatsapp' && route.template };
}

/** Where a message goes when its channel turns out not to reach the person: the next one of the order that can. */
export function fallbackOf(message: DueMessage, now: Date, rules: GuardRules): Way | null {
  const channels = channelsFor(message, rules);
  const route = routeBy(message, now, rules, channels.slice(channels.indexOf(message.channel) + 1));
  if (route.channel === 'none' || route.channel === message.channel) return null;
  return wayBy(message, rules, route.channel) ?? null;
}

const isPersonal = ({ purpose }: DueMessage) => purpose === 'reply' || purpose === 'notice' || purpose === 'agent';

const channelsFor = (message: DueMessage, rules: GuardRules) =>
  isPersonal(message) ? rules.channels : agreedChannels(message, rules);

function routeBy(message: DueMessage, now: Date, rules: GuardRules, order: readonly ChannelName[]) {
  // a notice answers on the channel the customer used, also after an opt-out: it is the one confirmation
  const suppressed = answersAtOnce(message) ? [] : message.optedOutChannels;
  return chooseRoute({
    addresses: usableAddresses(message.addresses, suppressed),
    accounts: {
      whatsapp: rules.accounts.whatsapp !== undefined,
      sms: rules.accounts.sms !== undefined,
      email: rules.accounts.email !== undefined,
    },
    windowOpen: isWindowOpen(message.lastInboundAt, now) || rules.accounts.whatsapp?.freeText === true,
    templateApproved: (!isPersonal(message) || message.booking != null) && rules.templateApproved,
    order,
    ...(message.place.country && { country: message.place.country }),
    marketing: rules.marketing,
    withoutPostalAddress: rules.marketing && rules.postalAddress === false,
  }).first;
}

/** The ends of a channel; the address that was planned stays where it is of the right kind and reachable. */
function wayBy(message: DueMessage, rules: GuardRules, channel: ChannelName): Way | undefined {
  const account = rules.accounts[channel];
  const kind = channel === 'email' ? 'email' : 'phone';
  const fitting = message.addresses.filter((each) => each.kind === kind && !each.unreachable.includes(channel));
  const planned = fitting.find((each) => each.id === message.addressId);
  const address = planned ?? fitting[0];
  return account && address && { channel, accountId: account.id, addressId: address.id };
}
