import { amountOf, isCurrency } from '../../lib/amounts.ts';
import type { Settings } from '../settings.ts';
import { brandingForm } from './branding.ts';
import { business } from './business-form.ts';
import { isPageAddress, picked, typed, whole } from './entered.ts';
import { channelWords, languageName } from './entries.ts';
import type { About, FormField } from './field.ts';
import { keeping } from './keeping-form.ts';
import { places } from './places-form.ts';
import { routing } from './routing-form.ts';
import { scores } from './scores-form.ts';

const MODES = [
  { text: 'Off: it is silent', value: 'off' },
  { text: 'Suggest: it drafts, people send', value: 'suggest' },
  { text: 'Auto: it answers what your facts answer', value: 'auto' },
];
const AS_ALL = { text: 'As for all', value: 'all' };
const isMode = (value: string): value is Settings['agentMode'] => MODES.some((mode) => mode.value === value);

const DIGESTS = [
  { text: 'Never', value: 'off' },
  { text: 'Every day', value: 'daily' },
  { text: 'On Mondays', value: 'weekly' },
  { text: 'Every day, and on Mondays of the week', value: 'both' },
] as const;
const COSTS = ['whatsapp', 'sms', 'email'] as const;

const customers = (): FormField[] => [
  {
    name: 'terms',
    label: 'Page with your terms',
    kind: 'text',
    optional: true,
    hint: 'The first message links to it. Left empty, a page of ours says what was agreed to.',
    shows: ({ termsUrl }) => typed(termsUrl ?? ''),
    reads: ({ text }) => {
      if (text === '') return { termsUrl: null };
      return isPageAddress(text) ? { termsUrl: text } : 'Write the address in full, like https://example.com/terms.';
    },
  },
  {
    name: 'calculator',
    label: 'Page with your calculator',
    kind: 'text',
    optional: true,
    hint: 'On it customers work out what it brings them. Texts with {calculator_link} link to it; left empty, they leave that line out.',
    shows: ({ calculatorUrl }) => typed(calculatorUrl ?? ''),
    reads: ({ text }) => {
      if (text === '') return { calculatorUrl: null };
      return isPageAddress(text)
        ? { calculatorUrl: text }
        : 'Write the address in full, like https://example.com/calculator.';
    },
  },
  {
    name: 'contact',
    label: 'Number a customer may call',
    kind: 'text',
    optional: true,
    shows: ({ contact }) => typed(contact ?? ''),
    reads: ({ text }) => {
      if (text === '') return { contact: null };
      return /^\+?[\d\s()/.-]{5,60}$/.test(text) ? { contact: text } : 'Write a number, like +46 8 123 45 67.';
    },
  },
  {
    name: 'photo',
    label: 'Licence photo is added',
    kind: 'choice',
    options: [
      { text: 'in the form', value: 'modal' },
      { text: 'by a one-time link for the phone', value: 'link' },
    ],
    shows: ({ licencePhoto }) => picked(licencePhoto),
    reads: ({ chosen }) => ({ licencePhoto: chosen[0] === 'link' ? 'link' : 'modal' }),
  },
  {
    name: 'mail_tracking',
    label: 'E-mails tell when they are opened and our links followed',
    kind: 'choice',
    hint: 'It informs only: mail programs open pictures by themselves, and nothing depends on it.',
    options: [
      { text: 'Yes', value: 'on' },
      { text: 'No', value: 'off' },
    ],
    shows: ({ mailTracking }) => picked(mailTracking ? 'on' : 'off'),
    reads: ({ chosen }) => ({ mailTracking: chosen[0] === 'on' }),
  },
];

const agent = ({ playbooks }: About): FormField[] => [
  {
    name: 'mode',
    label: 'What the assistant may do',
    kind: 'choice',
    options: MODES,
    shows: ({ agentMode }) => picked(agentMode),
    reads: ({ chosen: [mode = ''] }) => (isMode(mode) ? { agentMode: mode } : 'Choose one.'),
  },
  ...playbooks.all.map(
    ({ key, name }): FormField => ({
      name: `mode_${key}`,
      label: `For ${name}`,
      kind: 'choice',
      options: [AS_ALL, ...MODES],
      shows: ({ agentModes }) => picked(agentModes[key] ?? AS_ALL.value),
      reads: ({ chosen: [mode = ''] }, { agentModes }) => {
        const { [key]: _own, ...others } = agentModes;
        return { agentModes: isMode(mode) ? { ...others, [key]: mode } : others };
      },
    }),
  ),
  {
    name: 'turns',
    label: 'Answers in a row before a person has to',
    kind: 'text',
    shows: ({ agentTurns }) => typed(String(agentTurns)),
    reads: (entered) => whole(entered, 1, 50, (agentTurns) => ({ agentTurns })),
  },
];

const languages = ({ playbooks }: About): FormField[] => {
  const codes = [...new Set(playbooks.all.flatMap((playbook) => playbook.source.file.languages))];
  return [
    {
      name: 'languages',
      label: 'Languages that customers are written to in',
      hint: 'Whoever speaks another one is written to in yours, else in English, which always stays.',
      kind: 'choices',
      options: codes.map((code) => ({ text: languageName(code), value: code })),
      shows: (settings) => picked(...(settings.languages ?? codes)),
      reads: ({ chosen }) => {
        if (chosen.length === 0) return 'Choose one at least.';
        return { languages: codes.every((code) => chosen.includes(code)) ? null : [...chosen] };
      },
    },
  ];
};

const minutes = (name: 'remind' | 'escalate', label: string): FormField => ({
  name,
  label,
  kind: 'text',
  shows: ({ sla }) => typed(String(sla[name])),
  reads: (entered, { sla }) => whole(entered, 1, 10_080, (value) => ({ sla: { ...sla, [name]: value } })),
});

const sla = (): FormField[] => [
  minutes('remind', 'Minutes until the one who owes an answer is reminded'),
  minutes('escalate', 'Minutes until the managers hear of it'),
];

const numbers = (): FormField[] => [
  {
    name: 'margin',
    label: 'What a deal brings',
    kind: 'text',
    optional: true,
    hint: 'Left empty, no returns are shown.',
    shows: ({ marginPerDeal }) => typed(marginPerDeal === null ? '' : String(marginPerDeal)),
    reads: ({ text }) => {
      if (text === '') return { marginPerDeal: null };
      const amount = amountOf(text);
      return amount === undefined || amount > 1e9 ? 'Write an amount, like 28000.' : { marginPerDeal: amount };
    },
  },
  {
    name: 'currency',
    label: 'Currency',
    kind: 'text',
    optional: true,
    shows: ({ currency }) => typed(currency ?? ''),
    reads: ({ text }) => {
      const code = text.toUpperCase();
      if (code === '') return { currency: null };
      return isCurrency(code) ? { currency: code } : 'Write its three letters, like SEK, EUR or USD.';
    },
  },
  ...COSTS.map(
    (channel): FormField => ({
      name: `cost_${channel}`,
      label: `Cost of a message by ${channelWords(channel)}`,
      kind: 'text',
      optional: true,
      shows: ({ messageCost }) => typed(String(messageCost[channel] ?? '')),
      reads: ({ text }, { messageCost }) => {
        const { [channel]: _old, ...others } = messageCost;
        if (text === '') return { messageCost: others };
        const amount = amountOf(text);
        if (amount === undefined || amount > 1000) return 'Write an amount, like 0.85.';
        return { messageCost: { ...others, [channel]: amount } };
      },
    }),
  ),
  {
    name: 'digest',
    label: 'Digests come',
    kind: 'choice',
    options: DIGESTS,
    shows: ({ digest }) => picked(digest),
    reads: ({ chosen: [when] }) => ({ digest: DIGESTS.find(({ value }) => value === when)?.value ?? 'off' }),
  },
];

const approval = ({ approvable }: About): FormField[] => [
  {
    name: 'approval',
    label: 'Changes that wait for a second person',
    hint: 'Another manager or admin has to approve. Taking one off this list waits for a second person as well.',
    kind: 'choices',
    optional: true,
    options: approvable.map(({ key, label }) => ({ text: label, value: key })),
    shows: (settings) => picked(...settings.approval),
    reads: ({ chosen }) => ({ approval: [...chosen] }),
  },
];

const branding = ({ playbooks }: About): FormField[] =>
  brandingForm([...new Set(playbooks.all.flatMap((playbook) => playbook.source.file.languages))]);

/** By group. */
export const FORMS: Readonly<Record<string, (about: About) => FormField[]>> = {
  business,
  customers,
  branding,
  agent,
  languages,
  routing,
  keeping,
  sla,
  numbers,
  places,
  scores,
  approval,
};
