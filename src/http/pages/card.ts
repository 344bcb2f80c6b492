import type { BrandLogo } from '../../tenants/index.ts';
import { page } from './frame.ts';
import { html } from './html.ts';

const STYLES =
  '.card{display:grid;gap:.5rem;padding:1rem 1.25rem;border:1px solid color-mix(in srgb,currentColor 20%,transparent);border-radius:.75rem}' +
  '.card p{margin:0}.whose{display:flex;align-items:center;gap:.5rem;font-size:.8125rem}' +
  '.whose img{width:1.25rem;height:1.25rem;object-fit:contain;border-radius:.125rem;background:#fff}';

const OF_LOGO =
  'Your people see it on cards, alerts and requests. Slack shows it small and square: a sign is easier to know than a long name.';
const NO_LOGO =
  'Name and colour are for customers: in Slack the business keeps the name that your people know. A logo would head cards, alerts and requests here.';

interface CardHeadView {
  /** As people in Slack know it. */
  business: string;
  logo: BrandLogo | null;
  accent: string;
  nonce: string;
}

/** The head of a lead's card, drawn about as Slack draws it: its pictures beside text are squares of 20 pixels. */
export function cardHeadPage({ business, logo, accent, nonce }: CardHeadView): string {
  return page({
    title: `A card of ${business}`,
    lang: 'en',
    accent,
    nonce,
    styles: STYLES,
    body: html`<main class="one">
<h1>${logo ? 'Cards in Slack begin like this.' : 'Cards in Slack have no logo.'}</h1>
<div class="card">
${logo && html`<p class="whose"><img src="${logo.path}" alt=""><strong>${business}</strong></p>`}
<p><strong>Anna Karlsson</strong> · BMW X5</p>
<p class="quiet">Active · follow-up 1 of 3</p>
</div>
<p class="note quiet">${logo ? OF_LOGO : NO_LOGO}</p>
</main>`,
  });
}
