import type { Customer, Scene } from '../../wire.ts';
import type { Entry } from '../state/store.ts';
import { Words } from '../text/words.tsx';
import { Icon } from '../ui/icons.tsx';
import { fullWords } from '../words/time.ts';
import { readText } from './read-text.ts';
import { Writing } from './writing.tsx';

interface LetterProps {
  entry: Entry<'text'>;
  zone: string;
  scene: Scene;
  customer: Customer;
  onBack(): void;
}

/** A letter that is open, as a mail program shows it, with the answer below. */
export function Letter({ entry, zone, scene, customer, onBack }: LetterProps) {
  const { value: text, id } = entry;
  const { letter, direction, body, at } = text;
  const came = direction === 'in';
  return (
    <div className="chat mail">
      <header className="mail-head">
        <button type="button" className="icon-button" aria-label="Back to the inbox" onClick={onBack}>
          <Icon name="back" />
        </button>
        <p>
          <strong>{letter?.subject || '(no subject)'}</strong>
          <span>
            {came ? scene.business : 'You'}, {fullWords(Date.parse(at), zone)}
          </span>
        </p>
      </header>
      {came && letter?.page ? (
        <iframe
          className="mail-page"
          title={letter.subject}
          src={`/sandbox/letters/${id}`}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
        />
      ) : (
        <div className="mail-letter">
          <Words paragraphs={readText(body, 'email')} />
        </div>
      )}
      {letter && letter.attachments.length > 0 && (
        <ul className="mail-attachments" aria-label="Attachments">
          {letter.attachments.map((name, index) => (
            <li key={name}>
              <a href={`/sandbox/letters/${id}/${index}`} download={name}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      )}
      {text.status === 'failed' && <p className="bubble-lost">The mail server gave it back: it never arrived.</p>}
      <Writing app="email" customer={customer} scene={scene} {...(came && { answers: id })} />
    </div>
  );
}
