import { type FormEvent, useState } from 'react';
import { act } from '../state/server.ts';
import { Icon } from '../ui/icons.tsx';
import { keyOf } from '../ui/keys.ts';
import { Screen } from './screen.tsx';
import { useCustomer } from './use-customer.ts';

/** What is typed on the phone itself is an answer of the business: it takes the conversation over. */
export function OnPhone({ onBack }: { onBack(): void }) {
  const customer = useCustomer();
  const [body, setBody] = useState('');
  const [written, setWritten] = useState<readonly string[]>([]);
  if (!customer) return null;
  const { number, called } = customer;

  async function submit(event: FormEvent) {
    event.preventDefault();
    const words = body.trim();
    if (words === '') return;
    setBody('');
    if (await act({ act: 'phone_write', number, body: words })) setWritten((before) => [...before, words]);
  }

  return (
    <Screen title={called} onBack={onBack}>
      <div className="bubbles own-bubbles" role="log" aria-label={`Written to ${called}`}>
        <p className="chat-empty">
          What is written here counts as the business's answer: the assistant leaves the conversation to you.
        </p>
        {written.map((words, index) => (
          <div key={keyOf(index)} className="bubble out">
            <div className="bubble-words">{words}</div>
          </div>
        ))}
      </div>
      <form className="writing writing-line" onSubmit={(event) => void submit(event)}>
        <input
          data-first
          value={body}
          placeholder={`Write to ${called}`}
          aria-label={`Write to ${called} on the phone itself`}
          autoComplete="off"
          maxLength={4096}
          onChange={(event) => setBody(event.target.value)}
        />
        <button type="submit" className="send round" aria-label="Send" disabled={body.trim() === ''}>
          <Icon name="send" size={17} />
        </button>
      </form>
    </Screen>
  );
}
