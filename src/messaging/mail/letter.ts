import { isKnown } from '../../lib/errors.ts';
import { signedToken } from '../../lib/signed-links.ts';
import { addressOf, brandOf, type Playbook, signatureOf, type Template } from '../../tenants/index.ts';
import { type ComposeContext, subjectOf } from '../compose.ts';
import type { DueBooking, DueMessage } from '../due.ts';
import type { MailParts } from '../port.ts';
import { footerWords } from './footer.ts';
import { letterPage } from './page.ts';
import { threadOfLetters } from './thread.ts';

/** What letters need besides the words. */
export interface Composer {
  /** Key of the links. */
  linkKey: Buffer;
  publicUrl: string;
  /** An appointment as a calendar file; absent where nobody can make one. */
  calendar?(context: ComposeContext, booking: DueBooking, language: string): string;
}

/** Purposes of the links by which an e-mail tells that it was opened or followed; nothing depends on them. */
export const TRACKED = {
  open: 'mail-open',
  terms: 'mail-terms',
  calculator: 'mail-calculator',
  booking: 'mail-booking',
} as const;

/** The link of an e-mail that tells, where the tenant wants to know. */
export const trackedLink = ({ linkKey, publicUrl }: Composer, kind: keyof typeof TRACKED, messageId: string): string =>
  `${publicUrl}/t/${signedToken(linkKey, TRACKED[kind], messageId)}`;

/**
 * A message as an e-mail: the text, which comes first, and the same words as a page. All that we send by ourselves ends
 * with a way out; what a person wrote is theirs.
 */
export function letterOf(
  composer: Composer,
  message: DueMessage,
  written: string,
  attempt: number,
  around: { template: Template | undefined; playbook: Playbook; context: ComposeContext; key: Buffer },
): { body: string; mail: MailParts } {
  const { template, playbook, context, key } = around;
  const { tenant, settings } = context;
  const language = template?.language ?? message.personLanguage;
  // each line of a template is a paragraph: phones show it so, and a letter has room for it
  const said = template && !written.includes('\n\n') ? written.replaceAll('\n', '\n\n') : written;
  const brand = brandOf(tenant, settings);
  const signature = signatureOf(settings, language);
  const words = signature === null ? said : `${said}\n\n${signature}`;
  const thread = threadOfLetters(key, message.tenantId, message.letters ?? []);
  const subject = subjectFor();
  const footer = needsFooter(message)
    ? { ...footerWords(language, tenant.name), link: context.optOutLink(), address: addressOf(settings, language) }
    : undefined;
  const html = letterPage({
    subject,
    language,
    business: brand.business,
    accent: brand.accent,
    words,
    ...(brand.logo &&
      settings.branding.logoInMail && { logo: { ...brand.logo, url: `${composer.publicUrl}${brand.logo.path}` } }),
    ...(footer && { footer }),
    ...(settings.mailTracking && message.purpose !== 'reply' && { pixel: trackedLink(composer, 'open', message.id) }),
  });
  const { booking } = message;
  const calendar = booking && composer.calendar?.(context, booking, language);
  return {
    body: footer ? `${words}\n\n-- \n${footer.why}\n${footer.stop}: ${footer.link}${lineOf(footer.address)}\n` : words,
    mail: {
      subject,
      html,
      fromName: brand.senderName,
      messageId: message.id,
      attempt,
      references: thread.references,
      ...(footer && { unsubscribe: footer.link }),
      ...(calendar && { calendar }),
    },
  };

  /** An answer keeps what the conversation is called; a step of a cadence says its own. */
  function subjectFor(): string {
    const answers = message.purpose === 'reply' || message.purpose === 'agent' || message.booking === null;
    if (answers && message.purpose !== 'cadence' && thread.subject) return `Re: ${thread.subject}`;
    if (template) return subjectOf(template, message, context);
    if (thread.lastTemplate === null) return tenant.name;
    try {
      const last = playbook.template(thread.lastTemplate, language, tenant.language);
      return `Re: ${subjectOf(last, message, context)}`;
    } catch (error) {
      // it spoke of an appointment, or its playbook has changed since
      if (isKnown(error)) return tenant.name;
      throw error;
    }
  }
}

const lineOf = (address: string | null) => (address === null ? '' : `\n${address}`);

/** The notices that answer a stop, a start or a call for help say all that is to be said. */
const needsFooter = ({ purpose, booking }: DueMessage) =>
  purpose === 'cadence' || purpose === 'agent' || (purpose === 'notice' && booking != null);
