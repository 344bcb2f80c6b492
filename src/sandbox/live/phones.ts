import type { StandInMessage, TwilioStandIn } from '../twilio/index.ts';
import type * as wire from '../wire.ts';
import type { Store } from './store.ts';

/** Messages shown of all phones together. */
const SHOWN = 600;

/** Shows what stands on the customers' phones, and follows it. The answer ends it. */
export function showTexts(store: Store, twilio: TwilioStandIn): () => void {
  const { journal } = twilio;
  const shown: string[] = [];

  function show(message: StandInMessage, automatic: boolean): void {
    shown.push(message.sid);
    store.put(`text/${message.sid}`, textOf(message, automatic));
    const oldest = shown.length > SHOWN ? shown.shift() : undefined;
    if (oldest) store.put(`text/${oldest}`, null);
  }

  const all = [
    ...journal.sent.slice(-SHOWN).map((message) => ({ message, automatic: false })),
    ...journal.inbound.slice(-SHOWN).map((message) => ({ message, automatic: false })),
    ...journal.autoReplies.slice(-SHOWN).map((message) => ({ message, automatic: true })),
  ];
  for (const { message, automatic } of all.sort((a, b) => a.message.at - b.message.at)) show(message, automatic);

  return journal.subscribe((event) => {
    if (event.kind === 'violation') return;
    const { kind, message } = event;
    if (kind !== 'status') show(message, kind === 'auto_reply');
    else if (shown.includes(message.sid)) store.put(`text/${message.sid}`, textOf(message, false));
  });
}

/** The numbers of everybody who wrote or was written to, newest last. */
export function numbersOf({ journal }: TwilioStandIn): Set<string> {
  const to = journal.sent.slice(-SHOWN).map((message) => message.to);
  return new Set([...journal.inbound.slice(-SHOWN).map((message) => message.from), ...to]);
}

function textOf(message: StandInMessage, automatic: boolean): wire.Text {
  const { sid, channel, body, status, errorCode } = message;
  const fromCustomer = message.direction === 'inbound';
  return {
    id: sid,
    number: fromCustomer ? message.from : message.to,
    channel,
    direction: fromCustomer ? 'out' : 'in',
    body,
    at: new Date(message.shownAt).toISOString(),
    status: status === 'accepted' ? 'queued' : status,
    errorCode,
    automatic,
    template: message.contentSid !== null,
  };
}
