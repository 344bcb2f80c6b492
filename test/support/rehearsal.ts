import path from 'node:path';
import { type Stage, sampleStage } from '../../src/messaging/rehearse/index.ts';
import { loadPlaybooks, type Playbook } from '../../src/tenants/index.ts';
import { settingsSchema } from '../../src/tenants/settings.ts';

export const CONVERSATIONS = path.resolve(import.meta.dirname, '../../conversations');

const testDrive = loadPlaybooks(CONVERSATIONS).get('test-drive');

/** The product's own playbook with another plan. */
export function withSteps(steps: Playbook['cadence']['steps']): Playbook {
  return { ...testDrive, cadence: { ...testDrive.cadence, steps } };
}

/** A made-up business in a zone; WhatsApp has approved its texts unless told otherwise. */
export function stageIn(
  zone: string,
  changes: Partial<Stage> & { language?: string; approved?: boolean; hours?: { start: string; end: string } } = {},
): Stage {
  const { language = 'en', approved = true, hours, ...rest } = changes;
  const settings = settingsSchema.parse(hours ? { sendHours: hours } : {});
  const playbook = rest.playbook ?? testDrive;
  return { ...sampleStage({ playbook, zone, language, settings, approved }), ...rest };
}
