import type { Customer, Mischief } from '../../wire.ts';
import { useEntity, useUi, useValues } from '../state/hooks.ts';
import { firstName } from '../state/people.ts';
import { act } from '../state/server.ts';
import { Icon } from '../ui/icons.tsx';
import { Popover } from '../ui/popover.tsx';
import { phoneWords } from '../words/phone.ts';
import { NUMBER_TRICKS, TRICKS } from './mischief-words.ts';

const KINDS = Object.keys(TRICKS) as (keyof typeof TRICKS)[];
const NUMBER_KINDS = Object.keys(NUMBER_TRICKS) as (keyof typeof NUMBER_TRICKS)[];
const NOBODY: Mischief = { on: [] };

/** What may go wrong out there, to be switched on; each says what the product does about it. */
export function MischiefButton() {
  const { on } = useEntity('mischief') ?? NOBODY;
  const customers = useValues('customer');
  const chosen = useUi((ui) => ui.number);
  const customer = customers.find(({ number }) => number === chosen) ?? customers.at(-1);
  const count = on.length + customers.reduce((sum, each) => sum + each.mischief.length, 0);
  return (
    <Popover
      label="Mischief"
      className={count > 0 ? 'top-button alarm' : 'top-button'}
      tour="mischief"
      button={
        <>
          <Icon name="flask" size={17} />
          <span>Mischief</span>
          {count > 0 && <span className="count-badge">{count}</span>}
        </>
      }
    >
      <div className="mischief">
        <h3>Make something go wrong</h3>
        <p>Everything below really happens on the wire. Watch how each message copes in the timeline.</p>
        {KINDS.map((kind) => (
          <Switch
            key={kind}
            {...TRICKS[kind]}
            on={on.includes(kind)}
            onChange={(wanted) => void act({ act: 'mischief', kind, on: wanted })}
          />
        ))}
        {customer && <OfOne customer={customer} />}
      </div>
    </Popover>
  );
}

function OfOne({ customer }: { customer: Customer }) {
  const { number, name, mischief } = customer;
  return (
    <>
      <h3>Only {name ? firstName(name) : phoneWords(number)}</h3>
      {NUMBER_KINDS.map((kind) => (
        <Switch
          key={kind}
          {...NUMBER_TRICKS[kind]}
          on={mischief.includes(kind)}
          onChange={(wanted) => void act({ act: 'number', number, kind, on: wanted })}
        />
      ))}
    </>
  );
}

function Switch(props: { name: string; answer: string; on: boolean; onChange(on: boolean): void }) {
  const { name, answer, on, onChange } = props;
  return (
    <label className="switch">
      <input
        type="checkbox"
        role="switch"
        aria-checked={on}
        checked={on}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="switch-track" aria-hidden="true" />
      <span className="switch-words">
        <strong>{name}</strong>
        <span className="switch-answer">{answer}</span>
      </span>
    </label>
  );
}

/** Says while something is switched on, so that nobody wonders. */
export function MischiefStrip() {
  const { on } = useEntity('mischief') ?? NOBODY;
  if (on.length === 0) return null;
  return (
    <div className="strip" role="status">
      <Icon name="flask" size={16} />
      <div>
        {on.map((kind) => (
          <p key={kind}>
            <strong>{TRICKS[kind].name}.</strong> <span>{TRICKS[kind].answer}</span>
            <button type="button" className="link" onClick={() => void act({ act: 'mischief', kind, on: false })}>
              Switch it off
            </button>
          </p>
        ))}
      </div>
    </div>
  );
}
