import type { Customer } from '../../wire.ts';
import { useNow } from '../state/hooks.ts';
import { phoneWords } from '../words/phone.ts';
import { clockWords, sameClock, spanWords, zoneCity } from '../words/time.ts';
import { customerName } from './apps.ts';

/** Who the phone belongs to, their time, and what may reach them now. */
export function PhoneFacts({
  customer,
  zone,
  businessZone,
}: {
  customer: Customer;
  zone: string;
  businessZone: string;
}) {
  const now = useNow(15_000);
  const name = customerName(customer, phoneWords);
  const elsewhere = !sameClock(zone, businessZone, now);
  return (
    <div className="phone-facts">
      <p>
        <strong>{name}</strong>
        <span>{customer.name ? phoneWords(customer.number) : 'unknown to the business'}</span>
        {elsewhere && (
          <span>
            {zoneCity(zone)} {clockWords(now, zone)}
          </span>
        )}
      </p>
      <p>
        {customer.optedOut && <span className="chip alarm">Opted out</span>}
        {!customer.optedOut && customer.number.startsWith('+') && <WindowChip until={customer.windowUntil} now={now} />}
        {customer.mischief.map((kind) => (
          <span key={kind} className="chip warn">
            {MISCHIEF[kind]}
          </span>
        ))}
      </p>
    </div>
  );
}

const MISCHIEF = {
  no_whatsapp: 'Not on WhatsApp',
  no_phone: 'No phone reaches them',
  window_closed: 'Window kept closed',
  blocked: 'Blocks the business',
} as const;

function WindowChip({ until, now }: { until: string | null; now: number }) {
  const left = until === null ? 0 : Date.parse(until) - now;
  return left > 0 ? (
    <span className="chip good" title="Free text may go by WhatsApp until 24 hours after the customer wrote last">
      WhatsApp window open for {spanWords(left)}
    </span>
  ) : (
    <span className="chip" title="By WhatsApp only approved templates may go until the customer writes">
      WhatsApp window closed: templates only
    </span>
  );
}
