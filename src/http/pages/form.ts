import type { FormWords } from '../../tenants/index.ts';
import { PRODUCT_ACCENT } from './colour.ts';
import { FORM_SCRIPT, FORM_STYLES } from './form-looks.ts';
import { FORM_WORDS, type FormPageWords } from './form-words.ts';
import { page } from './frame.ts';
import { html, type Markup, trusted } from './html.ts';
import { pageLanguage } from './languages.ts';
import { fill, type Sender, sender, TICK } from './parts.ts';

/** Something about the sending as a whole, told above the form. */
export type FormNotice = 'again' | 'changed' | 'failed';

/** What is wrong with one field, as a text of `FORM_WORDS` with its values. */
export interface FormProblem {
  says: keyof FormPageWords;
  values?: Record<string, string | number>;
}

export interface FormView extends Sender {
  accent: string;
  lang: string;
  words: FormWords;
  /** The playbook's own way of asking for an agreement, in the language of the page; null where it asks for none. */
  consent: { statement: string; version: string; required: boolean } | null;
  /** Where the form posts to. */
  action: string;
  /** Says when the page was made, so that it is sent once, and by people. */
  token: string;
  /** What was typed, by field. */
  values: Readonly<Record<string, string>>;
  problems: ReadonlyMap<string, FormProblem>;
  notice?: FormNotice | undefined;
  /** The page in other languages. */
  others: readonly { lang: string; name: string; href: string }[];
  termsUrl: string | null;
  nonce: string;
}

/** Machines fill it in, people do not see it. */
export const HONEYPOT = 'homepage';

type Asked = FormWords['fields'][number];

/** A form that customers fill in: one column, errors told on top and at their fields, no JavaScript needed. */
export function formPage(view: FormView): string {
  const lang = pageLanguage(view.lang);
  const words = FORM_WORDS[lang];
  const wrong = view.problems.size > 0 || view.notice !== undefined;
  return page({
    title: `${wrong ? `${words.error}: ` : ''}${view.words.title} · ${view.business}`,
    lang,
    accent: view.accent,
    nonce: view.nonce,
    styles: FORM_STYLES,
    script: FORM_SCRIPT,
    body: html`${sender(view)}<main class="one enquiry">
<header><h1>${view.words.title}</h1>${view.words.intro !== undefined && html`<p class="quiet">${view.words.intro}</p>`}</header>
${summary(view, words)}
<form method="post" action="${view.action}" novalidate data-sending="${words.sending}">
<input type="hidden" name="token" value="${view.token}"><input type="hidden" name="lang" value="${lang}">
${rows(view.words.fields).map((row) =>
  row.length > 1
    ? html`<div class="pair">${row.map((each) => asked(each, view, words))}</div>`
    : row.map((each) => asked(each, view, words)),
)}
<div class="extra" aria-hidden="true"><label for="f-${HONEYPOT}">${words.honeypot}</label><input id="f-${HONEYPOT}" name="${HONEYPOT}" tabindex="-1" autocomplete="off"></div>
${view.consent && agreement(view.consent, view, words)}
<button class="primary">${view.words.send}</button>
</form>
<footer class="foot quiet"><p>${fill(words.privacy, { business: view.business })}</p>
${view.termsUrl !== null && html`<p><a href="${view.termsUrl}" rel="noreferrer">${fill(words.terms, { business: view.business })}</a></p>`}
${view.others.length > 0 && html`<nav aria-label="${words.languages}">${view.others.map(({ lang: other, name, href }) => html`<a lang="${other}" hreflang="${other}" href="${href}">${name}</a>`)}</nav>`}</footer></main>`,
  });
}

/** Short answers stand side by side where there is room. */
function rows(fields: readonly Asked[]): Asked[][] {
  const rows: Asked[][] = [];
  for (const field of fields) {
    const last = rows.at(-1);
    if (last?.length === 1 && last[0] && isShort(last[0]) && isShort(field)) last.push(field);
    else rows.push([field]);
  }
  return rows;
}

const isShort = ({ type, means }: Asked) =>
  type === 'number' || type === 'money' || means === 'postal_code' || means === 'city';

function summary({ problems, notice, words: form }: FormView, words: FormPageWords): Markup {
  if (problems.size === 0 && notice === undefined) return html``;
  const links = [...problems].map(([key, problem]) => {
    const label = form.fields.find((field) => field.key === key)?.label ?? words.consent;
    return html`<li><a href="#f-${key}">${label} – ${say(problem, words)}</a></li>`;
  });
  return html`<div class="summary" role="alert" tabindex="-1" autofocus><h2>${words.summary}</h2>
${notice !== undefined && html`<p>${words[notice]}</p>`}${links.length > 0 && html`<ul>${links}</ul>`}</div>`;
}

const say = ({ says, values }: FormProblem, words: FormPageWords) => fill(words[says], values ?? {});

/** One field with its label, its hint and what is wrong with it, which a screen reader reads together. */
function asked(field: Asked, { values, problems, words: form }: FormView, words: FormPageWords): Markup {
  const { key, label, type, required } = field;
  const problem = problems.get(key);
  const reach = type === 'phone' || type === 'email';
  // a phone number or a mailbox is enough: said once, at the first of the two
  const either =
    reach && !required && form.fields.find((each) => each.type === 'phone' || each.type === 'email') === field;
  const hint = [either && words.either, field.hint].filter((each): each is string => Boolean(each)).join(' ');
  const id = `f-${key}`;
  const described = [hint !== '' && `${id}-hint`, problem && `${id}-wrong`].filter(Boolean).join(' ');
  const more = trusted(
    `id="${id}" name="${key}"${required ? ' required' : ''}${problem ? ' aria-invalid="true"' : ''}${described ? ` aria-describedby="${described}"` : ''}`,
  );
  const optional = !required && !reach;
  return html`<div class="field${problem && ' bad'}"><label for="${id}">${label}${optional && html` <span class="quiet">(${words.optional})</span>`}</label>
${hint !== '' && html`<p class="hint quiet" id="${id}-hint">${hint}</p>`}
${problem && html`<p class="wrong" id="${id}-wrong">${say(problem, words)}</p>`}
${control(field, more, values[key] ?? '', words)}</div>`;
}

/** Which keyboard a phone shows, and what a browser may fill in (WCAG 1.3.5). */
const KINDS: Partial<Record<Asked['type'], string>> = {
  name: 'autocomplete="name"',
  phone: 'type="tel" autocomplete="tel"',
  email: 'type="email" autocomplete="email" autocapitalize="none" spellcheck="false"',
  number: 'inputmode="numeric" class="short"',
  money: 'inputmode="decimal" class="short"',
};
const MEANT: Partial<Record<NonNullable<Asked['means']>, string>> = {
  company: 'autocomplete="organization"',
  position: 'autocomplete="organization-title"',
  postal_code: 'autocomplete="postal-code" class="short"',
  city: 'autocomplete="address-level2"',
  state: 'autocomplete="address-level1"',
  country: 'autocomplete="country-name"',
};

function control(field: Asked, more: Markup, value: string, words: FormPageWords): Markup {
  if (field.type === 'long_text') return html`<textarea ${more} rows="4">${value}</textarea>`;
  if (field.type === 'choice') {
    const options = Object.entries(field.options ?? {});
    return html`<select ${more}><option value="">${words.choose}</option>${options.map(
      ([key, label]) => html`<option value="${key}"${key === value && trusted(' selected')}>${label}</option>`,
    )}</select>`;
  }
  const kind = trusted((field.means && MEANT[field.means]) ?? KINDS[field.type] ?? '');
  return html`<input ${more} ${kind} value="${value}">`;
}

function agreement(consent: NonNullable<FormView['consent']>, view: FormView, words: FormPageWords): Markup {
  const problem = view.problems.get('consent');
  const invalid = trusted(problem ? ' aria-invalid="true" aria-describedby="f-consent-wrong"' : '');
  const ticked = trusted(view.values.consent ? ' checked' : '');
  return html`<div class="consent${problem && ' bad'}" role="group" aria-labelledby="consent-ask">
<p class="ask" id="consent-ask">${words.consent}${!consent.required && html` <span class="quiet">(${words.optional})</span>`}</p>
${problem && html`<p class="wrong" id="f-consent-wrong">${say(problem, words)}</p>`}
<input type="checkbox" id="f-consent" name="consent" value="on"${invalid}${ticked}>
<label for="f-consent">${consent.statement}</label>
<input type="hidden" name="consent_version" value="${consent.version}"></div>`;
}

/** What is shown once it has arrived. */
export function formThanksPage(
  view: Sender & {
    accent: string;
    lang: string;
    /** The form again. */
    back: string;
    nonce: string;
  },
): string {
  const lang = pageLanguage(view.lang);
  const words = FORM_WORDS[lang];
  const done = fill(words.done, { business: view.business });
  return page({
    title: `${done} · ${view.business}`,
    lang,
    accent: view.accent,
    nonce: view.nonce,
    body: html`${sender(view)}<main class="one">${TICK}<h1>${done}</h1><p>${words.doneText}</p>
<p><a href="${view.back}">${words.another}</a></p></main>`,
  });
}

/** What is shown where no form is (any more). It names nobody. */
export function formClosedPage(lang: string, nonce: string): string {
  const language = pageLanguage(lang);
  const words = FORM_WORDS[language];
  const body = html`<main class="one"><h1>${words.closed}</h1><p>${words.closedText}</p></main>`;
  return page({ title: words.title, lang: language, accent: PRODUCT_ACCENT, nonce, body });
}
