import type { StandIns } from '../demo.ts';
import type { PhoneMessage } from '../whatsapp-web/index.ts';
import type * as wire from '../wire.ts';
import type { Store } from './store.ts';

/** Messages of linked phones shown on the customers' phones. */
const SHOWN = 300;

/** Shows what went through a linked phone, and how the phone itself is; follows both. The answer ends it. */
export function showPhone(store: Store, { standIn, number }: NonNullable<StandIns['phones']>): () => void {
  const show = (message: PhoneMessage) => store.put(`text/${message.id}`, textOf(message));
  const showState = () => store.put('phone', phoneOf());

  function phoneOf(): wire.BusinessPhone {
    const devices = standIn.linksOf(number).map(({ id, linkedAt, connected }) => ({
      id,
      linkedAt: new Date(linkedAt).toISOString(),
      connected,
    }));
    return { number, code: standIn.code !== undefined, devices };
  }

  for (const message of standIn.messages.slice(-SHOWN)) show(message);
  showState();
  return standIn.subscribe((message) => {
    if (message) show(message);
    showState();
  });
}

const STATUS = ['queued', 'sent', 'delivered', 'read'] as const;

function textOf({ id, customer, direction, body, shownAt, ack, revoked }: PhoneMessage): wire.Text {
  return {
    id,
    number: customer,
    channel: 'whatsapp',
    direction: direction === 'out' ? 'in' : 'out',
    body: revoked ? 'This message was deleted' : body,
    at: new Date(shownAt).toISOString(),
    status: direction === 'in' ? 'received' : (STATUS[ack] ?? 'read'),
    errorCode: null,
    automatic: false,
    template: false,
  };
}
