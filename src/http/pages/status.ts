import { PRODUCT_ACCENT } from './colour.ts';
import { page } from './frame.ts';
import { html, type Markup } from './html.ts';
import { sender } from './parts.ts';
import { STATUS_STYLES } from './status-looks.ts';

export interface StatusView {
  business: string;
  version: string;
  /** Business time, shown in `zone` (IANA name). */
  now: Date;
  zone: string;
  /** What this process does: `web`, `worker`. */
  roles: readonly string[];
  checks: readonly { name: string; ok: boolean; detail: string }[];
  /** Where things are; a value that is a URL or a path becomes a link. */
  addresses: readonly { label: string; value: string }[];
  /** Things to try, in order; words between backticks are set as something to type. */
  tips: readonly string[];
  counts: readonly { label: string; value: string | number }[];
  accent?: string;
  nonce: string;
}

/** What runs, where it is, and what to try first: the page at `/` of an installation on stand-ins. */
export function statusPage(view: StatusView): string {
  return page({
    title: `${view.business} · LeadRescue`,
    lang: 'en',
    accent: view.accent ?? PRODUCT_ACCENT,
    nonce: view.nonce,
    styles: STATUS_STYLES,
    body: html`<div class="sheet">
${sender(view)}
<main>
<div class="lead">
<h1>${headline(view.checks)}</h1>
<p class="quiet">${localTime(view.now, view.zone)} · LeadRescue ${view.version} · ${roleWords(view.roles)}</p>
</div>
${view.counts.length > 0 && html`<dl class="counts">${view.counts.map((count) => html`<div><dt>${count.label}</dt><dd>${figure(count.value)}</dd></div>`)}</dl>`}
<div class="columns">
<div class="stack">
${view.tips.length > 0 && html`<section class="tips"><h2>Try this</h2><ol>${view.tips.map((tip) => html`<li><div>${typed(tip)}</div></li>`)}</ol></section>`}
${view.addresses.length > 0 && html`<section><h2>Where</h2><dl class="places">${view.addresses.map((place) => html`<div><dt>${place.label}</dt><dd>${address(place.value)}</dd></div>`)}</dl></section>`}
</div>
<section><h2>What runs</h2><ul class="checks">${view.checks.map(checkLine)}</ul></section>
</div>
</main>
</div>`,
  });
}

function headline(checks: StatusView['checks']): string {
  const [first, ...others] = checks.filter((check) => !check.ok);
  if (first === undefined) return 'Everything is running.';
  return others.length === 0
    ? `${first.name} needs a look.`
    : `${others.length + 1} of ${checks.length} parts need a look.`;
}

function checkLine(check: StatusView['checks'][number]): Markup {
  return html`<li class="${check.ok ? 'ok' : 'bad'}"><span class="dot" aria-hidden="true"></span><div><strong>${check.name}</strong>${!check.ok && html` <em>needs a look</em>`}<span class="quiet">${check.detail}</span></div></li>`;
}

/** Links go only where a browser can be sent safely; a phone number or a command stays text. */
function address(value: string): Markup {
  return /^(https?:\/\/|\/(?!\/))/.test(value)
    ? html`<a href="${value}" rel="noreferrer">${value}</a>`
    : html`${value}`;
}

/** Every second stretch between backticks is something to type; a long one gets lines of its own, broken at spaces only. */
function typed(tip: string): Markup[] {
  return tip.split('`').map((part, i) => {
    if (i % 2 === 0) return html`${part}`;
    if (part.length <= 30) return html`<code>${part}</code>`;
    return html`<code class="long">${part.split(' ').map((word) => html`<span>${word}</span> `)}</code>`;
  });
}

function figure(value: string | number): string {
  return typeof value === 'number' ? value.toLocaleString('en-GB') : value;
}

function roleWords(roles: readonly string[]): string {
  return roles.length > 1 ? `${new Intl.ListFormat('en-GB').format(roles)} in one process` : roles.join('');
}

function localTime(now: Date, zone: string): Markup {
  const words = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: zone }).format(now);
  return html`<time datetime="${now.toISOString()}">${words}</time> (${zone})`;
}
