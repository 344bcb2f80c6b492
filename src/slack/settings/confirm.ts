import { z } from 'zod';
import { KnownError } from '../../lib/errors.ts';
import { isId, type SettingChangeId } from '../../lib/ids.ts';
import type { Draft, SettingChanges, Settings } from '../../tenants/index.ts';
import type { Answer, Asked, Modal, Submitted } from '../feature.ts';
import { capital } from '../format.ts';
import { change, modal, show } from '../lead/modals.ts';
import { context, input, type ModalView, option, section } from '../views.ts';
import type { SettingsDeps } from './deps.ts';
import { diffBlocks, hoursWords, touchedWords } from './diff-blocks.ts';
import { changedAnswer } from './direct.ts';

export const CONFIRM = 'settings_confirm';

/**
 * What the window carries: the draft, and the window below it that shows what is changed: the texts of a playbook, else
 * the checklist of the set-up.
 */
const below = z.object({ view: z.string(), playbook: z.string().optional() });
const carried = z.object({ draft: z.string(), below: below.optional() });
export type Below = NonNullable<z.infer<typeof carried>['below']>;

const KEEP = option('Keep their plan: only new leads follow the change', 'keep');
const MOVE = option('Move them: what has not left follows the change', 'move');

/** The change before it counts: each thing before and after, what it touches, and who has to agree. Pure. */
export function confirmView(
  deps: Pick<SettingsDeps, 'playbooks'>,
  draft: Draft,
  more: { blocks?: readonly object[]; below?: Below } = {},
): ModalView {
  const { demands, touched } = draft;
  const hours = capital(hoursWords(touched));
  const waits = demands.length > 0;
  const groups = demands.map(({ label }) => label.toLowerCase()).join(', ');
  const note = waits
    ? `Changes of ${groups} wait for a second person: the other managers and admins are asked, and one of them has to approve.`
    : 'It counts as soon as you confirm, and can be undone in the history.';
  return modal({
    id: CONFIRM,
    title: 'Check the change',
    submit: waits ? 'Ask for approval' : 'Make the change',
    close: 'Cancel',
    metadata: JSON.stringify({ draft: draft.id, ...(more.below && { below: more.below }) }),
    blocks: [
      ...diffBlocks(draft.changes, deps.playbooks.all),
      ...(more.blocks ?? []),
      ...(hours === '' ? [] : [section(hours)]),
      ...(touched && touched.running > 0
        ? [
            section(touchedWords(touched)),
            input('plan', 'Follow-ups that are running', {
              type: 'radio_buttons',
              options: [KEEP, MOVE],
              initial_option: KEEP,
            }),
          ]
        : []),
      context(note),
    ],
  });
}

/** A change that was typed and cannot be made good once it has counted: it is looked at in a window first. */
export async function lookFirst(
  deps: Pick<SettingsDeps, 'playbooks'> & { changes: SettingChanges },
  asked: Asked,
  patch: (current: Settings) => Partial<Settings>,
  warning?: string,
): Promise<Answer | undefined> {
  const draft = await deps.changes.draft(asked.staff, { patch });
  if (draft.changes.length === 0) return { text: 'Everything is so already; nothing was changed.' };
  await show(asked, null, confirmView(deps, draft, warning ? { blocks: [section(warning)] } : {}));
  return undefined;
}

/** A form's answer: the window with the change in it, or a word at `field` when there is none. */
export function toConfirm(view: ModalView, draft: Draft, field: string): Submitted {
  if (draft.changes.length > 0) return { kind: 'update', view };
  return { kind: 'errors', errors: { [field]: 'Nothing is different from how it is now.' } };
}

/** Makes the change count, or asks for a second person. `redraw` shows the window below anew. */
export function confirmModal(
  deps: SettingsDeps,
  redraw: (asked: Asked, playbook: string | undefined) => Promise<ModalView>,
): Modal {
  return {
    permission: 'settings.change',
    async submit(asked, values, metadata) {
      const { draft, below } = carried.parse(JSON.parse(metadata));
      if (!isId(draft)) throw new KnownError('not_found', 'a window without a draft', 'Make the change again.');
      const plan = values.choice('plan');
      const id = draft as SettingChangeId;
      const outcome = await deps.changes.submit(asked.staff, id, plan === 'keep' || plan === 'move' ? plan : undefined);
      asked.afterwards(async () => {
        if (below) await change(asked, below.view, await redraw(asked, below.playbook));
        await asked.whisper(changedAnswer(deps.playbooks, outcome));
      });
      return { kind: 'close' };
    },
  };
}
