import { useEntity, useUi, useValues } from '../state/hooks.ts';
import { ClockBar } from './clock-bar.tsx';
import { LeadHead } from './lead-head.tsx';
import { TrackView } from './track-view.tsx';

/** Time: the clock that can be turned, and what happens to the selected customer when, and why. */
export function TimePane() {
  const scene = useEntity('scene');
  const leads = useValues('lead');
  const chosen = useUi((ui) => ui.lead);
  const number = useUi((ui) => ui.number);
  const lead = leads.find(({ id }) => id === chosen) ?? (number ? undefined : leads.at(-1));
  const zone = scene?.zone ?? 'UTC';
  return (
    <section className="time" aria-label="Time and the follow-up" data-tour="time">
      <ClockBar zone={zone} lead={lead} />
      {lead ? (
        <>
          <LeadHead lead={lead} leads={leads} businessZone={zone} />
          <TrackView lead={lead} businessZone={zone} />
        </>
      ) : (
        <p className="time-empty">
          {leads.length > 0
            ? 'This person is no lead: nothing is planned for them.'
            : 'Once a drive is logged, every message stands here: what is planned, what left, and why something did not.'}
        </p>
      )}
    </section>
  );
}
