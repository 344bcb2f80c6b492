import type { Tx } from '../db/index.ts';
import type { Account, Settings, Template, Tenant } from '../tenants/index.ts';
import { type Composed, compose } from './compose.ts';

/** Whom a text is shown for: the tenant's newest lead of a playbook. */
export interface PreviewLead {
  name: string;
  fields: Record<string, string>;
  salesperson: string | null;
}

/** The newest lead of a playbook; undefined while there is none. */
export async function newestLead(tx: Tx, playbook: string): Promise<PreviewLead | undefined> {
  const [lead] = await tx.query<PreviewLead>(
    // leads_tenant_id_id_key, backwards
    `select p.name, l.fields, s.name as salesperson from leads l join persons p on p.id = l.person_id
       left join staff s on s.id = l.owner_id
     where l.tenant_id = $1 and l.playbook = $2 order by l.id desc limit 1`,
    [tx.tenantId, playbook],
  );
  return lead;
}

/** What a text is written with for people to see. */
interface About {
  tenant: Tenant;
  settings: Settings;
  accounts: Partial<Record<Account['channel'], Account>>;
}

/**
 * A text as a customer would read it, with a real lead's variables; what the lead does not say, an appointment say, and
 * links of theirs, which only they may open, stand there as in the playbook's samples.
 */
export const previewText = (template: Template, lead: PreviewLead | undefined, about: About): string =>
  previewOf(template, lead, about, false).body;

/** The same, with the variables of a WhatsApp template where it is to leave as one. */
export function previewOf(
  template: Template,
  lead: PreviewLead | undefined,
  about: About,
  asWhatsAppTemplate: boolean,
): Composed {
  const { samples } = template;
  const speaking = {
    name: lead?.name ?? samples.name ?? '',
    fields: { ...samples, ...lead?.fields },
    salesperson: lead?.salesperson ?? samples.salesperson ?? null,
  };
  const links = {
    optOutLink: () => samples.opt_out_link ?? '',
    termsLink: () => samples.terms_link ?? '',
    calculatorLink: (url: string) => url,
    bookingLink: () => samples.booking_link ?? '',
  };
  return compose(template, speaking, { ...about, ...links }, asWhatsAppTemplate);
}
