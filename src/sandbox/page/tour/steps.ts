import { dayTarget } from '../time/turns.ts';
import { DAY } from '../words/time.ts';
import { dayZero, log } from './logging.ts';
import { answer, reply, stop } from './talking.ts';
import { first, type Sight, type Step, seller, stepOf } from './telling.ts';

/*
 * The tour as data: what each step says, points at and waits for, from what can be seen. Pure; steps end by themselves
 * when the thing has happened, whoever did it.
 */

const dayTwo: Step = {
  key: 'day_2',
  done(sight) {
    const step = stepOf(sight, /^Day 2$/);
    return step !== undefined && step.state !== 'scheduled' && step.state !== 'claimed' && step.state !== 'sending';
  },
  tell(sight) {
    const target = sight.lead && dayTarget(sight.lead, 2, sight.now);
    return {
      title: 'Two days pass',
      recap: `${first(sight)} got thanks, the terms and a way to say stop, in their own language.`,
      words: `${first(sight)} does not answer. Turn the clock to day 2: what is due in between happens in order, at its own time.`,
      targets: ['[data-tour="day-2"]', '[data-tour="turns"]'],
      pane: 'time',
      side: 'top',
      ...(target && {
        action: { words: 'Jump to day 2', act: { act: 'turn', to: { until: new Date(target).toISOString() } } },
      }),
    };
  },
};

const dayFourteen: Step = {
  key: 'day_14',
  done: (sight) => sight.lead !== undefined && sight.now >= Date.parse(sight.lead.createdAt) + 14 * DAY,
  tell(sight) {
    const target = sight.lead && dayTarget(sight.lead, 14, sight.now);
    return {
      title: 'Silence, for sure?',
      recap: `Stopped for good on every channel. ${first(sight)} got one confirmation.`,
      words: 'Turn the clock to day 14 and see that nothing more leaves.',
      targets: ['[data-tour="day-14"]', '[data-tour="turns"]'],
      pane: 'time',
      side: 'top',
      ...(target && {
        action: { words: 'Jump to day 14', act: { act: 'turn', to: { until: new Date(target).toISOString() } } },
      }),
    };
  },
};

const why: Step = {
  key: 'why',
  done: (sight) => sight.modal?.title === 'Why?',
  tell: (sight) => ({
    title: 'Ask why',
    recap: 'Two weeks on, and the phone stayed quiet.',
    words: `The sentences below say what became of each message. ${seller(sight)} gets the same in Slack, with proof: press Why?`,
    targets: ['.view [data-action="lead_why"]', '[data-action="lead_why"]', '[data-tour="slack"]'],
    pane: 'slack',
    side: 'right',
  }),
};

export const STEPS: readonly Step[] = [log, dayZero, dayTwo, reply, answer, stop, dayFourteen, why];

/** The step to be at: past all that have come true. `STEPS.length` when everything has. */
export function stepNow(sight: Sight): number {
  let step = sight.tour.step;
  while (step < STEPS.length && STEPS[step]?.done(sight)) step += 1;
  return step;
}
