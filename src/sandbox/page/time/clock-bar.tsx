import { useState } from 'react';
import type { Act, Lead } from '../../wire.ts';
import { useEntity, useNow } from '../state/hooks.ts';
import { act } from '../state/server.ts';
import { Icon } from '../ui/icons.tsx';
import { clockWords, DAY, dayWords, fullWords, MINUTE, sameClock, spanWords, zoneCity } from '../words/time.ts';
import { DAYS, dayTarget } from './turns.ts';

type Turn = Extract<Act, { act: 'turn' }>['to'];

/** Business time, large; beside it, ways to turn it. What is due in between happens in order, at its own time. */
export function ClockBar({ zone, lead }: { zone: string; lead: Lead | undefined }) {
  const clock = useEntity('clock');
  const now = useNow(1000);
  const [asked, setAsked] = useState(false);
  const turning = asked || (clock?.turning ?? false);
  const next = clock?.next ? Date.parse(clock.next) : undefined;
  const ahead = clock?.offset ?? 0;

  async function turn(to: Turn) {
    setAsked(true);
    await act({ act: 'turn', to });
    setAsked(false);
  }

  const day = (number: number) => {
    const target = lead && dayTarget(lead, number, now);
    return (
      <button
        key={number}
        type="button"
        className="turn"
        data-tour={`day-${number}`}
        disabled={turning || target === undefined}
        title={target ? `Turn to ${fullWords(target, zone, now)}` : undefined}
        onClick={() => target && void turn({ until: new Date(target).toISOString() })}
      >
        Day {number}
      </button>
    );
  };

  return (
    <div className={turning ? 'clock-bar turning' : 'clock-bar'}>
      <div className="clock" role="timer" aria-label="Business time">
        <strong>{clockWords(now, zone)}</strong>
        <p aria-live="polite">
          <span>{dayWords(now, zone)}</span>
          <span className="clock-more">{turning ? 'turning …' : placeWords(zone, lead, now, ahead)}</span>
        </p>
      </div>
      <fieldset className="turns" aria-label="Turn the clock" data-tour="turns">
        <button
          type="button"
          className="turn next"
          data-tour="next-step"
          disabled={turning || next === undefined}
          title={next ? `Turn to ${fullWords(next, zone, now)}, when the next message is due` : undefined}
          onClick={() => void turn('next')}
        >
          <Icon name="next" size={15} /> Next step
          {next !== undefined && next > now && <span className="turn-more">{nextWords(next, zone, now)}</span>}
        </button>
        <div className="turn-group">
          <button type="button" className="turn" disabled={turning} onClick={() => void turn({ advance: 'PT1H' })}>
            +1 hour
          </button>
          <button type="button" className="turn" disabled={turning} onClick={() => void turn({ advance: 'P1D' })}>
            +1 day
          </button>
        </div>
        {lead && <div className="turn-group">{DAYS.map(day)}</div>}
        <button
          type="button"
          className="turn plain"
          disabled={turning || Math.abs(ahead) < 1000}
          title="Back to the time of this machine"
          onClick={() => void turn('real')}
        >
          Real time
        </button>
      </fieldset>
    </div>
  );
}

/** `Stockholm, 2 d 5 h ahead`; where the customer's clock shows another time, that instead. */
function placeWords(zone: string, lead: Lead | undefined, now: number, ahead: number): string {
  const city = zoneCity(zone);
  if (lead && !sameClock(lead.zone, zone, now))
    return `${city}, ${clockWords(now, lead.zone)} in ${zoneCity(lead.zone)}`;
  return Math.abs(ahead) > MINUTE ? `${city}, ${spanWords(ahead)} ahead` : city;
}

/** The time alone on the same day, with its weekday within six days. */
function nextWords(next: number, zone: string, now: number): string {
  if (dayWords(next, zone) === dayWords(now, zone)) return clockWords(next, zone);
  const full = fullWords(next, zone, now);
  return next - now < 6 * DAY ? `${full.slice(0, 3)} ${clockWords(next, zone)}` : full;
}
