import { palette } from '../../lib/colour.ts';
import { html, type Markup, type Piece, trusted } from '../../lib/html.ts';

/** A letter as it is shown: the words are those of the plain text, paragraph by paragraph. */
export interface LetterPage {
  subject: string;
  /** BCP 47 tag of the words. */
  language: string;
  business: string;
  /** The tenant's colour, `#rrggbb`. */
  accent: string;
  /** In place of the name, whose words it stands for; the address is a whole one. Absent where letters show none. */
  logo?: { url: string; width: number; height: number } | undefined;
  words: string;
  /** Under the words; absent where a person wrote. */
  footer?: { why: string; stop: string; link: string; address: string | null };
  /** Says that the letter was shown; absent where nobody counts. */
  pixel?: string;
}

const ADDRESS = /https?:\/\/[^\s<>]+[^\s<>.,:;!?)\]}'"]/g;
const FONT = 'system-ui,-apple-system,&quot;Segoe UI&quot;,Roboto,&quot;Helvetica Neue&quot;,Arial,sans-serif';

/**
 * The words as a page that mail programs show alike: one column, the business's name and colour above, system fonts, and
 * nothing to fetch but a logo, where the business wants one. Colours stand on the elements, where every program reads them, and again as rules for the dark.
 */
export function letterPage(letter: LetterPage): string {
  const { light, dark } = palette(letter.accent);
  const font = trusted(FONT);
  return html`<!doctype html>
<html lang="${letter.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no">
<title>${letter.subject}</title>
<style>
:root{color-scheme:light dark}
@media (prefers-color-scheme:dark){
.ground{background:${trusted(dark.ground)}!important}
.sheet{background:${trusted(dark.surface)}!important;border-color:${trusted(dark.line)}!important}
.ink{color:${trusted(dark.ink)}!important}
.quiet{color:${trusted(dark.quiet)}!important}
.link{color:${trusted(dark.accent)}!important}
.logo{background:#fff;padding:8px;border-radius:8px}
}
@media (max-width:30rem){.pad{padding:1.5rem 1.25rem!important}.ground>table{padding:0!important}}
</style>
</head>
<body class="ground" style="margin:0;background:${light.ground}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-spacing:0;table-layout:fixed"><tr><td align="center" style="padding:1.5rem .5rem">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:36rem;border-spacing:0;table-layout:fixed"><tr><td class="sheet" style="background:${light.surface};border:1px solid ${light.line};border-top:4px solid ${light.edge};border-radius:12px">
<div class="pad ink" style="padding:2rem 2.25rem;color:${light.ink};font:400 16px/1.6 ${font};overflow-wrap:anywhere;word-break:break-word">
<p style="margin:0 0 1.5rem;font-weight:650">${letter.logo ? logoOf(letter.business, letter.logo) : letter.business}</p>
${paragraphs(letter.words, light.accent)}
</div>
</td></tr>
${letter.footer && footerRow(letter.footer, light.quiet, font)}
</table>
</td></tr></table>
${letter.pixel !== undefined && html`<img src="${letter.pixel}" width="1" height="1" alt="" style="display:block">`}
</body>
</html>
`.toString();
}

/** Room that a logo takes above a letter, CSS pixels. */
const LOGO_ROOM = { width: 200, height: 48 };

/** Its size is written out, as some mail programs read no other; where pictures are held back, the name is read. */
function logoOf(business: string, { url, width, height }: NonNullable<LetterPage['logo']>): Markup {
  const scale = Math.min(1, LOGO_ROOM.width / width, LOGO_ROOM.height / height);
  const [wide, high] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  return html`<img class="logo" src="${url}" alt="${business}" width="${wide}" height="${high}" style="display:block;border:0">`;
}

function footerRow(
  { why, stop, link, address }: NonNullable<LetterPage['footer']>,
  quiet: string,
  font: Markup,
): Markup {
  return html`<tr><td class="pad" style="padding:1rem 2.25rem 0">
<p class="quiet" style="margin:0;color:${quiet};font:400 13px/1.5 ${font}">${why}
<a class="quiet" href="${link}" style="color:${quiet};text-decoration:underline">${stop}</a>${address && html`<br>${address}`}</p>
</td></tr>`;
}

function paragraphs(words: string, colour: string): Markup[] {
  return words
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph, index) => {
      const lines = paragraph.split('\n').map((line, at) => [at > 0 && html`<br>`, linked(line, colour)]);
      return html`<p style="margin:${index === 0 ? '0' : '1rem'} 0 0">${lines}</p>
`;
    });
}

/** Addresses become links; each shows where it leads. */
function linked(line: string, colour: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of line.matchAll(ADDRESS)) {
    if (!URL.canParse(match[0])) continue; // people write what only begins like one
    pieces.push(line.slice(from, match.index));
    pieces.push(html`<a class="link" href="${match[0]}" style="color:${colour}">${shown(match[0])}</a>`);
    from = match.index + match[0].length;
  }
  return [...pieces, line.slice(from)];
}

/** Where a link leads, without the secret part that nobody reads. */
function shown(address: string): string {
  const { host, pathname } = new URL(address);
  const [, first = '', ...rest] = pathname.split('/');
  return address.length <= 40 ? address : `${host}/${first}${rest.length > 0 ? '/…' : ''}`;
}
