import type { Settings } from '../settings.ts';
import { picked, typed, whole } from './entered.ts';
import type { FormField } from './field.ts';

const KEPT = {
  messages: 'Words of messages, after a lead was last heard of',
  media: 'Pictures, voice notes and documents of customers',
  notes: 'What the assistant noted',
  drafts: 'Drafts of the assistant',
  webhooks: 'Messages as they were delivered, raw',
} as const satisfies Record<keyof Settings['retention'], string>;
const RESIDENCY = [
  { text: 'As the law of your country asks', value: 'country' },
  { text: 'In the EU only', value: 'eu' },
  { text: 'Anywhere', value: 'any' },
] as const;

/** How long words and files are kept, and where photos may be. */
export const keeping = (): FormField[] => [
  ...(Object.keys(KEPT) as (keyof typeof KEPT)[]).map(
    (what): FormField => ({
      name: `kept_${what}`,
      label: KEPT[what],
      hint: 'Months. What is older goes with the next daily run, for good.',
      kind: 'text',
      shows: ({ retention }) => typed(String(retention[what])),
      reads: (entered, { retention }) =>
        whole(entered, 1, what === 'webhooks' ? 12 : 120, (months) => ({
          retention: { ...retention, [what]: months },
        })),
    }),
  ),
  {
    name: 'residency',
    label: 'Photos may be stored',
    kind: 'choice',
    options: RESIDENCY,
    hint: 'Photos that are stored stay where they are.',
    shows: ({ residency }) => picked(residency ?? 'country'),
    reads: ({ chosen: [where] }) => ({ residency: where === 'eu' || where === 'any' ? where : null }),
  },
];
