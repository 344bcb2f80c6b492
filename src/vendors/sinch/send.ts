import type { HttpResult } from '../../lib/http.ts';
import type { OutgoingMessage, RefusalReason, SendOutcome } from '../../messaging/port.ts';
import { digitsOf, nameOf, type PhoneChannel } from './addresses.ts';
import { reasonOf } from './codes.ts';
import { headersOf, type Site } from './site.ts';
import { fields } from './token.ts';

/** What a template is known by: its name and language, as one content id. */
export const contentIdOf = (name: string, language: string): string => `${name}/${language}`;

export function partsOf(contentId: string): { name: string; language: string } {
  const cut = contentId.lastIndexOf('/');
  return { name: contentId.slice(0, cut), language: contentId.slice(cut + 1) };
}

/** `send` of the gateway port: one request, with the token that is at hand. */
export function createSend(site: Site, appId: string) {
  const path = `/v1/projects/${site.projectId}/messages:send`;

  return async function send(message: OutgoingMessage, deadline: number): Promise<SendOutcome> {
    const { channel } = message;
    if (channel === 'email') return { kind: 'refused', reason: 'sender', code: 'no_such_channel' };
    const token = await site.tokens.get();
    if (token.kind === 'none') return { kind: 'not_written', detail: token.detail };
    if (token.kind === 'refused') return { kind: 'refused', reason: 'sender', code: `http_${token.status}` };
    const result = await site.sends.call({
      method: 'POST',
      path,
      headers: headersOf(token.value),
      body: JSON.stringify(requestOf(message, channel, appId)),
      writeBefore: deadline,
    });
    // a token that has run out says nothing about the account: nothing was taken, and the next attempt brings a new one
    if (result.kind === 'reply' && result.status === 401 && site.tokens.stale(token.value)) {
      return { kind: 'not_written', detail: 'token ran out' };
    }
    return outcomeOf(result);
  };
}

function requestOf(message: OutgoingMessage, channel: PhoneChannel, appId: string) {
  const name = nameOf(channel);
  const { template } = message;
  return {
    app_id: appId,
    recipient: { identified_by: { channel_identities: [{ channel: name, identity: digitsOf(message.to) }] } },
    message: template
      ? { template_message: { channel_template: { [name]: referenceOf(template) } } }
      : { text_message: { text: message.body } },
    channel_priority_order: [name],
    // without a number the app's own sender is used
    ...(channel === 'sms' &&
      message.from.startsWith('+') && { channel_properties: { SMS_SENDER: digitsOf(message.from) } }),
    // comes back with each report; an own callback address would be signed with another secret
    message_metadata: metadataOf(message),
    ttl: `${Math.max(1, Math.floor(message.validitySeconds))}s`,
  };
}

/** Our ids as Sinch echoes them: `message=…&attempt=…`. */
export const metadataOf = ({ statusCallback }: Pick<OutgoingMessage, 'statusCallback'>): string =>
  statusCallback.slice(statusCallback.indexOf('?') + 1);

/** Parameters of a WhatsApp template are named by component and place (`body[1]text`). */
function referenceOf({ contentId, variables }: NonNullable<OutgoingMessage['template']>) {
  const { name, language } = partsOf(contentId);
  const parameters = Object.fromEntries(
    Object.entries(variables).map(([place, value]) => [`body[${place}]text`, value]),
  );
  return { template_id: name, language_code: language, parameters };
}

const BY_STATUS: Record<number, RefusalReason> = { 401: 'sender', 403: 'sender', 404: 'sender', 429: 'throttled' };

/**
 * What a send is known to have done. Refused only where Sinch itself says so in its error body, but for 401 and 429, which by
 * their meaning were not applied (RFC 9110 15.5.2, RFC 6585 4); everything else may have been taken.
 */
export function outcomeOf(result: HttpResult): SendOutcome {
  if (result.kind === 'not_written') return { kind: 'not_written', detail: result.detail };
  if (result.kind === 'no_reply') return { kind: 'uncertain', detail: result.detail };
  const { status } = result;
  const body = fields(result.body);
  if (status >= 200 && status < 300 && typeof body.message_id === 'string' && body.message_id !== '') {
    return { kind: 'accepted', gatewayId: body.message_id };
  }
  const error = typeof body.error === 'object' && body.error !== null ? (body.error as Record<string, unknown>) : {};
  const named = typeof error.status === 'string' && /^\w{1,60}$/.test(error.status) ? error.status : undefined;
  if (status >= 400 && status < 500 && (named || status === 401 || status === 429)) {
    const code = named ?? `http_${status}`;
    const known = reasonOf(code);
    const reason = known === 'unknown' ? (BY_STATUS[status] ?? (status === 400 ? 'content' : 'unknown')) : known;
    return { kind: 'refused', reason, code };
  }
  return { kind: 'uncertain', detail: `unexpected HTTP ${status}` };
}
