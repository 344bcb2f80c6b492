import { useState } from 'react';
import type { Customer } from '../../wire.ts';
import { firstName } from '../state/people.ts';
import { chooseCustomer } from '../state/ui.ts';
import { leadOf } from '../text/follow.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icons.tsx';
import { roving } from '../ui/roving.ts';
import { phoneWords } from '../words/phone.ts';
import { customerName } from './apps.ts';
import { NewCustomer } from './new-customer.tsx';

/** Whose phone is shown. */
export function CustomerTabs(props: {
  customers: readonly Customer[];
  current: string | null;
  news: ReadonlySet<string>;
}) {
  const { customers, current, news } = props;
  const [adding, setAdding] = useState(false);
  return (
    <header className="pane-head">
      <h2 className={customers.length > 2 ? 'unseen' : undefined}>Customers' phones</h2>
      <div className="customers">
        <div className="customer-tabs" role="tablist" aria-label="Whose phone" onKeyDown={roving}>
          {customers.map((customer) => {
            const { number } = customer;
            const name = customerName(customer, phoneWords);
            const unread = news.has(number) && number !== current;
            return (
              <button
                key={number}
                type="button"
                role="tab"
                aria-selected={number === current}
                tabIndex={number === current ? 0 : -1}
                className="customer-tab"
                title={`${name}, ${phoneWords(number)}`}
                onClick={() => chooseCustomer(number, leadOf(number))}
              >
                <Avatar name={customer.name ?? number.slice(-2)} id={number} size={24} />
                <span>{customer.name ? firstName(customer.name) : `…${number.slice(-4)}`}</span>
                {unread && <span className="dot" role="img" aria-label="unread" />}
              </button>
            );
          })}
        </div>
        <button
          type="button"
          className="icon-button"
          aria-label="New customer"
          title="New customer: somebody the business does not know"
          onClick={() => setAdding(true)}
        >
          <Icon name="plus" />
        </button>
      </div>
      {adding && <NewCustomer taken={customers.map(({ number }) => number)} onClose={() => setAdding(false)} />}
    </header>
  );
}
