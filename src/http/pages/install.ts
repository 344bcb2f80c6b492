import { PRODUCT_ACCENT } from './colour.ts';
import { page } from './frame.ts';
import { html } from './html.ts';
import { sender, TICK } from './parts.ts';

const STYLES = '.steps{margin:0;padding-inline-start:1.25rem;display:grid;gap:.5rem}a.primary{text-decoration:none}';

/** The page that begins an installation; `address` is Slack's page on which people agree. */
export function installPage(view: { address: string; nonce: string }): string {
  return page({
    title: 'Add LeadRescue to Slack',
    lang: 'en',
    accent: PRODUCT_ACCENT,
    nonce: view.nonce,
    styles: STYLES,
    body: html`${sender({ business: 'LeadRescue' })}<main class="one">
<h1>Follow up every lead, from Slack.</h1>
<ol class="steps"><li>Choose your workspace and allow LeadRescue.</li><li>Type <strong>/rescue setup</strong> in Slack.</li><li>Go live. Nothing is sent to a customer before that.</li></ol>
<a class="primary" href="${view.address}">Add to Slack</a>
<p class="note quiet">You become the admin of LeadRescue in this workspace. Taking the app out again stops everything automated.</p>
</main>`,
  });
}

/** The end of an installation. */
export function installedPage(view: { workspace: string; link: string; again: boolean; nonce: string }): string {
  return page({
    title: 'LeadRescue is in Slack',
    lang: 'en',
    accent: PRODUCT_ACCENT,
    nonce: view.nonce,
    styles: STYLES,
    body: html`${sender({ business: 'LeadRescue' })}<main class="one">${TICK}
<h1>LeadRescue is ${view.again ? 'back' : ''} in ${view.workspace}.</h1>
<p>Type <strong>/rescue setup</strong> in Slack: it shows what is left to do${view.again ? ', and what has waited meanwhile' : ''}.</p>
<a class="primary" href="${view.link}">Open Slack</a>
</main>`,
  });
}
