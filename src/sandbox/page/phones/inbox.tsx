import { useState } from 'react';
import type { Customer, Scene } from '../../wire.ts';
import type { Entry } from '../state/store.ts';
import { fullWords } from '../words/time.ts';
import { Letter } from './letter.tsx';
import { Writing } from './writing.tsx';

interface InboxProps {
  texts: readonly Entry<'text'>[];
  zone: string;
  scene: Scene;
  customer: Customer;
}

/** E-mail: a list with the newest first, and the letter that is open. */
export function Inbox({ texts, zone, scene, customer }: InboxProps) {
  const [openId, setOpen] = useState<string | null>(null);
  const open = texts.find(({ id }) => id === openId);
  const address = customer.email;
  if (open) {
    return <Letter entry={open} zone={zone} scene={scene} customer={customer} onBack={() => setOpen(null)} />;
  }
  return (
    <div className="chat mail">
      <header className="mail-head">
        <p>
          <strong>Inbox</strong>
          <span>{address ?? 'no address known'}</span>
        </p>
      </header>
      {texts.length === 0 && <p className="chat-empty">{emptyWords(address, scene.business)}</p>}
      <div className="mail-list">
        {[...texts].reverse().map(({ id, value }) => (
          <button key={id} type="button" className="mail-row" data-text={id} onClick={() => setOpen(id)}>
            <span>
              <strong>{value.direction === 'in' ? scene.business : 'You'}</strong>
              <time>{fullWords(Date.parse(value.at), zone)}</time>
            </span>
            <span className="mail-subject">{value.letter?.subject || '(no subject)'}</span>
            <span className="mail-start">{value.body}</span>
          </button>
        ))}
      </div>
      {address && scene.senders.email && <Writing app="email" customer={customer} scene={scene} />}
    </div>
  );
}

function emptyWords(address: string | null, business: string): string {
  return address
    ? `No e-mail so far. ${business} writes here when neither WhatsApp nor SMS reaches the customer.`
    : `${business} knows no e-mail address of this customer.`;
}
