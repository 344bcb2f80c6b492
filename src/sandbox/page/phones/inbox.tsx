import { useState } from 'react';
import type { Entry } from '../state/store.ts';
import { Words } from '../text/words.tsx';
import { Icon } from '../ui/icons.tsx';
import { fullWords } from '../words/time.ts';
import { readText } from './read-text.ts';

interface InboxProps {
  texts: readonly Entry<'text'>[];
  zone: string;
  business: string;
  address: string | null;
}

/** E-mail: a list, and the letter that is open. */
export function Inbox({ texts, zone, business, address }: InboxProps) {
  const [openId, setOpen] = useState<string | null>(null);
  const open = texts.find(({ id }) => id === openId);
  const from = (entry: Entry<'text'>) => (entry.value.direction === 'in' ? business : 'You');
  if (open) {
    return (
      <div className="chat mail">
        <header className="mail-head">
          <button type="button" className="icon-button" aria-label="Back to the inbox" onClick={() => setOpen(null)}>
            <Icon name="back" />
          </button>
          <p>
            <strong>{from(open)}</strong>
            <span>{fullWords(Date.parse(open.value.at), zone)}</span>
          </p>
        </header>
        <div className="mail-letter">
          <Words paragraphs={readText(open.value.body, 'email')} />
        </div>
      </div>
    );
  }
  return (
    <div className="chat mail">
      <header className="mail-head">
        <p>
          <strong>Inbox</strong>
          <span>{address ?? 'no address known'}</span>
        </p>
      </header>
      {texts.length === 0 && <p className="chat-empty">No e-mail so far.</p>}
      <div className="mail-list">
        {[...texts].reverse().map((entry) => (
          <button key={entry.id} type="button" className="mail-row" onClick={() => setOpen(entry.id)}>
            <span>
              <strong>{from(entry)}</strong>
              <time>{fullWords(Date.parse(entry.value.at), zone)}</time>
            </span>
            <span className="mail-start">{entry.value.body}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
