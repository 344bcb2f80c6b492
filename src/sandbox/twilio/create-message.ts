import type { Contents } from './content.ts';
import type { ReadableFaults } from './faults.ts';
import type { Store, Windows } from './store.ts';
import type { StandInMessage } from './types.ts';
import { newSid, parseAddress } from './wire.ts';

/** Fields of a form, repeated ones as arrays. */
export type Form = Record<string, string | string[] | undefined>;

export interface CreateDeps {
  contents: Contents;
  faults: ReadableFaults;
  store: Store;
  windows: Windows;
  machine: () => number;
  /** Business time. */
  now: () => Date;
}

/** A code to refuse with, or a message taken, with the code it will later fail with if it cannot be delivered. */
export type Decision = { refuse: number } | { take: StandInMessage; failWith?: number };

const MAX_BODY = 1600;
/** The number a Messaging Service picks when the request names none. */
const SERVICE_SENDER = '+15005550006';

/** What Twilio decides when it is asked to send a message. Stores nothing. */
export function decide(form: Form, deps: CreateDeps): Decision {
  const to = text(form.To);
  const from = text(form.From);
  const service = text(form.MessagingServiceSid);
  if (!to) return { refuse: 21604 };
  if (!from && !service) return { refuse: 21603 };
  const receiver = parseAddress(to);
  if (!receiver) return { refuse: 21211 };
  const sender = parseAddress(from ?? SERVICE_SENDER);
  if (!sender || sender.channel !== receiver.channel) return { refuse: 21212 };
  const statusCallback = text(form.StatusCallback);
  if (statusCallback && !URL.canParse(statusCallback)) return { refuse: 21609 };

  const faults = deps.faults.of(receiver.number);
  if (faults.refuseWith) return { refuse: faults.refuseWith };
  const isWhatsApp = receiver.channel === 'whatsapp';
  if (!isWhatsApp && deps.store.blocked.has(sender.number, receiver.number)) return { refuse: 21610 };
  if (isWhatsApp && faults.notOnWhatsApp === 'sync') return { refuse: 63003 };

  const content = contentOf(form, deps.contents);
  if ('refuse' in content) return content;

  const take: StandInMessage = {
    sid: newSid('SM'),
    direction: 'outbound-api',
    channel: receiver.channel,
    to: receiver.number,
    from: sender.number,
    body: content.body,
    at: deps.machine(),
    shownAt: deps.now().getTime(),
    messagingServiceSid: service ?? null,
    contentSid: text(form.ContentSid) ?? null,
    statusCallback: statusCallback ?? null,
    numMedia: [form.MediaUrl].flat().filter(Boolean).length,
    status: service ? 'accepted' : 'queued',
    errorCode: null,
    sentAt: null,
  };
  if (isWhatsApp && faults.notOnWhatsApp) return { take, failWith: 63003 };
  const isOpen = !faults.windowClosed && deps.windows.isOpen(receiver.channel, sender.number, receiver.number);
  const mayOpen = content.approved || !isWhatsApp || isOpen;
  if (!mayOpen) return { take, failWith: 63016 };
  return faults.failWith ? { take, failWith: faults.failWith } : { take };
}

/** The text to deliver: `Body`, or an approved template's text with `ContentVariables` put in. */
function contentOf(form: Form, contents: Contents): { body: string; approved: boolean } | { refuse: number } {
  const contentSid = text(form.ContentSid);
  const variables = text(form.ContentVariables);
  if (!contentSid) {
    if (variables) return { refuse: 21654 };
    const body = text(form.Body) ?? '';
    if (!body && !form.MediaUrl) return { refuse: 21602 };
    return body.length > MAX_BODY ? { refuse: 21617 } : { body, approved: false };
  }
  const content = contents.find(contentSid);
  if (!content) return { refuse: 21655 };
  const values = variablesOf(variables);
  return values ? { body: content.render(values), approved: content.approved } : { refuse: 21656 };
}

/** Variables must be a JSON object of non-empty texts without line breaks, tabs or long runs of spaces. */
function variablesOf(json: string | undefined): Record<string, string> | undefined {
  if (json === undefined) return {};
  try {
    const values: unknown = JSON.parse(json);
    if (typeof values !== 'object' || values === null || Array.isArray(values)) return undefined;
    const isGood = (value: unknown) => typeof value === 'string' && value !== '' && !/[\n\t]| {5}/.test(value);
    return Object.values(values).every(isGood) ? (values as Record<string, string>) : undefined;
  } catch {
    return undefined;
  }
}

function text(value: string | string[] | undefined): string | undefined {
  return (Array.isArray(value) ? value[0] : value) || undefined;
}
