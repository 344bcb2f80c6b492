import { spokenDay, spokenTime } from '../lib/spoken-time.ts';
import type { Account, Playbook, Settings, Template, Tenant } from '../tenants/index.ts';
import {
  contactNumber,
  OPTIONAL_LINK,
  toWhatsAppBody,
  whatsAppVariables,
  withoutOptionalLink,
} from '../tenants/index.ts';
import type { DueMessage } from './due.ts';
import { type CompiledTemplate, compileTemplate } from './render.ts';

/** Everything a template may speak of. Links are made only for templates that show them. */
export interface ComposeContext {
  tenant: Tenant;
  settings: Settings;
  accounts: Partial<Record<'whatsapp' | 'sms' | 'email', Account>>;
  /** `https://…/o/<token>` of this person. */
  optOutLink(): string;
  /** The page that says what was agreed to, used while the tenant has none of its own. */
  termsLink(): string;
  /** The way to the business's own calculator, whose address is given. */
  calculatorLink(url: string): string;
  /** `https://…/b/<token>` of an appointment. */
  bookingLink(bookingId: string): string;
}

export interface Composed {
  body: string;
  /** Filled when the message leaves as an approved WhatsApp template. */
  variables: Record<string, string>;
}

interface Compiled {
  text: CompiledTemplate;
  /** Without the line of the link that not every business has. */
  bare: CompiledTemplate;
  order: readonly string[];
}

const compiled = new WeakMap<Template, Compiled>();

function compile(template: Template): Compiled {
  let known = compiled.get(template);
  if (!known) {
    const { body } = template;
    const text = compileTemplate(body);
    const less = withoutOptionalLink(body);
    known = { text, bare: less === body ? text : compileTemplate(less), order: toWhatsAppBody(template).order };
    compiled.set(template, known);
  }
  return known;
}

type Speaking = Pick<DueMessage, 'name' | 'fields' | 'salesperson' | 'booking'>;

const firstWord = (name: string) => /\S+/.exec(name)?.[0] ?? name;

/** What a template may say beside the lead's own fields; these names come first. */
const VARIABLES = new Map<string, (message: Speaking, context: ComposeContext, language: string) => string | undefined>(
  [
    ['name', (message) => firstWord(message.name)],
    [
      'salesperson',
      ({ salesperson, booking }, { tenant }) => firstWord(booking?.staffName ?? salesperson ?? '') || tenant.name,
    ],
    ['business', (_, { tenant }) => tenant.name],
    ['phone', (_, { tenant, settings, accounts }) => settings.contact ?? contactNumber(accounts) ?? tenant.name],
    ['terms_link', (_, { settings, termsLink }) => settings.termsUrl ?? termsLink()],
    [
      OPTIONAL_LINK,
      (_, { settings, calculatorLink }) =>
        settings.calculatorUrl === null ? undefined : calculatorLink(settings.calculatorUrl),
    ],
    ['opt_out_link', (_, { optOutLink }) => optOutLink()],
    ['day', ({ booking }, { tenant }, language) => spokenAt(spokenDay, booking, tenant, language)],
    ['time', ({ booking }, { tenant }, language) => spokenAt(spokenTime, booking, tenant, language)],
    ['booking_link', ({ booking }, { bookingLink }) => (booking ? bookingLink(booking.id) : undefined)],
  ],
);

/** The appointment's day or time of day in the words of a template's language. */
function spokenAt(
  spoken: typeof spokenDay,
  booking: Speaking['booking'],
  { country }: Tenant,
  language: string,
): string | undefined {
  return booking ? spoken(new Date(booking.startsAt), booking.zone, { language, country }) : undefined;
}

/** The values of the variables that a template has; what the lead does not say is left out. */
function valuesOf(
  variables: readonly string[],
  message: Speaking,
  context: ComposeContext,
  language: string,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const variable of variables) {
    const value = VARIABLES.get(variable)?.(message, context, language) ?? message.fields?.[variable];
    if (value !== undefined) values[variable] = value;
  }
  return values;
}

/** Writes a message. Throws a `KnownError` that names the variables without a value. */
export function compose(
  template: Template,
  message: Speaking,
  context: ComposeContext,
  asWhatsAppTemplate: boolean,
): Composed {
  const { order, ...forms } = compile(template);
  const text = context.settings.calculatorUrl === null ? forms.bare : forms.text;
  const values = valuesOf(text.variables, message, context, template.language);
  return { body: text.render(values), variables: asWhatsAppTemplate ? whatsAppVariables(order, values) : {} };
}

/** What an e-mail with a template's words is called; the business's name where nothing else is known. */
export function subjectOf(template: Template | undefined, message: Speaking, context: ComposeContext): string {
  if (!template?.subject) return context.tenant.name;
  const text = compileTemplate(template.subject);
  return text.render(valuesOf(text.variables, message, context, template.language));
}

/** The template of a due message in the customer's language; undefined for what a person wrote. */
export function templateOf(message: DueMessage, playbook: Playbook, tenant: Tenant): Template | undefined {
  if (message.templateKey === null) return undefined;
  return playbook.template(message.templateKey, message.language ?? message.personLanguage, tenant.language);
}
