import { page } from './frame.ts';
import { html, type Markup } from './html.ts';
import { type Sender, sender } from './parts.ts';

interface PrivateView extends Sender {
  accent: string;
  /** The customer's full name. */
  customer: string;
  nonce: string;
}

const STYLES = `
.photo{max-width:100%;max-height:80vh;border-radius:.75rem;object-fit:contain}
.quiet a{color:inherit}
`;

/** Asks before something is shown that can be seen once; programs that follow links press no buttons. */
export function askPage(view: PrivateView & { kind: 'licence' | 'export'; action: string }): string {
  const what =
    view.kind === 'licence' ? `The licence photo of ${view.customer}` : `Everything held of ${view.customer}`;
  const body = html`<h1>${what}</h1>
<p>It is shown once. That you have seen it is noted in the log of ${view.business}, which nobody can change.</p>
<form method="post" action="${view.action}"><button class="primary">Show it</button></form>`;
  return framed(view, what, body);
}

/** The photo itself, inside the page: it has no address of its own. */
export function licencePage(view: PrivateView & { bytes: Buffer; mime: string }): string {
  const source = `data:${view.mime};base64,${view.bytes.toString('base64')}`;
  const title = `Licence of ${view.customer}`;
  const heic = view.mime === 'image/heic';
  const body = html`<h1>${title}</h1>
<img class="photo" src="${source}" alt="${title}">
${heic && html`<p class="quiet">This photo is a HEIC, which Safari shows and other browsers do not. <a href="${source}" download="licence.heic">Save it</a> to open it elsewhere, and delete it afterwards.</p>`}
<p class="quiet">This page cannot be opened again. Please do not keep a picture of it.</p>`;
  return framed(view, title, body);
}

function framed(view: PrivateView, title: string, body: Markup): string {
  const { business, accent, nonce } = view;
  return page({
    title: `${title} · ${business}`,
    lang: 'en',
    accent,
    nonce,
    styles: STYLES,
    body: html`${sender(view)}<main class="one">${body}</main>`,
  });
}
