import { picked, typed, whole } from './entered.ts';
import { channelWords } from './entries.ts';
import type { About, FormField } from './field.ts';

/** `WhatsApp`, `E-mail`, where a name stands alone. */
const channelName = (channel: string): string => {
  const words = channelWords(channel);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
};

const AS_IT_CAME = { text: 'As the playbook says', value: 'playbook' };
const NEW_LEADS = [
  { text: 'Wait until somebody takes them', value: 'nobody' },
  { text: 'Go to the salespeople in turn', value: 'in_turn' },
] as const;

/** Which channel comes first, whose an enquiry is that nobody logged, and how many of a form are answered by themselves. */
export const routing = ({ playbooks }: About): FormField[] => [
  ...playbooks.all.map(({ key, name, source }): FormField => {
    const { channels } = source.file.cadence;
    return {
      name: `first_${key}`,
      label: `${name}: channel that is tried first`,
      kind: 'choice',
      options: [AS_IT_CAME, ...channels.map((channel) => ({ text: channelName(channel), value: channel }))],
      shows: ({ firstChannels }) => picked(firstChannels[key] ?? AS_IT_CAME.value),
      reads: ({ chosen: [wanted] }, { firstChannels }) => {
        const { [key]: _own, ...others } = firstChannels;
        const first = channels.find((channel) => channel === wanted);
        return { firstChannels: first ? { ...others, [key]: first } : others };
      },
    };
  }),
  {
    name: 'new_leads',
    label: 'Enquiries from forms and ads',
    hint: 'In turn: whoever is there and has waited longest for one. Who is away is left out.',
    kind: 'choice',
    options: NEW_LEADS,
    shows: ({ newLeads }) => picked(newLeads),
    reads: ({ chosen: [whose] }) => ({ newLeads: whose === 'in_turn' ? 'in_turn' : 'nobody' }),
  },
  {
    name: 'form_answers',
    label: 'Enquiries of one form in an hour that are answered by themselves',
    hint: 'Above it the leads are kept and the answers wait until somebody resumes them: a form is open to everybody.',
    kind: 'text',
    shows: ({ formAnswers }) => typed(String(formAnswers)),
    reads: (entered) => whole(entered, 1, 5000, (formAnswers) => ({ formAnswers })),
  },
];
