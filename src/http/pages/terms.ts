import { page } from './frame.ts';
import { html, type Markup } from './html.ts';
import { nativeName, pageLanguage } from './languages.ts';
import { fill, type Sender, sender } from './parts.ts';
import { TERMS_WORDS } from './terms-words.ts';

/** What is asked of a customer in one language. */
export interface Agreement {
  lang: string;
  /** The words as they are kept as proof. */
  statement: string;
  /** Names the words: the same version is kept with each consent. Nothing for people, so it stands beside what they read. */
  version: string;
  /** How long photos are kept, where one is asked for. */
  photoNote?: string;
}

interface TermsView extends Sender {
  accent: string;
  /** The language shown first; the others can be unfolded. */
  lang: string;
  agreements: readonly Agreement[];
  /** What a customer may call. */
  contact: string | null;
  /** The business's own terms. */
  termsUrl: string | null;
  nonce: string;
}

const TERMS_STYLES = `
.terms{gap:2.5rem}
.terms section,.terms details>div{display:flex;flex-direction:column;gap:1rem}
.terms blockquote{margin:0;padding-inline-start:1.125rem;border-inline-start:3px solid var(--edge)}
.terms details{border-top:1px solid var(--line);padding-top:1rem}
.terms details+details{margin-top:1rem}
.terms summary{cursor:pointer;min-height:2.5rem;font-weight:600}
.terms details>div{padding-block:.5rem 1rem}
`;

/** What customers agreed to, who writes to them, and how they stop it: the page the first message points to. */
export function termsPage(view: TermsView): string {
  const lang = pageLanguage(view.lang);
  const words = TERMS_WORDS[lang];
  const named = { business: view.business };
  const first = view.agreements.filter((agreement) => agreement.lang === lang);
  const others = view.agreements.filter((agreement) => agreement.lang !== lang);
  return page({
    title: `${words.title} · ${view.business}`,
    lang,
    accent: view.accent,
    nonce: view.nonce,
    styles: TERMS_STYLES,
    body: html`${sender(view)}<main class="one terms">
<section><h1>${fill(words.heading, named)}</h1>${first.map(agreed)}</section>
<section><h2>${words.stop}</h2><p>${words.stopText}</p></section>
<section><h2>${words.who}</h2><p>${fill(words.whoText, named)}</p>
${view.contact !== null && html`<p>${fill(words.call, { contact: view.contact })}</p>`}
${view.termsUrl !== null && html`<p><a href="${view.termsUrl}" rel="noreferrer">${fill(words.own, named)}</a></p>`}</section>
${others.length > 0 && html`<section><h2>${words.languages}</h2><div>${others.map(folded)}</div></section>`}
</main>`,
  });
}

function agreed({ statement, photoNote, version }: Agreement): Markup {
  return html`<blockquote data-version="${version}">${statement}</blockquote>${photoNote !== undefined && html`<p>${photoNote}</p>`}`;
}

function folded(agreement: Agreement): Markup {
  const words = TERMS_WORDS[pageLanguage(agreement.lang)];
  return html`<details lang="${agreement.lang}"><summary>${nativeName(agreement.lang)}</summary><div>${agreed(agreement)}<p>${words.stopText}</p></div></details>`;
}
