import type { Settings } from '../settings.ts';
import { picked } from './entered.ts';
import type { FormField } from './field.ts';

type Shown = 'cardChannel' | 'feedChannel' | 'digestChannel' | 'auditChannel';

const shown = (setting: Shown, label: string, hint: string): FormField => ({
  name: setting,
  label,
  hint,
  kind: 'channel',
  optional: true,
  shows: (settings) => picked(...(settings[setting] === null ? [] : [settings[setting]])),
  reads: ({ chosen: [channel = null] }): Partial<Settings> => ({ [setting]: channel }),
});

/** Where what happens is shown to the team. */
export const places = (): FormField[] => [
  shown('cardChannel', 'New lead cards', 'Left empty: direct messages to whoever owns the lead.'),
  shown('feedChannel', 'Activity feed', 'Left empty: direct messages to an admin.'),
  shown('digestChannel', 'Digests of the numbers', 'Left empty: direct messages to the managers.'),
  shown('auditChannel', 'Head of the audit log', 'Left empty: direct messages to an admin.'),
];
