import { useUi } from '../state/hooks.ts';
import { setUi, uiNow } from '../state/ui.ts';
import { Icon } from '../ui/icons.tsx';
import { startTour } from './ends.tsx';
import { STEPS } from './steps.ts';

/** Starts the tour, leaves it, or goes on where it was left. */
export function TourButton() {
  const tour = useUi((ui) => ui.tour);
  const resumable = tour.state === 'left' && tour.before !== undefined && tour.step > 0;
  const set = (state: typeof tour.state) => setUi({ tour: { ...uiNow().tour, state } });
  const press = () => {
    if (tour.state === 'on') set('left');
    else if (resumable) set('on');
    else startTour();
  };
  const words =
    tour.state === 'on' ? 'Leave tour' : resumable ? `Resume tour, ${tour.step + 1} of ${STEPS.length}` : 'Tour';
  return (
    <button type="button" className="top-button" aria-pressed={tour.state === 'on'} onClick={press}>
      <Icon name="compass" size={17} />
      <span>{words}</span>
    </button>
  );
}
