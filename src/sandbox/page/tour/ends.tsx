import { useRef } from 'react';
import { store } from '../state/server.ts';
import { setUi, uiNow } from '../state/ui.ts';
import { Icon, Mark } from '../ui/icons.tsx';
import { usePlacing } from './placing.ts';
import { begin, newcomer } from './progress.ts';
import { useTarget } from './target.ts';
import type { Sight } from './telling.ts';

/** Begins the tour anew, with somebody the business does not know. */
export function startTour(): void {
  const customers = store.all('customer').map(({ id }) => id);
  const leads = store.all('lead').map(({ id }) => id);
  setUi({ tour: begin(customers, leads) });
}

/** The first thing somebody sees. */
export function Welcome({ sight }: { sight: Sight }) {
  return (
    <section className="coach welcome" aria-label="Welcome">
      <Mark size={40} />
      <h2>Both sides of the chat, on one page</h2>
      <p>
        A salesperson logs a test drive. For 14 days LeadRescue follows up, and stops dead when the customer answers or
        wants to be left alone. Play it through: nothing leaves this machine.
      </p>
      <ul>
        <li>
          <Icon name="hash" />
          <span>
            <strong>Left</strong> The team of {sight.business}, in Slack
          </span>
        </li>
        <li>
          <Icon name="phone" />
          <span>
            <strong>Right</strong> The customer's phone
          </span>
        </li>
        <li>
          <Icon name="clock" />
          <span>
            <strong>Below</strong> A clock to turn, and every message with its reason
          </span>
        </li>
      </ul>
      <div className="coach-buttons">
        <button type="button" className="button primary" onClick={startTour}>
          Show me, in three minutes
        </button>
        <button
          type="button"
          className="button quiet"
          onClick={() => setUi({ tour: { ...uiNow().tour, state: 'left' } })}
        >
          I'll look around
        </button>
      </div>
    </section>
  );
}

const MODAL = ['[data-tour="modal"]'];

/** The end: what has been seen, and what else there is. */
export function Farewell({ sight }: { sight: Sight }) {
  const box = useRef<HTMLElement>(null);
  const target = useTarget(MODAL);
  const placing = usePlacing(box, target, 'right', '');
  const next = newcomer(store.all('customer').map(({ id }) => id));
  return (
    <section ref={box} {...placing} aria-label="Tour">
      <div className="coach-head">
        <span className="coach-count">The end</span>
      </div>
      <h3>That was the main job</h3>
      <p>
        Every message, when it went or why it did not, with the event that proves it. Close the window and go on as you
        like:
      </p>
      <ul className="ideas">
        <li>Log {next.name}'s drive and let nobody answer: all four messages go.</li>
        <li>Switch on some Mischief first, and watch a message find its way.</li>
        <li>Be the manager, top left, and type /leads.</li>
      </ul>
      <div className="coach-buttons">
        <button
          type="button"
          className="button primary"
          onClick={() => setUi({ tour: { ...sight.tour, state: 'done' } })}
        >
          Done
        </button>
      </div>
    </section>
  );
}
