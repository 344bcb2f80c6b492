import type { Meaning } from './meanings.ts';
import type { CannedFile, FormFile, LanguageFile, PlaybookFile } from './schema.ts';

/**
 * What a line of business is, as data.
 *
 * Glossary: *playbook* fields, pipeline, cadence and words of one line of business; *template* one text in one
 * language; *cadence* the planned steps of a follow-up; *step* one planned message, known by a key that never changes;
 * *stage* where a lead stands; *move* a change of stage that is allowed; *notice* a text the product sends by itself.
 */

/** Where a stage ends the follow-up, the state it ends in. */
export type FollowUpEnd = 'replied' | 'converted' | 'closed';

export interface Stage {
  readonly key: string;
  readonly label: string;
  /** Keys of the stages a lead may move to from here. */
  readonly moves: readonly string[];
  readonly ends?: FollowUpEnd;
  /** What it means for the business; such stages have buttons of their own on a card. */
  readonly outcome?: 'won' | 'lost' | 'closed';
  /** What whoever moves a lead here is asked for. */
  readonly asks?: readonly ('value' | 'reason')[];
}

export interface Pipeline {
  /** Stage of a new lead. */
  readonly start: string;
  /** Stage aimed at when the first message has left, and when the customer writes; only taken when the move is allowed. */
  readonly onSent?: string;
  readonly onReply?: string;
  /** From here on, and where it is won, a lead counts as qualified. */
  readonly qualified?: string;
  readonly stages: readonly Stage[];
}

export type FieldType =
  | 'name'
  | 'phone'
  | 'email'
  | 'text'
  | 'long_text'
  | 'choice'
  | 'number'
  | 'money'
  | 'language'
  | 'photo'
  | 'consent';

/** One thing asked when a lead is logged; in the order of asking. Labels and hints are for staff. */
export interface Field {
  readonly key: string;
  readonly type: FieldType;
  readonly label: string;
  readonly hint?: string;
  readonly required: boolean;
  /** Longest value in characters; on the text types. */
  readonly max?: number;
  /** Days a photo is kept after the follow-up has ended; on photos. */
  readonly keepDays?: number;
  /** Label of each value; on choices. */
  readonly options?: Readonly<Record<string, string>>;
  /** Largest value; on numbers and money. */
  readonly most?: number;
  readonly means?: Meaning;
  /** Other names under which forms send it. */
  readonly aliases?: readonly string[];
}

/** What an answer has to be: one of these values, or an amount within bounds. */
export type Condition = readonly string[] | Amounts;

/** Bounds of an amount, themselves included; one of them is there. */
export interface Amounts {
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface CadenceStep {
  /** Stable: with the enrolment it is what makes a step unique, so it is never renamed or reused. */
  readonly key: string;
  /** Days after the enrolment, counted in the customer's zone: after the lead came, or after it entered the stage `after`. */
  readonly day: number;
  /** `HH:MM` local to the customer. Absent: day 0 leaves at once, later days at the cadence's `at`. */
  readonly at?: string;
  /** Template key. */
  readonly template: string;
  /** Tried first; the others of the cadence follow. Absent: the cadence's order. */
  readonly channel?: 'whatsapp' | 'sms' | 'email';
  /** Other templates for leads of some score bands, by band. */
  readonly byBand?: Readonly<Record<string, string>>;
  /** Planned only for leads of these score bands. */
  readonly bands?: readonly string[];
  /** Planned only for leads that have answered each of these fields as it asks; see `condition.ts`. */
  readonly when?: Readonly<Record<string, Condition>>;
  /** It answers the person's own enquiry, which is allowed without a consent. */
  readonly answers?: 'enquiry';
  /** Key of the stage whose entry it follows; it is cancelled when the lead leaves that stage. Absent: it follows the lead's arrival. */
  readonly after?: string;
  /** Other templates that are tried against `template`, with the share of people in percent who read each. */
  readonly variants?: Readonly<Record<string, number>>;
}

/** Every template that a step may leave in. */
export const textsOfStep = ({ template, byBand = {}, variants = {} }: CadenceStep): string[] => [
  ...new Set([template, ...Object.values(byBand), ...Object.keys(variants)]),
];

export interface Cadence {
  readonly key: string;
  /** Channels in the order they are tried. */
  readonly channels: readonly ('whatsapp' | 'sms' | 'email')[];
  /** `HH:MM` local to the customer, for later steps without their own. */
  readonly at: string;
  /** In order of day and time. */
  readonly steps: readonly CadenceStep[];
}

/** WhatsApp's own categories; MARKETING is not delivered to +1 numbers. */
export type TemplateCategory = 'UTILITY' | 'MARKETING';

export interface Template {
  readonly key: string;
  /** Language really used (`sv`), which may not be the one asked for. */
  readonly language: string;
  readonly category: TemplateCategory;
  /** Text with `{variable}` placeholders; NFC, lines parted by `\n`. */
  readonly body: string;
  /** What an e-mail with these words is called, with some of the same variables. Without one it has the business's name. */
  readonly subject?: string;
  /** Each variable once, in order of first appearance. */
  readonly variables: readonly string[];
  /** A made-up value for each variable, for WhatsApp's review and for previews. */
  readonly samples: Readonly<Record<string, string>>;
  /** 12 hex digits of a hash over key, language, category and body: the same words always have the same version. */
  readonly version: string;
}

/** What is agreed to, in one language. */
export interface ConsentText {
  readonly language: string;
  /** Declared version, language and content hash (`test-drive-1/sv/0f3c…`): kept as proof of what was agreed to. */
  readonly version: string;
  /** What the salesperson ticks; at most 75 characters. */
  readonly confirm: string;
  /** What the customer agreed to, kept as proof; holds `{business}`. */
  readonly statement: string;
}

/** An answer that staff may pick, then change and send themselves. */
export interface CannedAnswer {
  readonly key: string;
  /** For staff. */
  readonly title: string;
  /** For the customer, with `{variable}` placeholders. */
  readonly text: string;
}

/** The form that customers fill in themselves, in one language: labels, hints and options are theirs. */
export interface FormWords {
  readonly language: string;
  readonly title: string;
  readonly intro?: string;
  readonly send: string;
  readonly fields: readonly (Field & { readonly hint: string })[];
}

/** What a playbook was made of: checked files. A tenant's own settings are laid over them. */
export interface PlaybookSource {
  readonly file: PlaybookFile;
  readonly words: ReadonlyMap<string, LanguageFile>;
  readonly canned: ReadonlyMap<string, CannedFile>;
  readonly forms: ReadonlyMap<string, FormFile>;
}

/** How many points something gives. A factor's *weight* is the most it can give; a tenant may set another. */
export type Factor = { readonly label: string } & (
  | { readonly by: 'given'; readonly field: string; readonly points: number }
  | { readonly by: 'choice'; readonly field: string; readonly points: Readonly<Record<string, number>> }
  | {
      readonly by: 'amount';
      readonly field: string;
      /** The first tier whose `from` is reached counts; largest first. */
      readonly tiers: readonly { readonly from: number; readonly points: number }[];
    }
  | {
      readonly by: 'distance';
      /** The first tier that is not further away counts, in whole miles; nearest first. */
      readonly tiers: readonly { readonly upTo: number; readonly points: number }[];
    }
);

export interface Band {
  readonly key: string;
  readonly label: string;
  /** Lowest score of the band. */
  readonly from: number;
  /** Managers are told of such a lead at once. */
  readonly alert: boolean;
}

export interface ScoreCard {
  readonly factors: Readonly<Record<string, Factor>>;
  /** Highest first; the last one starts at 0. */
  readonly bands: readonly Band[];
  /** Managers are told at once of a lead worth more than this. */
  readonly highValue?: { readonly field: string; readonly over: number };
}

export interface Playbook {
  readonly key: string;
  readonly name: string;
  /** Speaks where no lead says which playbook it is; one does. */
  readonly standard: boolean;
  /** Languages all texts exist in; `en` is among them. */
  readonly languages: readonly string[];
  readonly consentRequired: boolean;
  readonly fields: readonly Field[];
  readonly pipeline: Pipeline;
  /** Absent: leads of this playbook are not scored. */
  readonly score?: ScoreCard;
  readonly cadence: Cadence;
  /** Every template in every language. */
  readonly templates: readonly Template[];
  /**
   * The template in the wanted language, else the tenant's, else `en`. Language tags may carry a region (`sv-SE`).
   * Throws `KnownError` (`misconfigured`) for a key the playbook does not have.
   */
  template(key: string, language: string, tenantLanguage?: string): Template;
  /** The consent text, with the same fallback. Throws `KnownError` (`misconfigured`) where the playbook has none. */
  consent(language: string, tenantLanguage?: string): ConsentText;
  /** How long and how photos are kept, in words, with the same fallback; absent where no photo is asked for. */
  photoNote(language: string, tenantLanguage?: string): string | undefined;
  /** Answers to pick from: texts in the customer's language, titles in the business's, with the same fallback; often none. */
  canned(language: string, tenantLanguage: string): readonly CannedAnswer[];
  /** The form that customers fill in, with the same fallback; absent where customers do not come by themselves. */
  form(language: string, tenantLanguage?: string): FormWords | undefined;
  /** The files, without any tenant's settings. */
  readonly source: PlaybookSource;
}

export interface Playbooks {
  /** In order of key. */
  readonly all: readonly Playbook[];
  /** Speaks where no lead says which playbook it is: to strangers, and in examples. */
  readonly standard: Playbook;
  /** Throws `KnownError` (`not_found`) naming the playbooks there are. */
  get(key: string): Playbook;
}
