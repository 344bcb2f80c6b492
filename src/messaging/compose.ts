import type { Account, Playbook, Settings, Template, Tenant } from '../tenants/index.ts';
import { toWhatsAppBody, whatsAppVariables } from '../tenants/index.ts';
import type { DueMessage } from './due.ts';
import { type CompiledTemplate, compileTemplate } from './render.ts';

/** Everything a template may speak of. */
export interface ComposeContext {
  tenant: Tenant;
  settings: Settings;
  accounts: Partial<Record<'whatsapp' | 'sms' | 'email', Account>>;
  /** `https://…/o/<token>` of this person. */
  optOutLink: string;
  /** The page that says what was agreed to, used while the tenant has none of its own. */
  termsLink: string;
}

export interface Composed {
  body: string;
  /** Filled when the message leaves as an approved WhatsApp template. */
  variables: Record<string, string>;
}

const compiled = new WeakMap<Template, { text: CompiledTemplate; order: readonly string[] }>();

function compile(template: Template) {
  let known = compiled.get(template);
  if (!known) {
    known = { text: compileTemplate(template.body), order: toWhatsAppBody(template).order };
    compiled.set(template, known);
  }
  return known;
}

const firstWord = (name: string) => name.trim().split(/\s+/)[0] ?? name;

/** The values of all variables for one message. */
export function valuesFor(
  message: Pick<DueMessage, 'name' | 'fields' | 'salesperson'>,
  context: ComposeContext,
): Record<string, string> {
  const { tenant, settings, accounts } = context;
  return {
    ...message.fields,
    name: firstWord(message.name),
    salesperson: message.salesperson ? firstWord(message.salesperson) : tenant.name,
    business: tenant.name,
    phone: settings.contact ?? accounts.sms?.sender ?? accounts.whatsapp?.sender ?? tenant.name,
    terms_link: settings.termsUrl ?? context.termsLink,
    opt_out_link: context.optOutLink,
  };
}

/** Writes a message. Throws a `KnownError` that names the variables without a value. */
export function compose(template: Template, values: Record<string, string>, asWhatsAppTemplate: boolean): Composed {
  const { text, order } = compile(template);
  return { body: text.render(values), variables: asWhatsAppTemplate ? whatsAppVariables(order, values) : {} };
}

/** The template of a due message in the customer's language; undefined for what a person wrote. */
export function templateOf(message: DueMessage, playbook: Playbook, tenant: Tenant): Template | undefined {
  if (message.templateKey === null) return undefined;
  return playbook.template(message.templateKey, message.language ?? message.personLanguage, tenant.language);
}
