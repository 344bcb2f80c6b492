import { useEntity, useNow } from '../state/hooks.ts';
import { clockWords, dayWords } from '../words/time.ts';
import { PhoneFrame } from './phone-frame.tsx';

/** A phone that lies there: nobody is a customer yet. */
export function EmptyPhone() {
  const scene = useEntity('scene');
  const now = useNow(5000);
  const zone = scene?.zone ?? 'UTC';
  return (
    <PhoneFrame time={clockWords(now, zone)} lying>
      <div className="lock-screen">
        <p className="lock-time">{clockWords(now, zone)}</p>
        <p className="lock-day">{dayWords(now, zone)}</p>
        <p className="lock-words">
          The customer's phone. Log a drive in Slack, and what {scene?.business ?? 'the business'} sends arrives here.
        </p>
      </div>
    </PhoneFrame>
  );
}
