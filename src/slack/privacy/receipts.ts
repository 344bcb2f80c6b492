import type { EffectHandler } from '../../events/index.ts';
import { channelName, vendorName } from '../../messaging/index.ts';
import type { Receipt } from '../../privacy/index.ts';
import { createOutlets, mastheadOf, type Post, post } from '../card/index.ts';
import { plural } from '../format.ts';
import { section } from '../views.ts';
import type { PrivacyDeps } from './deps.ts';

const COUNTED: Record<string, { one: string; many: string }> = {
  messages: { one: 'message', many: 'messages' },
  files: { one: 'file', many: 'files' },
  photos: { one: 'licence photo', many: 'licence photos' },
};

/** A service as people know it: `Twilio (SMS)`. */
export function serviceName({ service, channel }: Pick<Receipt, 'service' | 'channel'>): string {
  if (channel === null) return service === 's3' ? 'the object store' : service;
  return `${vendorName(service)} (${channelName(channel)})`;
}

/** What a service answered, in a line. Pure. */
export function receiptInWords(receipt: Pick<Receipt, 'service' | 'channel' | 'state' | 'deleted'>): string {
  const name = serviceName(receipt);
  const counts = Object.entries(receipt.deleted).flatMap(([what, n]) => {
    const words = COUNTED[what];
    return words ? [plural(n, words.one, words.many)] : [];
  });
  const gone = counts.length > 0 ? `${counts.join(', ')} deleted` : 'nothing was left to delete';
  switch (receipt.state) {
    case 'asked':
      return `${name}: asked, not done yet${counts.length > 0 ? ` (${gone})` : ''}`;
    case 'deleted':
      return `${name}: ${gone}`;
    case 'by_hand':
      return `${name}: could not be made to delete it; please delete it there${counts.length > 0 ? ` (${gone})` : ''}`;
  }
}

/** What whoever asked for an erasure hears once every service has answered. Pure. */
function receiptsPost(receipts: readonly Receipt[]): Post {
  const lines = receipts.map((receipt) => `• ${receiptInWords(receipt)}`);
  const words = `*What services answered* that keep something of the person you had erased:\n${lines.join('\n')}`;
  return { text: 'Services have answered to an erasure.', blocks: [section(words)] };
}

/** Tells whoever asked. Key: erasure id. */
export function createReceiptsShow(deps: PrivacyDeps): EffectHandler {
  const outlets = createOutlets(deps);
  return async ({ tenantId, key }) => {
    const [erasure, receipts] = await Promise.all([
      deps.erasures.find(tenantId, key),
      deps.erasures.receipts(tenantId, key),
    ]);
    if (!erasure || receipts.length === 0) return;
    const client = await deps.clientOf(tenantId);
    const channel = await outlets.directMessage(client, [erasure.askedBy]);
    if (channel) await post(client, channel, { ...receiptsPost(receipts), masthead: await mastheadOf(deps, tenantId) });
  };
}
