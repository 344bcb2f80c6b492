import { KnownError } from '../../lib/errors.ts';
import { demand, groupNamed } from '../../tenants/index.ts';
import { openHours } from '../bookings/index.ts';
import type { ActionPlace, Asked, Feature } from '../feature.ts';
import { show } from '../lead/modals.ts';
import { approvalsFeature } from './approvals.ts';
import { cadenceFeature, openCadence } from './cadence.ts';
import { CONFIRM, confirmModal } from './confirm.ts';
import type { SettingsDeps } from './deps.ts';
import { filesFeature } from './files.ts';
import { FORM, formModal, formView } from './form.ts';
import { historyFeature } from './history.ts';
import { EDIT, OVERVIEW, settingsOverview } from './overview.ts';
import { PREVIEW, PREVIEW_CARD, PREVIEW_LETTER, previewAction } from './preview.ts';
import { openTexts, textsFeature, textsView } from './texts.ts';
import { trialsFeature } from './trials.ts';

export { createApprovalHandler } from './approvals.ts';
export { APPROVALS, OVERVIEW } from './overview.ts';

type Editor = (deps: SettingsDeps, asked: Asked, place: ActionPlace) => Promise<void>;

/** Groups with a window of their own; the others have the form that they describe, or the commands that they name. */
const EDITORS: Readonly<Record<string, Editor>> = {
  cadence: (deps, asked) => openCadence(deps, asked, null),
  templates: (deps, asked) => openTexts(deps, asked, null),
  hours: openHours,
};

async function openForm(deps: SettingsDeps, asked: Asked, key: string, place: ActionPlace | null): Promise<void> {
  const group = groupNamed(key);
  if (!group) return;
  const below = place?.viewId ?? null;
  await show(asked, place, formView(deps, group, await deps.changes.current(asked.tenant.id), below));
}

async function edit(deps: SettingsDeps, asked: Asked, key: string, place: ActionPlace): Promise<void> {
  const group = groupNamed(key);
  if (!group) throw new KnownError('not_found', 'no such group', 'These settings are not there any more.');
  const editor = EDITORS[key];
  if (editor) return editor(deps, asked, place);
  if (group.form) return openForm(deps, asked, key, place);
  const command = group.command && deps.command(`/rescue ${group.command}`);
  if (!command)
    throw new KnownError('not_found', 'no editor', 'These settings are changed by `/rescue settings import`.');
  if (command.permission !== 'anybody') demand(asked.staff, command.permission);
  const answer = await command.run(asked, '');
  if (answer) await asked.whisper(answer);
}

/** Everything that can be set, seen and changed in chat: the overview, forms, steps, texts, history, files, approvals. */
export function settingsFeature(deps: SettingsDeps): Feature {
  const parts = [
    historyFeature(deps),
    filesFeature(deps),
    approvalsFeature(deps),
    cadenceFeature(deps),
    textsFeature(deps),
    trialsFeature(deps),
  ];
  const redraw = (asked: Asked, playbook: string | undefined) =>
    playbook === undefined ? deps.checklist(asked) : textsView(deps, asked, playbook);
  return {
    commands: [
      {
        name: '/rescue settings',
        summary: 'Everything that can be set, and how it stands.',
        permission: 'settings.see',
        run: (asked) => settingsOverview(deps, asked),
      },
      {
        name: '/rescue branding',
        summary: 'The name, colour, sender and signature that customers see; a page shows them before they count.',
        permission: 'settings.change',
        async run(asked) {
          await openForm(deps, asked, 'branding', null);
          return undefined;
        },
      },
      ...parts.flatMap((part) => part.commands ?? []),
    ],
    actions: Object.assign(
      {
        [PREVIEW]: previewAction,
        [PREVIEW_LETTER]: previewAction,
        [PREVIEW_CARD]: previewAction,
        [OVERVIEW]: {
          permission: 'settings.see' as const,
          run: async (asked: Asked) => asked.whisper(await settingsOverview(deps, asked)),
        },
        [EDIT]: {
          permission: 'settings.change' as const,
          run: (asked: Asked, key: string, place: ActionPlace) => edit(deps, asked, key, place),
        },
      },
      ...parts.map((part) => part.actions),
    ),
    modals: Object.assign(
      { [FORM]: formModal(deps), [CONFIRM]: confirmModal(deps, redraw) },
      ...parts.map((part) => part.modals),
    ),
  };
}
