import { randomUUID } from 'node:crypto';
import type { Windows } from '../twilio/store.ts';
import type { Templates } from './templates.ts';
import { type Answer, refusal, type SinchChannel, type SinchMessage, type SinchMode } from './types.ts';

export interface SendDeps {
  appId: string;
  templates: Templates;
  windows: Windows;
  machine: () => number;
  /** The WhatsApp sender of the app. */
  whatsappSender: string;
  mode: SinchMode;
}

/** A refusal, or a message taken, with the reason it will later fail with. */
export type Decision = { refuse: Answer } | { take: SinchMessage; failWith?: string };

interface SendRequest {
  app_id?: string;
  recipient?: { identified_by?: { channel_identities?: { channel?: string; identity?: string }[] } };
  message?: {
    text_message?: { text?: string };
    template_message?: {
      channel_template?: Record<
        string,
        { template_id?: string; language_code?: string; parameters?: Record<string, string> }
      >;
    };
  };
  channel_properties?: { SMS_SENDER?: string };
  channel_priority_order?: string[];
  message_metadata?: string;
  ttl?: string;
}

const invalid = (message: string): Decision => ({ refuse: refusal(400, 'INVALID_ARGUMENT', message) });

/** What Sinch decides when it is asked to send a message. Stores nothing. */
export function decide(request: SendRequest, deps: SendDeps): Decision {
  if (request.app_id !== deps.appId) return { refuse: refusal(404, 'NOT_FOUND', 'unknown app') };
  const [identity, more] = request.recipient?.identified_by?.channel_identities ?? [];
  const name = identity?.channel;
  if ((name !== 'SMS' && name !== 'WHATSAPP') || more) return invalid('one identity on SMS or WHATSAPP');
  if (!identity?.identity || !/^\d{6,15}$/.test(identity.identity)) return invalid('identity: digits only');
  if (request.ttl !== undefined && !/^\d+s$/.test(request.ttl)) return invalid('ttl');
  if ((request.message_metadata?.length ?? 0) > 1024) return invalid('message_metadata: at most 1024 characters');
  const channel: SinchChannel = name === 'SMS' ? 'sms' : 'whatsapp';
  const sender = channel === 'sms' ? `+${request.channel_properties?.SMS_SENDER ?? ''}` : deps.whatsappSender;
  const customer = `+${identity.identity}`;
  const take: SinchMessage = {
    id: `01M${randomUUID().replaceAll('-', '').toUpperCase()}`,
    direction: 'TO_CONTACT',
    channel,
    customer,
    sender,
    body: '',
    template: null,
    metadata: request.message_metadata ?? '',
    at: deps.machine(),
    mode: deps.mode,
    status: 'accepted',
  };
  const reference = request.message?.template_message?.channel_template?.[name];
  if (reference) {
    const { template_id = '', language_code = '', parameters = {} } = reference;
    const rendered = deps.templates.render(template_id, language_code, parameters);
    const template = `${template_id}/${language_code}`;
    return 'failWith' in rendered
      ? { take: { ...take, template }, failWith: rendered.failWith }
      : { take: { ...take, template, body: rendered.body } };
  }
  const text = request.message?.text_message?.text;
  if (!text) return invalid('message');
  if (text.length > 2000) return invalid('text is too long');
  take.body = text;
  return deps.windows.isOpen(channel, sender, customer)
    ? { take }
    : { take, failWith: 'OUTSIDE_ALLOWED_SENDING_WINDOW' };
}

/**
 * The list of messages, newest first, as the query asks for it: of one processing mode, CONVERSATION unless it says so. Somebody
 * else's app has none here.
 */
export function list(messages: readonly SinchMessage[], query: URLSearchParams, appId: string): Answer {
  const mode = query.get('messages_source') === 'DISPATCH_SOURCE' ? 'DISPATCH' : 'CONVERSATION';
  const since = Date.parse(query.get('start_time') ?? '') || 0;
  const size = Math.min(1000, Number(query.get('page_size') ?? 10));
  const from = Number(query.get('page_token') ?? 0);
  const identity = query.get('channel_identity');
  const fitting = messages
    .filter(
      (each) =>
        query.get('app_id') === appId &&
        each.mode === mode &&
        each.at >= since &&
        (!query.has('channel') || query.get('channel') === each.channel.toUpperCase()) &&
        (!query.has('direction') || query.get('direction') === each.direction) &&
        (identity === null || `+${identity}` === each.customer),
    )
    .reverse();
  const next = from + size < fitting.length ? String(from + size) : '';
  return { status: 200, body: { messages: fitting.slice(from, from + size).map(shown), next_page_token: next } };
}

export const digits = (number: string) => number.replace(/^\+/, '');

function shown(message: SinchMessage): object {
  const { id, direction, channel, customer, sender, body, template, metadata, at, mode } = message;
  const [template_id, language_code] = template?.split('/') ?? [];
  const name = channel.toUpperCase();
  return {
    id,
    direction,
    accept_time: new Date(at).toISOString(),
    channel_identity: { channel: name, identity: digits(customer), app_id: '' },
    sender_id: digits(sender),
    metadata,
    processing_mode: mode,
    ...(direction === 'TO_APP'
      ? { contact_message: { text_message: { text: body } } }
      : template
        ? { app_message: { template_message: { channel_template: { [name]: { template_id, language_code } } } } }
        : { app_message: { text_message: { text: body } } }),
  };
}
