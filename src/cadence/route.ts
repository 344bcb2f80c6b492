type Channel = 'whatsapp' | 'sms' | 'email';

/**
 * Why no channel can carry a message.
 * - `no_address` the person has no usable address on any channel of the order
 * - `no_sender` the tenant has no sender on the channels the person can be reached on
 * - `template_needed` WhatsApp asks for an approved template and there is none yet
 * - `us_marketing` WhatsApp does not deliver marketing templates to US numbers
 * - `postal_address_needed` advertising by e-mail must show a postal address, and the business has not said it
 * - `dlt_template_needed` SMS to India asks for a template registered on the operators' DLT platform
 */
export type NoRouteReason =
  | 'no_address'
  | 'no_sender'
  | 'template_needed'
  | 'us_marketing'
  | 'postal_address_needed'
  | 'dlt_template_needed';

export type Route =
  | { channel: 'whatsapp'; template: boolean }
  | { channel: 'sms' }
  | { channel: 'email' }
  | { channel: 'none'; reason: NoRouteReason };

interface RouteInput {
  /** The person has a usable address: not suppressed, not known to be unreachable. */
  addresses: Record<Channel, boolean>;
  /** The tenant has a sender. */
  accounts: Record<Channel, boolean>;
  /** The customer wrote within the last 24 hours. */
  windowOpen: boolean;
  /** The step's WhatsApp template is approved. */
  templateApproved: boolean;
  order: readonly Channel[];
  /** ISO2 country of the person's number. */
  country?: string;
  /** The step's template is of the marketing category. */
  marketing?: boolean;
  /** It advertises by e-mail, and the business has not said its postal address. */
  withoutPostalAddress?: boolean;
}

/** US numbers for WhatsApp: the territories share the country code and its rules. */
const US_NUMBERS = ['US', 'PR', 'VI', 'GU', 'MP', 'AS'];

/**
 * The first channel of the order that can carry the message now, and the next one after it as the fallback. When none
 * can, the reason is the most telling one: a rule of a channel before a missing sender before a missing address.
 */
export function chooseRoute(input: RouteInput): { first: Route; fallback?: Route } {
  const tried = input.order.map((channel) => routeBy(channel, input));
  const [first, fallback] = tried.filter((route) => route.channel !== 'none');
  if (first) return { first, ...(fallback && { fallback }) };

  const reasons = tried.flatMap((route) => (route.channel === 'none' ? [route.reason] : []));
  const byRule = reasons.find((reason) => reason !== 'no_address' && reason !== 'no_sender');
  const reason = byRule ?? (reasons.includes('no_sender') ? 'no_sender' : 'no_address');
  return { first: { channel: 'none', reason } };
}

function routeBy(channel: Channel, input: RouteInput): Route {
  if (!input.addresses[channel]) return { channel: 'none', reason: 'no_address' };
  if (!input.accounts[channel]) return { channel: 'none', reason: 'no_sender' };
  switch (channel) {
    case 'whatsapp':
      return byWhatsApp(input);
    case 'sms':
      return input.country === 'IN' ? { channel: 'none', reason: 'dlt_template_needed' } : { channel: 'sms' };
    case 'email':
      return input.withoutPostalAddress ? { channel: 'none', reason: 'postal_address_needed' } : { channel: 'email' };
  }
}

/** Free text while the customer's window is open; outside it an approved template. */
function byWhatsApp(input: RouteInput): Route {
  if (input.windowOpen) return { channel: 'whatsapp', template: false };
  if (input.marketing && input.country !== undefined && US_NUMBERS.includes(input.country)) {
    return { channel: 'none', reason: 'us_marketing' };
  }
  return input.templateApproved
    ? { channel: 'whatsapp', template: true }
    : { channel: 'none', reason: 'template_needed' };
}
