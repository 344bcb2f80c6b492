import { useState } from 'react';
import type { BusinessPhone } from '../../wire.ts';
import { useEntity, useUi, useValues } from '../state/hooks.ts';
import { firstName } from '../state/people.ts';
import { act } from '../state/server.ts';
import { Icon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';
import { phoneWords } from '../words/phone.ts';

const WORDS: Record<BusinessPhone['state'], string> = {
  idle: 'It is not linked. An admin types /rescue phone link in Slack; the code to scan comes as a direct message.',
  code: 'A code waits in a direct message in Slack. Hold the phone in front of it.',
  linked: 'It is linked as WhatsApp Web: WhatsApp messages leave from it, and customers write to it.',
  offline: 'It is linked, and nobody is connected to it at the moment.',
};

/** The business's own phone: WhatsApp by scanning a code, without the Business API. */
export function PhoneButton() {
  const phone = useEntity('phone');
  if (!phone) return null;
  const { number, state } = phone;
  return (
    <Popover
      label="The business's phone"
      className="top-button"
      button={
        <>
          <Icon name="phone" size={17} />
          <span>Phone</span>
          {state === 'code' && <span className="count-badge">1</span>}
        </>
      }
    >
      <div className="mischief">
        <h3>The business's phone, {phoneWords(number)}</h3>
        <p>{WORDS[state]}</p>
        {state === 'code' && (
          <button type="button" className="button primary" onClick={() => void act({ act: 'phone', do: 'scan' })}>
            Scan the code
          </button>
        )}
        {(state === 'linked' || state === 'offline') && (
          <>
            <OnPhone />
            <button type="button" className="link" onClick={() => void act({ act: 'phone', do: 'unlink' })}>
              Log out of all devices on the phone
            </button>
          </>
        )}
      </div>
    </Popover>
  );
}

/** What is typed on the phone itself is an answer of the business: it takes the conversation over. */
function OnPhone() {
  const customers = useValues('customer').filter(({ number }) => number.startsWith('+'));
  const chosen = useUi((ui) => ui.number);
  const customer = customers.find(({ number }) => number === chosen) ?? customers.at(-1);
  const [body, setBody] = useState('');
  if (!customer) return null;
  const who = customer.name ? firstName(customer.name) : phoneWords(customer.number);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void act({ act: 'phone_write', number: customer.number, body });
        setBody('');
      }}
    >
      <label>
        Write to {who} on the phone itself
        <input value={body} onChange={(event) => setBody(event.target.value)} />
      </label>
      <button type="submit" className="button plain" disabled={body.trim() === ''}>
        Send
      </button>
    </form>
  );
}
