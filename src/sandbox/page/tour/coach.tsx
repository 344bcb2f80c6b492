import { useEffect, useRef, useState } from 'react';
import { useChange } from '../state/change.ts';
import { act } from '../state/server.ts';
import { setUi, uiNow } from '../state/ui.ts';
import { Icon } from '../ui/icons.tsx';
import { Farewell, Welcome } from './ends.tsx';
import { showStep } from './go.ts';
import type { Box } from './place.ts';
import { usePlacing } from './placing.ts';
import { useSight } from './sight.ts';
import { type Sight, STEPS, stepNow } from './steps.ts';
import { useTarget } from './target.ts';

/** The tour: a note beside what is next, and a ring around it. It can be left and resumed at any time. */
export function Coach() {
  const sight = useSight();
  if (!sight) return null;
  switch (sight.tour.state) {
    case 'new':
      return <Welcome sight={sight} />;
    case 'on':
      return <Walking sight={sight} />;
    default:
      return null;
  }
}

const leave = () => setUi({ tour: { ...uiNow().tour, state: 'left' } });

function Walking({ sight }: { sight: Sight }) {
  const step = stepNow(sight);
  const { tour } = sight;
  useEffect(() => {
    if (step !== tour.step) setUi({ tour: { ...uiNow().tour, step } });
  }, [step, tour.step]);
  const told = STEPS[step]?.tell(sight);
  const pane = told?.pane;
  useChange(`${step} ${pane}`, () => {
    if (pane) showStep(sight, step, pane);
  });
  if (!told) return <Farewell sight={sight} />;
  return <Note sight={sight} step={step} />;
}

function Note({ sight, step }: { sight: Sight; step: number }) {
  const told = STEPS[step]?.tell(sight);
  const target = useTarget(told?.targets ?? []);
  const box = useRef<HTMLElement>(null);
  /** The action whose answer is awaited. The next step may show before it comes, and its button then works. */
  const [doing, setDoing] = useState<string>();
  const placing = usePlacing(box, target, told?.side ?? 'top', `${told?.words} ${told?.recap}`);
  if (!told) return null;
  const { action } = told;
  return (
    <>
      {target && <Ring box={target} />}
      <section ref={box} {...placing} aria-label="Tour">
        <div className="coach-head">
          <span className="coach-count">
            {step + 1} of {STEPS.length}
          </span>
          <button type="button" className="link quiet" onClick={leave}>
            Leave the tour
          </button>
        </div>
        <div aria-live="polite">
          {told.recap && (
            <p className="coach-recap">
              <Icon name="check" size={15} />
              {told.recap}
            </p>
          )}
          <h3>{told.title}</h3>
          <p>{told.words}</p>
        </div>
        {action && (
          <button
            type="button"
            className="button primary"
            aria-busy={doing === action.words}
            onClick={async () => {
              if (doing === action.words) return;
              setDoing(action.words);
              await act(action.act);
              setDoing((now) => (now === action.words ? undefined : now));
            }}
          >
            {action.words}
          </button>
        )}
      </section>
    </>
  );
}

const AROUND = 6;

function Ring({ box }: { box: Box }) {
  const style = {
    left: box.left - AROUND,
    top: box.top - AROUND,
    width: box.width + 2 * AROUND,
    height: box.height + 2 * AROUND,
  };
  return <div className="pointer" style={style} aria-hidden="true" />;
}
