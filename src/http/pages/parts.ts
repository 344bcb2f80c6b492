import type { BrandLogo } from '../../tenants/index.ts';
import { html, type Markup, trusted } from './html.ts';

/** How a page shows whose it is. */
export interface Sender {
  business: string;
  logo?: BrandLogo | null;
}

/** Who is speaking, as people know it from their messages: the logo, or a round sign with the first letter and the name. */
export function sender({ business: name, logo }: Sender): Markup {
  if (logo) {
    const { path, width, height } = logo;
    return html`<header class="sender"><img class="logo" src="${path}" width="${width}" height="${height}" alt="${name}"></header>`;
  }
  const letter = [...name.trim()][0]?.toLocaleUpperCase() ?? '';
  return html`<header class="sender"><span class="sign" aria-hidden="true">${letter}</span><span>${name}</span></header>`;
}

export const TICK = trusted(
  '<svg class="tick" viewBox="0 0 52 52" fill="none" stroke="currentColor" aria-hidden="true">' +
    '<circle cx="26" cy="26" r="24.5" stroke-width="2" opacity=".35"/>' +
    '<path d="M15.5 27l7.2 7.2L37 19.5" pathLength="1" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/></svg>',
);

/** Puts values in the place of `{name}` in a text of ours; the values themselves are not read again. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
