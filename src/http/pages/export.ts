import { DateTime } from 'luxon';
import type { PersonExport } from '../../privacy/index.ts';
import { page } from './frame.ts';
import { html, type Markup } from './html.ts';
import { type Sender, sender } from './parts.ts';

interface ExportView extends Sender {
  accent: string;
  /** IANA; times are written in it. */
  zone: string;
  customer: string;
  held: PersonExport;
  nonce: string;
}

const STYLES = `
main.held{max-width:52rem;margin:0 auto;padding:1.5rem 0;display:flex;flex-direction:column;gap:1rem}
.held h2{margin-top:1rem}
.held dl{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.25rem 1rem;margin:0;padding:.75rem 0;border-bottom:1px solid var(--surface)}
.held dt{opacity:.7}
.held dd{margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
@media (max-width:34rem){.held dl{grid-template-columns:1fr}.held dd{margin-bottom:.5rem}}
@media print{.held .save{display:none}}
`;

const SECTIONS: readonly { key: keyof PersonExport; title: string }[] = [
  { key: 'person', title: 'The person' },
  { key: 'addresses', title: 'Numbers and mailboxes' },
  { key: 'consents', title: 'What they agreed to' },
  { key: 'leads', title: 'Enquiries' },
  { key: 'enquiries', title: 'Enquiries as they were made' },
  { key: 'otherIds', title: 'Ids in other systems' },
  { key: 'followUps', title: 'Follow-ups' },
  { key: 'messages', title: 'Messages' },
  { key: 'appointments', title: 'Appointments' },
  { key: 'notes', title: 'What the assistant noted' },
  { key: 'drafts', title: 'Drafts of the assistant' },
  { key: 'photos', title: 'Licence photos (listed)' },
  { key: 'files', title: 'Pictures, voice notes and documents (listed)' },
  { key: 'events', title: 'What happened' },
];

/** All that is held of one person, to read and to print, with the same as JSON to save (GDPR, articles 15 and 20). */
export function exportPage(view: ExportView): string {
  const { held, business, zone } = view;
  const json = Buffer.from(JSON.stringify(held, null, 2)).toString('base64');
  const day = when(held.exportedAt, zone);
  const title = `Everything ${business} holds of ${view.customer}`;
  const sections = SECTIONS.map(({ key, title: heading }) => section(heading, held[key], zone));
  return page({
    title,
    lang: 'en',
    accent: view.accent,
    nonce: view.nonce,
    styles: STYLES,
    body: html`${sender(view)}<main class="held"><h1>${title}</h1>
<p>Written ${day} (${zone}). This page cannot be opened again: print or save it now.</p>
<p class="save"><a href="data:application/json;base64,${json}" download="person-${held.person.id}.json">Save as JSON</a></p>
${sections}</main>`,
  });
}

function section(title: string, value: unknown, zone: string): Markup | string {
  const rows = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
  if (rows.length === 0) return html`<h2>${title}</h2><p class="quiet">Nothing.</p>`;
  return html`<h2>${title}</h2>${rows.map((row) => entry(row, zone))}`;
}

function entry(row: unknown, zone: string): Markup {
  const pairs = Object.entries(row as object)
    .map(([name, value]) => ({ name, text: words(value, zone) }))
    .filter(({ text }) => text !== '')
    .sort((one, other) => Number(isId(one.name)) - Number(isId(other.name)));
  return html`<dl>${pairs.map(({ name, text }) => html`<dt>${spoken(name)}</dt><dd>${text}</dd>`)}</dl>`;
}

/** What names something to programs stands behind what it says to people. */
const isId = (name: string) => /^id$|Id$/.test(name);

/** `givenAt` as `given at`. */
const spoken = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

function words(value: unknown, zone: string): string {
  if (value instanceof Date) return when(value, zone);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map((each) => words(each, zone)).join(', ');
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, each]) => `${spoken(name)}: ${words(each, zone)}`)
      .join('\n');
  }
  return value === null || value === undefined ? '' : String(value);
}

const when = (at: Date, zone: string) => DateTime.fromJSDate(at, { zone }).toFormat('yyyy-MM-dd HH:mm:ss');
