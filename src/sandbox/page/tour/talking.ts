import { ARRIVED, exampleAnswer, first, quick, type Step, seller, stepOf, stopped, write } from './telling.ts';

/** The customer answers, and everything planned ends. */
export const reply: Step = {
  key: 'reply',
  // not before the plan has ended: the next step says that it has
  done: (sight) => sight.texts.some(({ direction }) => direction === 'out') && sight.lead?.state !== 'active',
  tell(sight) {
    const words = quick(sight, 'question');
    return {
      title: `Be ${first(sight)}`,
      recap: stepOf(sight, /^Day 2$/)?.state === 'cancelled' ? '' : 'The second message went, by itself.',
      words: `Now ${first(sight)} answers. Watch Slack and the timeline while you press.`,
      targets: ['[data-tries="question"]', '[data-tour="writing"]'],
      pane: 'phones',
      side: 'left',
      action: { words: `Write “${words}”`, act: write(sight, words) },
    };
  },
};

/** The salesperson answers from Slack: a form, a preview, ten seconds to take it back. */
export const answer: Step = {
  key: 'answer',
  done: (sight) => stopped(sight) || ARRIVED.has(stepOf(sight, /^Reply/)?.state ?? ''),
  tell(sight) {
    const { modal, me, lead } = sight;
    const recap = `Everything planned was cancelled in that moment, and ${seller(sight)} was told.`;
    const writing = modal?.blocks.some((block) => block.block_id === 'words');
    if (modal && writing) {
      const preview = modal.submit === 'Send';
      return {
        title: preview ? 'Look once more' : `Answer ${first(sight)}`,
        recap: '',
        words: preview
          ? `Exactly this reaches ${first(sight)}. After Send there are ten seconds to take it back.`
          : 'Write what you like, or take an example.',
        targets: ['[data-tour="modal"]'],
        pane: 'slack',
        side: 'right',
        action: {
          words: preview ? 'Send' : 'Write an example',
          act: { act: 'submit', user: me.id, view: modal.id, values: preview ? {} : { words: exampleAnswer(sight) } },
        },
      };
    }
    if (lead?.steps.some(({ label, state }) => /^Reply/.test(label) && state !== 'cancelled')) {
      return {
        title: 'Ten seconds to think again',
        recap: '',
        words: 'The reply leaves in a moment. Until then Undo stands in the thread.',
        targets: ['[data-action="message_undo"]', '[data-tour="phones"] .phone'],
        pane: 'slack',
        side: 'right',
      };
    }
    return {
      title: 'Answer from Slack',
      recap,
      words: `Press Reply. ${seller(sight)} writes in Slack, ${first(sight)} reads it where they wrote.`,
      targets: ['.thread [data-action="lead_reply"]', '[data-action="lead_reply"]', '[data-tour="slack"]'],
      pane: 'slack',
      side: 'left',
    };
  },
};

/** The customer wants to be left alone. */
export const stop: Step = {
  key: 'stop',
  done: stopped,
  tell(sight) {
    const words = quick(sight, 'stop_words');
    return {
      title: 'Leave me alone',
      recap: `${seller(sight)}'s answer is on ${first(sight)}'s phone.`,
      words: `${first(sight)} has had enough, and says so in plain words. No keyword needed.`,
      targets: ['[data-tries="stop_words"]', '[data-tour="writing"]'],
      pane: 'phones',
      side: 'left',
      action: { words: `Write “${words}”`, act: write(sight, words) },
    };
  },
};
