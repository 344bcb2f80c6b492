import { useMemo } from 'react';
import { useAll, useEntity, useUi, useValues } from '../state/hooks.ts';
import { CustomerTabs } from './customer-tabs.tsx';
import { EmptyPhone } from './empty-phone.tsx';
import { Phone } from './phone.tsx';
import { PhoneFacts } from './phone-facts.tsx';

/** The customers' side: one phone at a time. */
export function PhonesPane() {
  const customers = useValues('customer');
  const scene = useEntity('scene');
  const texts = useAll('text');
  const chosen = useUi((ui) => ui.number);
  const customer = customers.find(({ number }) => number === chosen) ?? customers.at(-1);
  const news = useMemo(() => unreadBy(texts), [texts]);
  return (
    <section className="phones" aria-label="Customers' phones" data-tour="phones">
      <CustomerTabs customers={customers} current={customer?.number ?? null} news={news} />
      {scene && customer ? (
        <>
          <PhoneFacts customer={customer} zone={customer.zone ?? scene.zone} businessZone={scene.zone} />
          <Phone key={customer.number} customer={customer} scene={scene} />
        </>
      ) : (
        <EmptyPhone />
      )}
    </section>
  );
}

/** Whose phones hold something that nobody has looked at: delivered, not read. */
function unreadBy(texts: ReturnType<typeof useAll<'text'>>): ReadonlySet<string> {
  const unread = texts.filter(
    ({ value, arrived }) =>
      arrived > 0 && value.channel === 'whatsapp' && value.direction === 'in' && value.status === 'delivered',
  );
  return new Set(unread.map(({ value }) => value.number));
}
