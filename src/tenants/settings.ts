import { z } from 'zod';
import {
  bodySchema,
  languageCodeSchema,
  playbookKeySchema,
  stepSchema,
  templateKeySchema,
} from './playbooks/schema.ts';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'write the time as HH:MM');

const weekday = z.enum(['1', '2', '3', '4', '5', '6', '7']);
const OPEN = [{ from: '09:00', to: '18:00' }];

const months = z.int().min(1, 'keep it for a month at least').max(120, 'keep it for 120 months at most');

/** One thing the business says about itself: a topic to find it by, and the words, by language where it has several. */
const fact = z.strictObject({
  topic: z.string().min(1).max(60),
  words: z.record(z.string().regex(/^[a-z]{2}$/), z.string().min(1).max(600)),
});

/** How the business shows itself to customers; what is null is what it is known by. */
const branding = z.strictObject({
  name: z.string().trim().min(1).max(80).nullable().default(null),
  accent: z
    .string()
    .regex(/^#[0-9a-f]{6}$/, 'write the colour like #0f6b5c')
    .nullable()
    .default(null),
  /** Who e-mails come from. One line: it stands in a header. */
  senderName: z
    .string()
    .trim()
    .regex(/^[^\r\n<>"]{1,60}$/, 'write one line of 60 characters at most')
    .nullable()
    .default(null),
  /** Lines under e-mails, by language. */
  signature: z.record(languageCodeSchema, z.string().trim().min(1).max(400)).default({}),
  /** A picture that was kept (`logos`), with its size in pixels. */
  logo: z
    .strictObject({ id: z.uuid(), width: z.int().min(1).max(4000), height: z.int().min(1).max(4000) })
    .nullable()
    .default(null),
  /** It stands above e-mails as well; mail programs fetch it from us. */
  logoInMail: z.boolean().default(false),
});
export type Branding = z.infer<typeof branding>;
export type Logo = NonNullable<Branding['logo']>;

/**
 * What a business is known by. It stands in the tenant's own row, where everybody reads it; what was never changed is not
 * stored here.
 */
const business = z
  .strictObject({
    name: z.string().trim().min(1).max(80),
    country: z.string().regex(/^[A-Z]{2}$/, 'write the country as two letters, for example SE'),
    /** IANA. */
    zone: z.string().min(1).max(60),
    /** For customers whose own language is not known. */
    language: languageCodeSchema,
  })
  .partial();
export type Business = z.infer<typeof business>;

/** A sender in its channel's order. `given` counts how often its own access was given; null: the platform's, or a linked phone. */
const sender = z.strictObject({
  id: z.uuid(),
  vendor: z.string().min(1).max(40),
  sender: z.string().min(1).max(320),
  given: z.int().nullable(),
});
export type Sender = z.infer<typeof sender>;

/** A tenant's own settings, laid over the defaults. Each change is a new version. */
export const settingsSchema = z.strictObject({
  business: business.default({}),
  /**
   * Which senders are used, by channel, in the order in which they are tried. They stand in rows of their own (`senders.ts`),
   * which everybody else reads; here they are only while they are changed, and never stored.
   */
  senders: z.partialRecord(z.enum(['whatsapp', 'sms', 'email']), z.array(sender).max(50)).default({}),
  /** Local hours of the customer in which automated messages leave; the law may narrow them. */
  sendHours: z.strictObject({ start: time, end: time }).default({ start: '09:00', end: '20:00' }),
  /** Local time of the later steps that name none; null keeps the playbook's. */
  stepTime: time.nullable().default(null),
  /** How a licence photo reaches us: in the modal, or by a one-time link that a phone opens. */
  licencePhoto: z.enum(['modal', 'link']).default('modal'),
  /** Slack channel of the activity feed; null posts it to the admin. */
  feedChannel: z.string().nullable().default(null),
  /** Slack channel of new lead cards; null posts them to the owner. */
  cardChannel: z.string().nullable().default(null),
  /** Slack channel in which the head of the audit log is shown every day; null sends it to an admin. */
  auditChannel: z.string().nullable().default(null),
  /** The page the day-0 message points to. */
  termsUrl: z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  /** A page on which customers work out what it brings them; null leaves its line out of the texts that speak of it. */
  calculatorUrl: z
    .url({ protocol: /^https?$/ })
    .max(255)
    .nullable()
    .default(null),
  /** What a customer may call; shown in help texts. */
  contact: z.string().max(60).nullable().default(null),
  /** How much the agent may do: nothing, suggest answers to staff, or answer by itself inside its guardrails. */
  agentMode: z.enum(['off', 'suggest', 'auto']).default('off'),
  /** Other modes for some playbooks. */
  agentModes: z.record(z.string(), z.enum(['off', 'suggest', 'auto'])).default({}),
  /** Turns the agent may take before a person has to. */
  agentTurns: z.int().min(1).max(50).default(6),
  /** What the agent may say about the business, in the tenant's own words: prices, offers and promises only from here. */
  facts: z.array(fact).max(200).default([]),
  /** When somebody who owes an answer is reminded, and when the managers hear of it: minutes of business time. */
  sla: z
    .strictObject({ remind: z.int().min(1).max(10_080), escalate: z.int().min(1).max(10_080) })
    .default({ remind: 15, escalate: 60 }),
  /** When customers may come, by day of the week (1 is Monday), local time of the business; a day left out is closed. */
  opening: z
    .partialRecord(weekday, z.array(z.strictObject({ from: time, to: time })).max(3))
    .default({ 1: OPEN, 2: OPEN, 3: OPEN, 4: OPEN, 5: OPEN, 6: [{ from: '10:00', to: '15:00' }] }),
  /** Days on which the business is closed, `YYYY-MM-DD`. */
  closedDays: z.array(z.iso.date()).max(400).default([]),
  /** Public holidays of the business's country are closed days as well. */
  publicHolidays: z.boolean().default(true),
  /** Length of an appointment and pause after it, minutes. */
  appointment: z
    .strictObject({ minutes: z.int().min(10).max(480), pause: z.int().min(0).max(240) })
    .default({ minutes: 45, pause: 15 }),
  /** How much a factor counts in a lead's score, by playbook and factor: the most points it gives. Others as the playbook says. */
  scoring: z.record(z.string().max(40), z.record(z.string().max(40), z.int().min(0).max(100))).default({}),
  /** Where the business is based: distances to leads are measured from here. */
  base: z
    .strictObject({
      country: z.string().regex(/^[A-Z]{2}$/, 'write the country as two letters, for example SE'),
      postalCode: z.string().min(1).max(12).optional(),
      city: z.string().min(1).max(80).optional(),
    })
    .nullable()
    .default(null),
  /** How far from the base its customers may be, in miles; null: anywhere. Who is further away is said to be so on the card. */
  serviceMiles: z.int().min(1).max(13_000).nullable().default(null),
  /** What a deal brings, in `currency`; null until the tenant says so: then returns are shown. */
  marginPerDeal: z.number().min(0).max(1e9).nullable().default(null),
  /** ISO 4217; null writes amounts without a sign. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'write the currency as three letters, for example SEK')
    .nullable()
    .default(null),
  /** What one message costs, by channel, in `currency`; a channel left out costs nothing. */
  messageCost: z.partialRecord(z.enum(['whatsapp', 'sms', 'email']), z.number().min(0).max(1000)).default({}),
  /** Whether e-mails tell when they are opened and our links in them followed. Informational, and off unless wanted. */
  mailTracking: z.boolean().default(false),
  /** Which digests are posted at 08:00 local: every day, on Mondays, or both. */
  digest: z.enum(['off', 'daily', 'weekly', 'both']).default('weekly'),
  /** Where photos may be stored; null: in the EU for businesses of the EU and the EEA, anywhere for others. */
  residency: z.enum(['eu', 'any']).nullable().default(null),
  /**
   * Months after which words and files go, by class: what was said after a lead is over, customers' files, what the agent
   * noted, its drafts, raw webhooks. The law names no months (GDPR, article 5(1)(e): no longer than needed); two years is
   * the bound of the US Safeguards Rule for what is not used any more.
   */
  retention: z
    .strictObject({
      messages: months.default(24),
      media: months.default(6),
      notes: months.default(12),
      drafts: months.default(3),
      webhooks: months.max(12, 'keep raw webhooks for 12 months at most').default(1),
    })
    .prefault({}),
  /** Slack channel of the digests; null sends them to the managers. */
  digestChannel: z.string().nullable().default(null),
  /** Name, colour, sender and signature on pages and e-mails. */
  branding: branding.prefault({}),
  /** Where alerts of a kind go: a channel or a person of Slack, or nowhere; a kind left out goes to those it is meant for. */
  alertRoutes: z
    .record(
      z.string().max(40),
      z.discriminatedUnion('to', [
        z.strictObject({ to: z.literal('channel'), channel: z.string().min(1).max(40) }),
        z.strictObject({ to: z.literal('person'), person: z.string().min(1).max(40) }),
        z.strictObject({ to: z.literal('off') }),
      ]),
    )
    .default({}),
  /** The languages that customers are written to in, of those the playbooks have; null takes all. */
  languages: z.array(languageCodeSchema).min(1).max(20).nullable().default(null),
  /** By playbook: the channel that is tried first; the others follow in the playbook's order. */
  firstChannels: z.record(playbookKeySchema, z.enum(['whatsapp', 'sms', 'email'])).default({}),
  /**
   * Whose an enquiry is that nobody logged: nobody's until somebody takes it, or that of the salesperson who is there and
   * has waited longest for one.
   */
  newLeads: z.enum(['nobody', 'in_turn']).default('nobody'),
  /**
   * Enquiries of one public form within an hour that are answered by themselves; above it the answers wait for a person. Of
   * 5,000 e-mails that a mailbox may send in a day, a form that somebody floods takes less than half.
   */
  formAnswers: z.int().min(1).max(5000).default(100),
  /** By playbook: own steps in place of the default ones, in order of time. */
  cadences: z.record(playbookKeySchema, z.strictObject({ steps: z.array(stepSchema).min(1).max(20) })).default({}),
  /** Own words by playbook, template and language; a template that the playbook does not have is the tenant's own. */
  templates: z
    .record(playbookKeySchema, z.record(templateKeySchema, z.record(languageCodeSchema, bodySchema)))
    .default({}),
  /** Groups of settings whose changes wait for a second person. */
  approval: z.array(z.string().max(40)).max(30).default([]),
});

export type Settings = z.infer<typeof settingsSchema>;
export type Senders = Settings['senders'];

/**
 * Settings as they are stored, without what only a newer version knows: while an update rolls out, its processes store keys
 * that the older ones have never heard of, and no message may fail of that. What people enter is read strictly.
 */
export function storedSettings(values: unknown): Settings {
  const parsed = settingsSchema.safeParse(values ?? {});
  if (parsed.success) return parsed.data;
  const known = structuredClone(values);
  for (const issue of parsed.error.issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const holder = issue.path.reduce<unknown>((at, part) => (isObject(at) ? Reflect.get(at, part) : undefined), known);
    if (isObject(holder)) for (const key of issue.keys) Reflect.deleteProperty(holder, key);
  }
  return settingsSchema.parse(known);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Where a business is. */
export type Base = NonNullable<Settings['base']>;

/** How much the agent may do for leads of a playbook. Pure. */
export const agentModeOf = (settings: Pick<Settings, 'agentMode' | 'agentModes'>, playbook: string) =>
  settings.agentModes[playbook] ?? settings.agentMode;
