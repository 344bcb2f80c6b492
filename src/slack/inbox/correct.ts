import type { Correction } from '../../inbox/index.ts';
import { bold, context, inline } from '../card/index.ts';
import type { Action, Modal } from '../feature.ts';
import { firstName, phoneWords } from '../format.ts';
import type { LeadDeps } from '../lead/deps.ts';
import { leadIdOf, modal, show } from '../lead/modals.ts';
import { input, type ModalView, option, section } from '../views.ts';

const AGAIN = 'again';

/** The right number for a lead whose number turned out to be somebody else's. */
export function createCorrect(deps: LeadDeps & { correction: Correction }): {
  actions: Record<string, Action>;
  modals: Record<string, Modal>;
} {
  return {
    actions: {
      number_correct: {
        permission: 'customer.reply',
        async run(asked, value, place) {
          const lead = await deps.desk.lead(asked.staff, leadIdOf(value));
          const restarts = lead.state !== 'active' && lead.state !== 'paused' && !lead.optedOutAt;
          await show(asked, place, form(lead.id, lead.name, lead.phone, restarts));
        },
      },
    },
    modals: {
      number_correct: {
        permission: 'customer.reply',
        async submit(asked, values, metadata) {
          const leadId = leadIdOf(metadata);
          const again = values.checked('restart').includes(AGAIN);
          const { phone } = await deps.correction.correct(asked.staff, leadId, values.text('phone'), again);
          const { name } = await deps.desk.lead(asked.staff, leadId);
          asked.afterwards(async () => {
            const words = `${inline(asked.staff.name)} corrected the number of ${inline(name)}: it is ${phoneWords(phone)} now.`;
            await deps.cards.say(asked.tenant.id, leadId, { text: words, blocks: [section(words)] }, 1);
          });
          return { kind: 'close' };
        },
      },
    },
  };
}

function form(leadId: string, name: string, old: string | null, restarts: boolean): ModalView {
  const again = option('Start the follow-up again with the new number', AGAIN);
  return modal({
    id: 'number_correct',
    title: 'Correct the number',
    submit: 'Save',
    close: 'Cancel',
    metadata: leadId,
    blocks: [
      section(old ? `We have ${phoneWords(old)} for ${bold(name)}.` : `We have no number for ${bold(name)}.`),
      input(
        'phone',
        `${firstName(name)}'s mobile`,
        { type: 'plain_text_input', focus_on_load: true },
        { hint: 'With country code, for example +46 70 123 45 67' },
      ),
      ...(restarts
        ? [
            input(
              'restart',
              'Follow-up',
              { type: 'checkboxes', options: [again], initial_options: [again] },
              { optional: true },
            ),
          ]
        : []),
      ...context([
        ...(old ? ['The old number stays on record, and what was written to it stays in the history.'] : []),
      ]),
    ],
  });
}
