import type { Playbook, Settings, Tenant } from '../tenants/index.ts';
import { type Places, placesInWords } from './places.ts';
import { REGISTER } from './register.ts';
import { keepDaysOf } from './retention.ts';

/** A service that gets something of customers. */
export interface Recipient {
  name: string;
  /** What it does with which data. */
  purpose: string;
}

export interface RecordFacts {
  tenant: Tenant;
  settings: Settings;
  playbooks: readonly Playbook[];
  recipients: readonly Recipient[];
  places: Places;
  /** `2026-11-23`. */
  day: string;
}

/** Gateways by the name their accounts carry. */
const GATEWAYS: Record<string, Recipient> = {
  twilio: { name: 'Twilio', purpose: 'carries WhatsApp messages and SMS: numbers, words, pictures and voice notes' },
};

/** What is said of the services that this business uses. Pure. */
export function recipientsOf(used: {
  /** Of the accounts that messages leave from. */
  vendors: readonly string[];
  /** Name of the language model, while the assistant uses one. */
  model: string | undefined;
  outside: boolean;
}): Recipient[] {
  const gateways = [...new Set(used.vendors)].map(
    (vendor) => GATEWAYS[vendor] ?? { name: vendor, purpose: 'carries messages: addresses, words and files' },
  );
  return [
    { name: 'Slack', purpose: 'shows staff their leads: names, numbers, enquiries, customers’ words and pictures' },
    ...gateways,
    ...(used.model
      ? [
          {
            name: `Language model ${used.model}`,
            purpose: 'proposes answers: what was said and what the enquiry is about',
          },
        ]
      : []),
    ...(used.outside
      ? [{ name: 'Object store (S3)', purpose: 'keeps licence photos, which it only ever sees encrypted' }]
      : []),
  ];
}

/** Records of processing activities (GDPR, article 30) as Markdown, from how the business is really set up. Pure. */
export function recordsOfProcessing(facts: RecordFacts): string {
  const { tenant, settings, playbooks, recipients, places, day } = facts;
  const { retention } = settings;
  const asked = [...new Set(playbooks.flatMap(({ fields }) => fields.map(({ label }) => label)))];
  const photos = playbooks.flatMap(({ name, fields }) =>
    fields.flatMap((field) =>
      field.type === 'photo' ? [`${name}: ${days(keepDaysOf(field))} after the follow-up ended`] : [],
    ),
  );
  const tables = (erasure: string) =>
    Object.entries(REGISTER).flatMap(([name, entry]) =>
      entry.erasure === erasure ? [`\`${name}\`: ${entry.about}`] : [],
    );
  return [
    `# Records of processing: ${tenant.name}`,
    `As LeadRescue is set up on ${day}. GDPR, article 30. What only you know is marked [ ].`,
    '## Who',
    list([
      `Controller: ${tenant.name}, ${tenant.country}${settings.contact ? `, ${settings.contact}` : ''}`,
      'Processor: whoever runs LeadRescue for you [ ]',
      'Representative, data protection officer [ ]',
    ]),
    '## Why, and on what basis',
    list(
      playbooks.map(
        ({ name, consentRequired }) =>
          `${name}: answering enquiries and following them up${consentRequired ? '; with consent, whose words and time are kept as proof' : ''}`,
      ),
    ),
    '## Whose data, and which',
    list([
      'People who enquire: name, phone number, mailbox, language, time zone, what they write, appointments',
      ...(asked.length > 0 ? [`Asked for: ${asked.join(', ')}`] : []),
      'Staff: name and id in Slack, role, what they did and when',
    ]),
    '## Who gets it',
    list(recipients.map(({ name, purpose }) => `${name}: ${purpose}`)),
    '## Where it lies',
    list(placesInWords(places)),
    '## How long it is kept',
    list([
      ...photos.map((each) => `Licence photos, ${each}; never longer than 90 days`),
      `Words of messages: ${months(retention.messages)} after the lead was last heard of`,
      `Customers’ pictures, voice notes and documents: ${months(retention.media)}`,
      `What the assistant noted: ${months(retention.notes)} after the customer last wrote; its drafts: ${months(retention.drafts)}`,
      `Raw messages as they were delivered: ${months(retention.webhooks)} at the longest`,
      'Names, numbers and leads: until somebody is erased',
      'The log (facts and ids), and keyed hashes of addresses that must not be written to: without end',
    ]),
    '## How it is protected',
    list([
      'Words, files and photos are encrypted (AES-256-GCM) with a key of this business, which is itself encrypted',
      'The database shows a process one business’s rows at a time',
      'Photos and exports are shown once, for ten minutes, by links of one person; each view is in the log',
      'The log is append-only and sealed, and can be checked from outside',
    ]),
    '## When somebody is erased',
    '`/rescue privacy erase`: one person asks, another one agrees. Every table of the product:',
    '### Deleted',
    list(tables('deleted')),
    '### Emptied',
    list(tables('emptied')),
    '### Kept',
    list(tables('kept')),
  ].join('\n\n');
}

const list = (lines: readonly string[]) => lines.map((line) => `- ${line}`).join('\n');
const months = (count: number) => (count === 1 ? '1 month' : `${count} months`);
const days = (count: number) => (count === 1 ? '1 day' : `${count} days`);
