import { PRODUCT_ACCENT } from './colour.ts';
import { page } from './frame.ts';
import { html } from './html.ts';

interface ErrorView {
  /** HTTP status, shown small for whoever is asked about it. */
  status: number;
  title: string;
  /** What the person can do now. */
  text: string;
  /** Language `title` and `text` are written in. */
  lang: string;
  accent?: string;
  nonce: string;
}

/** A page for a request that led nowhere. Says only what it is given: nothing of the request comes back. */
export function errorPage(view: ErrorView): string {
  return page({
    title: view.title,
    lang: view.lang,
    accent: view.accent ?? PRODUCT_ACCENT,
    nonce: view.nonce,
    body: html`<main class="one"><div><p class="quiet">${view.status}</p><h1>${view.title}</h1></div><p>${view.text}</p></main>`,
  });
}
