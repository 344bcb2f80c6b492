import type { LeadSummary } from '../leads/index.ts';
import { isKnown } from '../lib/errors.ts';
import {
  type Account,
  contactNumber,
  type Playbook,
  type Settings,
  type Staff,
  type Tenant,
} from '../tenants/index.ts';
import { compileTemplate } from './render.ts';

/** An answer that staff may pick: its title for them, and the words as the customer would read them. */
export interface PickedAnswer {
  key: string;
  title: string;
  words: string;
}

const firstWord = (name: string) => /\S+/.exec(name)?.[0] ?? name;

/** The playbook's answers filled for one lead and the one who replies; those that lack a value are left out. Pure. */
export function fillCanned(
  lead: Pick<LeadSummary, 'name' | 'fields'> & { language: string },
  staff: Pick<Staff, 'name'>,
  context: {
    playbook: Playbook;
    tenant: Tenant;
    settings: Pick<Settings, 'contact'>;
    accounts: Partial<Record<'whatsapp' | 'sms' | 'email', Account>>;
  },
): PickedAnswer[] {
  const { playbook, tenant, settings, accounts } = context;
  const values = {
    ...lead.fields,
    name: firstWord(lead.name),
    salesperson: firstWord(staff.name),
    business: tenant.name,
    phone: settings.contact ?? contactNumber(accounts) ?? tenant.name,
  };
  return playbook.canned(lead.language, tenant.language).flatMap(({ key, title, text }) => {
    try {
      return [{ key, title, words: compileTemplate(text).render(values) }];
    } catch (error) {
      if (isKnown(error) && error.code === 'validation_error') return [];
      throw error;
    }
  });
}
