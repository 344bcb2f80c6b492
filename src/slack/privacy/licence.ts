import { LINK_MINUTES } from '../../privacy/index.ts';
import { actions, button, inline } from '../card/index.ts';
import type { Action } from '../feature.ts';
import { firstName } from '../format.ts';
import { leadIdOf } from '../lead/modals.ts';
import { button as pressable, section } from '../views.ts';
import type { PrivacyDeps } from './deps.ts';

/** Looking at a licence photo, and deleting it before its time. */
export function licenceActions({ licences, publicUrl }: PrivacyDeps): Record<string, Action> {
  return {
    licence_view: {
      permission: 'licence.see',
      async run(asked, value) {
        const leadId = leadIdOf(value);
        const { token, customer } = await licences.link(asked.staff, leadId);
        const words = `The licence photo of ${inline(firstName(customer))}: this link shows it once, within ${LINK_MINUTES} minutes. That you have seen it is in the log.`;
        const url = `${publicUrl}/l/${token}`;
        const remove = button('licence_delete', 'Delete it now', leadId, {
          style: 'danger',
          confirm: {
            title: 'Delete the licence photo?',
            text: 'It is gone for good, and nobody can get it back. Everything else of the lead stays.',
            yes: 'Delete it',
          },
        });
        const show = pressable({ text: 'Show the photo', actionId: 'private_link', url, style: 'primary' });
        await asked.whisper({ text: words, blocks: [section(words), ...actions([show, remove])] });
      },
    },
    licence_delete: {
      permission: 'licence.delete',
      async run(asked, value) {
        const name = await licences.remove(asked.staff, leadIdOf(value));
        const words = `Deleted: the licence photo of ${inline(firstName(name))}.`;
        await asked.whisper({ text: words, blocks: [section(words)], replace: true });
      },
    },
  };
}
