import { z } from 'zod';
import type { Capture } from '../../leads/index.ts';
import { KnownError } from '../../lib/errors.ts';
import { type Playbooks, type StaffBook, type Tenants, tenantPlaybook } from '../../tenants/index.ts';
import type { Asked, Feature } from '../feature.ts';
import { CHOOSE_KIND, driveModal, LOG_DRIVE } from './modal.ts';
import { readPrefill } from './prefill.ts';
import { submitDrive } from './submit.ts';

export interface DriveDeps {
  tenants: Tenants;
  playbooks: Playbooks;
  capture: Capture;
  staff: StaffBook;
}

/** The button beside `/drive`. */
export const OPEN_DRIVE = 'drive_open';

/** What `/drive` logs. */
const PLAYBOOK = 'test-drive';

/** Opens the form at once, filled with what was typed; the trigger is good for three seconds. */
export async function openDrive(
  deps: Pick<DriveDeps, 'tenants' | 'playbooks'>,
  asked: Asked,
  text: string,
): Promise<void> {
  const { tenant, locale, triggerId } = asked;
  if (!triggerId) throw new KnownError('unavailable', 'no trigger', 'Type /drive to log a test drive.');
  const settings = await deps.tenants.settings(tenant.id);
  const playbook = tenantPlaybook(deps.playbooks.get(PLAYBOOK), settings);
  const { licencePhoto: photo } = settings;
  const prefill = readPrefill(text, playbook, tenant.country);
  const view = driveModal({ playbook, tenant, locale, photo, prefill });
  await asked.slack.call('views.open', { trigger_id: triggerId, view }, z.object({}));
}

/** Opens the form of any line of business, the standard one first. */
export async function openLead(deps: Pick<DriveDeps, 'tenants' | 'playbooks'>, asked: Asked): Promise<void> {
  const { all, standard } = deps.playbooks;
  if (all.length === 1) return openDrive(deps, asked, '');
  const view = await leadForm(deps, asked, standard.key);
  await asked.slack.call('views.open', { trigger_id: asked.triggerId, view }, z.object({}));
}

async function leadForm({ tenants, playbooks }: Pick<DriveDeps, 'tenants' | 'playbooks'>, asked: Asked, key: string) {
  const { licencePhoto: photo } = await tenants.settings(asked.tenant.id);
  const { tenant, locale } = asked;
  return driveModal({ playbook: playbooks.get(key), tenant, locale, photo, prefill: {}, kinds: playbooks.all });
}

/** Logging a test drive: a command, a shortcut in Slack's menu, and the form. */
export function createDrive(deps: DriveDeps): Feature {
  return {
    commands: [
      {
        name: '/drive',
        summary: 'Log a test drive and start the follow-up.',
        usage: '[name] [mobile] [car]',
        permission: 'lead.log',
        async run(asked, text) {
          await openDrive(deps, asked, text);
          return undefined;
        },
      },
    ],
    shortcuts: { [LOG_DRIVE]: { permission: 'lead.log', run: (asked) => openDrive(deps, asked, '') } },
    // the browser opens the link; Slack tells us of the click all the same
    actions: {
      [OPEN_DRIVE]: { permission: 'lead.log', run: (asked) => openDrive(deps, asked, '') },
      licence_upload: { permission: 'lead.log', run: async () => {} },
      [CHOOSE_KIND]: {
        permission: 'lead.log',
        async run(asked, value, { viewId, viewHash }) {
          const view = await leadForm(deps, asked, value);
          const hash = viewHash === null ? {} : { hash: viewHash };
          await asked.slack.call('views.update', { view_id: viewId, ...hash, view }, z.object({}));
        },
      },
    },
    modals: {
      [LOG_DRIVE]: {
        permission: 'lead.log',
        submit: (asked, values, metadata, key) => submitDrive(deps, asked, values, metadata, key),
      },
    },
  };
}
