import { chooseRoute, usableAddresses } from '../../cadence/index.ts';
import type { ChannelName, Full, ThreadMessage } from '../../messaging/index.ts';
import { type Playbook, type Routing, templateKey } from '../../tenants/index.ts';

/** How a planned message would travel if nothing changed until then; the guard decides again when it leaves. */
export type Way =
  /**
   * `free`: the customer's window will be open then; `fallback` is the channel for when this one cannot reach them; `full`: it
   * takes nobody new at that time.
   */
  | { channel: 'whatsapp'; free: boolean; fallback: ChannelName | null; full?: Full }
  /** `trouble`: why it is not WhatsApp's template, where one was meant. */
  | { channel: 'sms' | 'email'; trouble: TemplateTrouble | null; fallback: ChannelName | null }
  | { channel: 'none'; reason: string };

/** Where the approval of a WhatsApp template stands that cannot be used. */
export type TemplateTrouble = 'none' | 'pending' | 'paused' | 'rejected' | 'disabled';

export interface WayFacts {
  playbook: Pick<Playbook, 'cadence' | 'consentRequired' | 'template'>;
  accounts: Routing['accounts'];
  approved: Routing['approved'];
  addresses: readonly { kind: string; unreachable: readonly string[] }[];
  /** Channels the customer closed, and those they agreed to. */
  closed: readonly string[];
  agreed: readonly string[];
  country: string | null;
  language: string;
  tenantLanguage: string;
  /** Until when WhatsApp takes free text. */
  windowUntil: Date | null;
  /** WhatsApp's limit of new people, where it is used up; and until when this customer has a place in it. */
  full: Full | null;
  placeUntil: Date | null;
  /** State of each stored template, by `key/version/language`. */
  approvals: Readonly<Record<string, string>>;
}

/** The way of one planned step, by the same rules as when it is sent. Pure. */
export function wayOf(message: ThreadMessage, facts: WayFacts): Way {
  const { playbook, accounts } = facts;
  const usable = usableAddresses(facts.addresses, facts.closed);
  const channels = playbook.consentRequired
    ? playbook.cadence.channels.filter((channel) => facts.agreed.includes(channel))
    : playbook.cadence.channels;
  const fellBack = message.reason?.startsWith('fallback:') === true;
  const others = channels.filter((channel) => channel !== message.channel);
  const own = channels.filter((channel) => channel === message.channel);
  const template = message.templateKey
    ? playbook.template(message.templateKey, message.language ?? facts.language, facts.tenantLanguage)
    : undefined;
  const key = template ? templateKey(template) : '';
  const wroteLately = facts.windowUntil !== null && message.dueAt < facts.windowUntil;
  const input = {
    addresses: usable,
    accounts: {
      whatsapp: accounts.whatsapp !== undefined,
      sms: accounts.sms !== undefined,
      email: accounts.email !== undefined,
    },
    windowOpen: wroteLately || accounts.whatsapp?.freeText === true,
    templateApproved: facts.approved.has(key),
    ...(facts.country && { country: facts.country }),
    marketing: template?.category === 'MARKETING',
  };
  const { first } = chooseRoute({ ...input, order: fellBack ? [...own, ...others] : channels });
  if (first.channel === 'none') return first;
  const next = chooseRoute({ ...input, order: channels.slice(channels.indexOf(first.channel) + 1) }).first;
  const fallback = next.channel === 'none' ? null : next.channel;
  if (first.channel === 'whatsapp') {
    const full = first.template ? fullAt(message, facts) : null;
    return { channel: 'whatsapp', free: !first.template, fallback, ...(full && { full }) };
  }
  const meantWhatsApp = !fellBack && channels[0] === 'whatsapp' && usable.whatsapp && accounts.whatsapp !== undefined;
  const trouble = meantWhatsApp && !facts.approved.has(key) ? troubleOf(facts.approvals[key]) : null;
  return { channel: first.channel, trouble, fallback };
}

/** The limit, where the message is due before there is a place for it. One that has found none before is planned for it already. */
function fullAt({ dueAt, reason }: ThreadMessage, { full, placeUntil }: WayFacts): Full | null {
  const hasPlace = (placeUntil !== null && dueAt < placeUntil) || reason?.startsWith('new_people:');
  return full && dueAt < full.until && !hasPlace ? full : null;
}

function troubleOf(state: string | undefined): TemplateTrouble {
  switch (state) {
    case 'pending':
    case 'paused':
    case 'rejected':
    case 'disabled':
      return state;
    default:
      return 'none';
  }
}
