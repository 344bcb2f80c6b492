import type { Request } from 'express';
import type { Form, FormWords, Settings, Tenant } from '../tenants/index.ts';
import { tenantPlaybook } from '../tenants/index.ts';
import type { HttpDeps } from './deps.ts';
import { type FormView, nativeName, pageLanguage } from './pages/index.ts';

/** A form as it is asked in one language. */
export interface Asking {
  form: Form;
  tenant: Tenant;
  settings: Settings;
  lang: string;
  words: FormWords;
  consent: FormView['consent'];
  /** Languages that the page can be read in. */
  languages: readonly string[];
}

/**
 * The form of a page, in the language that was chosen there, else the visitor's, else the business's; undefined where there is none
 * (any more), or its playbook is one that customers do not come to by themselves.
 */
export async function findAsking(
  { forms, tenants, playbooks }: Pick<HttpDeps, 'forms' | 'tenants' | 'playbooks'>,
  slug: string,
  req: Request,
  chosen = typeof req.query.lang === 'string' ? req.query.lang : '',
): Promise<Asking | undefined> {
  const form = await forms.bySlug(slug);
  const standard = form && playbooks.all.find(({ key }) => key === form.playbook);
  if (!form || !standard) return undefined;
  const [tenant, settings] = await Promise.all([tenants.byId(form.tenantId), tenants.settings(form.tenantId)]);
  const playbook = tenantPlaybook(standard, settings);
  // in a language that the page itself has no words for, half of it would be in another one
  const languages = playbook.languages.filter((each) => pageLanguage(each) === each);
  const preferred = req.acceptsLanguages([tenant.language, ...languages].filter((each) => languages.includes(each)));
  const wanted = languages.includes(chosen) ? chosen : preferred || tenant.language;
  const words = playbook.form(languages.includes(wanted) ? wanted : 'en', tenant.language);
  if (!words) return undefined;
  const lang = words.language;
  const asksConsent = playbook.fields.some(({ type }) => type === 'consent');
  const { statement, version } = asksConsent ? playbook.consent(lang, tenant.language) : { statement: '', version: '' };
  const consent = asksConsent
    ? { statement: statement.replaceAll('{business}', tenant.name), version, required: playbook.consentRequired }
    : null;
  return { form, tenant, settings, lang, words, consent, languages };
}

/** Links to the page in its other languages. */
export const languagesOf = ({ form, lang, languages }: Asking): FormView['others'] =>
  languages
    .filter((each) => each !== lang)
    .map((each) => ({ lang: each, name: nativeName(each), href: `/f/${form.slug}?lang=${each}` }));
