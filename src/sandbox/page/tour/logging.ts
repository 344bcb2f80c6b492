import { clockWords } from '../words/time.ts';
import { ARRIVED, first, type Step, seller, stepOf } from './telling.ts';

/** A drive is logged; the form says what is missing. */
export const log: Step = {
  key: 'log',
  done: (sight) => sight.lead !== undefined,
  tell(sight) {
    const { who } = sight.tour;
    const { modal, me, channel } = sight;
    const form = modal?.blocks.some((block) => block.block_id === 'consent');
    if (modal && form) {
      return {
        title: 'Ten seconds of work',
        recap: '',
        words: `The form is filled in. Tick that ${first(sight)} agreed, then press ${modal.submit}. Without it nothing is stored and nothing is sent.`,
        targets: ['[data-block="consent"]', '[data-tour="modal"]'],
        pane: 'slack',
        side: 'right',
        action: {
          words: 'Tick and log it for me',
          act: { act: 'submit', user: me.id, view: modal.id, values: { consent: true } },
        },
      };
    }
    return {
      title: 'Log a test drive',
      recap: '',
      words: `${first(sight)} has just driven a ${who.car}. ${seller(sight)}, who sells it, types /drive in Slack.`,
      targets: ['[data-tour="composer"]'],
      pane: 'slack',
      side: 'top',
      action: {
        words: `Type /drive ${who.name} …`,
        act: { act: 'slash', user: me.id, channel, command: '/drive', text: who.typed },
      },
    };
  },
};

/** The first message arrives, at once or in the morning. */
export const dayZero: Step = {
  key: 'day_0',
  done: (sight) => sight.texts.some(({ direction, status }) => direction === 'in' && ARRIVED.has(status)),
  tell(sight) {
    const step = stepOf(sight, /^Day 0$/);
    const at = step ? Date.parse(step.at) : sight.now;
    const recap = `Logged. ${seller(sight)} has a card in Slack, and the plan stands below.`;
    if (step?.state === 'scheduled' && at > sight.now + 5000) {
      return {
        title: 'Nobody is woken up',
        recap,
        words: `It is ${clockWords(sight.now, sight.zone)} now, outside the hours in which customers are written to. Day 0 leaves at ${clockWords(at, sight.zone)}.`,
        targets: ['[data-tour="next-step"]'],
        pane: 'time',
        side: 'top',
        action: {
          words: `Turn the clock to ${clockWords(at, sight.zone)}`,
          act: { act: 'turn', to: { until: new Date(at).toISOString() } },
        },
      };
    }
    return {
      title: 'Day 0',
      recap,
      words: `The first message is on its way to ${first(sight)}'s phone. Watch the ticks.`,
      targets: ['[data-tour="phones"] .phone'],
      pane: 'phones',
      side: 'left',
    };
  },
};
