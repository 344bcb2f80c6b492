import { type FormEvent, useState } from 'react';
import type { Customer, Scene, TextChannel } from '../../wire.ts';
import { firstName } from '../state/people.ts';
import { act } from '../state/server.ts';
import { Icon } from '../ui/icons.tsx';
import { quickReplies } from './quick.ts';

interface WritingProps {
  app: TextChannel;
  customer: Customer;
  scene: Scene;
  /** The letter that is answered. */
  answers?: string;
}

/** Where the customer writes, with things worth trying above it. */
export function Writing({ app, customer, scene, answers }: WritingProps) {
  const [words, setWords] = useState('');
  const { number, name, language, optedOut, email } = customer;
  const who = name ? firstName(name) : 'this person';
  const letter = app === 'email' && email !== null ? { mailbox: email, ...(answers !== undefined && { answers }) } : {};
  const write = (body: string) => void act({ act: 'write', number, channel: app, body, ...letter });

  function submit(event: FormEvent) {
    event.preventDefault();
    const body = words.trim();
    if (body === '') return;
    setWords('');
    write(body);
  }

  return (
    <div className="writing" data-tour="writing">
      <fieldset className="quick" aria-label="Things to try">
        {quickReplies([language, scene.language], optedOut).map((quick) => (
          <button key={quick.words} type="button" data-tries={quick.tries} onClick={() => write(quick.words)}>
            {quick.words}
          </button>
        ))}
      </fieldset>
      <form className="writing-line" onSubmit={submit}>
        <input
          value={words}
          placeholder={`Write as ${who}`}
          aria-label={`Write as ${who}`}
          autoComplete="off"
          maxLength={4096}
          onChange={(event) => setWords(event.target.value)}
        />
        <button type="submit" className="send round" aria-label="Send" disabled={words.trim() === ''}>
          <Icon name="send" size={17} />
        </button>
      </form>
    </div>
  );
}
