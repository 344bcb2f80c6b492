import { newId } from '../lib/ids.ts';
import {
  brandOf,
  type Playbooks,
  type Route,
  type Settings,
  type Template,
  type Tenant,
  templateKey,
  tenantPlaybooks,
} from '../tenants/index.ts';
import { letterPage } from './mail/page.ts';
import type { OutgoingMessage } from './port.ts';
import { previewOf } from './preview.ts';

/** What a sender is tried with: a text of ours, one of the business's that WhatsApp has approved, or a letter. */
export type TriedWith = 'text' | 'template' | 'letter';

/** Whose sender is tried. */
export interface Trying {
  tenant: Tenant;
  settings: Settings;
  playbooks: Playbooks;
}

const WORKS = 'LeadRescue: this sender works.';
/** Seconds the gateway may keep trying: whoever tries looks at their phone now. */
const VALIDITY = 300;

/**
 * What is sent to somebody of the staff, to see whether a sender works. Nobody knows when they last wrote to a WhatsApp number, so
 * an approved text is taken where there is one, which WhatsApp delivers at any time. Pure, but for its id.
 */
export function tryingOut(
  { account, approved }: Route,
  to: string,
  trying: Trying,
  statusUrl: string,
): { message: OutgoingMessage; by: TriedWith } {
  const { tenant, settings } = trying;
  const messageId = newId();
  const plain = {
    channel: account.channel,
    to,
    from: account.sender,
    body: WORKS,
    statusCallback: `${statusUrl}?message=${messageId}&attempt=1`,
    validitySeconds: VALIDITY,
  };
  if (account.channel === 'email') {
    const { business, accent, senderName: fromName } = brandOf(tenant, settings);
    const html = letterPage({ subject: WORKS, language: 'en', business, accent, words: WORKS });
    const mail = { subject: WORKS, html, fromName, messageId, attempt: 1, references: [] };
    return { message: { ...plain, mail }, by: 'letter' };
  }
  const text = account.channel === 'whatsapp' && !account.freeText ? approvedText(approved, trying) : undefined;
  if (!text) return { message: plain, by: 'text' };
  const { body, variables } = previewOf(text.template, undefined, { tenant, settings, accounts: {} }, true);
  return { message: { ...plain, body, template: { contentId: text.contentId, variables } }, by: 'template' };
}

/** The first of the business's texts that this sender may send at any time; in its own language where there is one. */
function approvedText(
  approved: Route['approved'],
  { tenant, settings, playbooks }: Trying,
): { template: Template; contentId: string } | undefined {
  const texts = tenantPlaybooks(playbooks, settings).all.flatMap(({ templates }) =>
    templates.flatMap((template) => {
      const contentId = approved.get(templateKey(template));
      return contentId ? [{ template, contentId }] : [];
    }),
  );
  return texts.find(({ template }) => template.language === tenant.language) ?? texts[0];
}
