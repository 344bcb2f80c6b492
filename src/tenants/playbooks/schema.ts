import { z } from 'zod';
import { fileWords as words } from './file-words.ts';
import { MEANINGS } from './meanings.ts';
import { noticeKeys } from './notice-keys.ts';

/** Keys become parts of database keys, WhatsApp template names and settings: lower case, never with spaces. */
const key = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and _, at most 40');
const dashed = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'lower-case letters, digits and -, at most 40');
const language = z.string().regex(/^[a-z]{2}$/, 'a two-letter language code');
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time as "HH:MM"');

const label = words(60);
const hint = words(120).exactOptional();
const required = z.boolean();
const max = z.int().min(1).max(3000);
const aliases = z.array(words(60)).exactOptional();
const means = z.literal(MEANINGS).exactOptional();
const common = { key, label, hint, required, aliases };

const field = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal(['name', 'text', 'long_text']), max, means }),
  z.strictObject({ ...common, type: z.literal(['phone', 'email', 'language', 'consent']) }),
  z.strictObject({ ...common, type: z.literal('choice'), options: z.record(key, label), means }),
  z.strictObject({ ...common, type: z.literal(['number', 'money']), most: z.int().min(1).max(1_000_000_000), means }),
  z.strictObject({ ...common, type: z.literal('photo'), keepDays: z.int().min(1).max(90) }),
]);

const stage = z.strictObject({
  label,
  moves: z.array(key).describe('The stages that a lead may move to from here.'),
  ends: z
    .literal(['replied', 'converted', 'closed'])
    .describe('Entering it ends the follow-up like this.')
    .exactOptional(),
  outcome: z.literal(['won', 'lost', 'closed']).describe('What it counts as in reports.').exactOptional(),
  asks: z
    .array(z.literal(['value', 'reason']))
    .describe('What whoever moves a lead here is asked.')
    .exactOptional(),
});

const amount = z.number().min(0).max(1_000_000_000).exactOptional();
const amounts = z
  .strictObject({ atLeast: amount, atMost: amount })
  .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, 'atLeast or atMost is needed')
  .refine(({ atLeast = 0, atMost = atLeast }) => atLeast <= atMost, 'atLeast is more than atMost')
  .meta({ minProperties: 1 })
  .readonly();

/** A step of a cadence, in a playbook's file or in a tenant's own settings. */
export const stepSchema = z.strictObject({
  key: key.describe('Never changes once used: it keeps the step from going out twice.'),
  day: z.int().min(0).max(365).describe('Days after the lead arrived, or after it entered the stage of `after`.'),
  at: time.describe("The customer's local time, instead of the cadence's.").exactOptional(),
  template: key,
  channel: z.literal(['whatsapp', 'sms', 'email']).describe('Tried first for this step.').exactOptional(),
  byBand: z.record(key, key).describe('Another template for some score bands.').exactOptional(),
  bands: z.array(key).min(1).readonly().describe('Planned for these score bands only.').exactOptional(),
  when: z
    .record(
      key,
      z.union(
        [z.array(key).min(1).readonly(), amounts],
        'values like [wedding, events], or an amount like { atLeast: 5000 }',
      ),
    )
    .describe(
      'Planned only for leads with one of these answers, or such an amount, by field; who has not answered does not get it.',
    )
    .exactOptional(),
  answers: z.literal('enquiry').describe('Answers the enquiry, so it needs no consent.').exactOptional(),
  after: key.describe('Planned when a lead enters this stage, not when it arrives.').exactOptional(),
  variants: z
    .record(key, z.int().min(1, 'a share is 1 to 99 percent').max(99, 'a share is 1 to 99 percent'))
    .describe('Other templates that are tried, each with its share of people in percent.')
    .exactOptional(),
});

export const playbookKeySchema = dashed;
export const templateKeySchema = key;
export const languageCodeSchema = language;
/** A template's body, as it is kept: trimmed, in composed letters. */
export const bodySchema = words(1600);

const points = z.int().min(0).max(100);
const factor = z.discriminatedUnion('by', [
  z.strictObject({ label, by: z.literal('given'), field: key, points }),
  z.strictObject({ label, by: z.literal('choice'), field: key, points: z.record(key, points) }),
  z.strictObject({
    label,
    by: z.literal('amount'),
    field: key,
    tiers: z.array(z.strictObject({ from: z.number().min(0), points })).min(1),
  }),
  z.strictObject({
    label,
    by: z.literal('distance'),
    tiers: z.array(z.strictObject({ upTo: z.int().min(1), points })).min(1),
  }),
]);

const score = z.strictObject({
  factors: z.record(key, factor),
  bands: z
    .array(z.strictObject({ key, label, from: z.int().min(0).max(100), alert: z.boolean().default(false) }))
    .min(1),
  highValue: z.strictObject({ field: key, over: z.number().min(0) }).exactOptional(),
});

const declaredTemplate = z.strictObject({ category: z.literal(['UTILITY', 'MARKETING']), variables: z.array(key) });

/** `<playbook>/playbook.yaml` */
export const playbookSchema = z.strictObject({
  key: dashed.describe('As the folder is called.'),
  name: words(60),
  languages: z.array(language).min(1).describe('Every text exists in each of these.'),
  consentRequired: z.boolean().describe('No consent, no lead.'),
  consentVersion: dashed.describe('Raised when the meaning of the consent changes.').exactOptional(),
  fields: z.array(field).min(1).describe('What is asked, in this order.'),
  standard: z.boolean().default(false).describe('Speaks where no lead says which playbook it is; one playbook does.'),
  pipeline: z.strictObject({
    start: key.describe('Where a lead begins.'),
    onSent: key.describe('Where it moves when something was sent.').exactOptional(),
    onReply: key.describe('Where it moves when the customer replies.').exactOptional(),
    qualified: key.describe('From here on a lead counts as qualified.').exactOptional(),
    stages: z.record(key, stage),
  }),
  score: score.exactOptional(),
  cadence: z.strictObject({
    key: dashed,
    channels: z
      .array(z.literal(['whatsapp', 'sms', 'email']))
      .min(1)
      .describe('Tried in this order.'),
    at: time.describe("When later days' steps leave, on the customer's clock."),
    steps: z.array(stepSchema).min(1),
  }),
  templates: z
    .record(key, declaredTemplate)
    .superRefine((templates, context) => {
      for (const notice of noticeKeys) {
        if (!Object.hasOwn(templates, notice)) {
          context.addIssue({ code: 'custom', path: [notice], message: 'the product sends this notice; declare it' });
        }
      }
    })
    .meta({ required: [...noticeKeys] })
    .describe("Each template's WhatsApp category and the variables that every language uses."),
});
export type PlaybookFile = z.output<typeof playbookSchema>;

/** `<playbook>/canned/<language>.yaml` */
export const cannedSchema = z.strictObject({
  answers: z
    .record(key, z.strictObject({ title: words(60), text: words(1000) }))
    // a select in a chat modal holds no more than 100 options, and nobody reads half as many
    .refine((answers) => Object.keys(answers).length <= 40, 'at most 40 answers')
    .meta({ maxProperties: 40 }),
});

export type CannedFile = z.output<typeof cannedSchema>;

/** `<playbook>/form/<language>.yaml` */
export const formSchema = z.strictObject({
  title: words(60),
  intro: words(200).exactOptional(),
  send: words(30),
  fields: z
    .record(key, z.strictObject({ label, hint, options: z.record(key, label).exactOptional() }))
    .describe("What customers are asked, by field, in their words; the order is the playbook's."),
});
export type FormFile = z.output<typeof formSchema>;

/** `<playbook>/templates/<language>.yaml` */
export const languageSchema = z.strictObject({
  optOut: z.strictObject({
    words: z.array(words(40)).min(1).describe('What a customer may answer to be left alone.'),
    meaning: z.array(words(60)).min(1).describe('How a sentence with one of the words says what it does.'),
  }),
  consent: z
    .strictObject({
      // A tick box in a chat modal holds no more than 75 characters (Slack's option text).
      confirm: words(75),
      statement: words(1000),
    })
    .exactOptional(),
  photoNote: words(200).exactOptional(),
  samples: z.record(key, words(255)).describe("An example of each variable, for WhatsApp's reviewers and rehearsals."),
  templates: z.record(key, bodySchema),
  subjects: z.record(key, words(100)).describe("What an e-mail with a template's words is called.").exactOptional(),
});
export type LanguageFile = z.output<typeof languageSchema>;
