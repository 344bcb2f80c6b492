import { hashLeaf } from './merkle.ts';
import type { LoggedEvent } from './types.ts';

/**
 * JSON in its one canonical form (RFC 8785): members in the order of their names, no spaces. For what comes out of JSON:
 * objects, arrays, strings, finite numbers, true, false, null.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = value as Record<string, unknown>;
  const names = Object.keys(members).sort(); // by UTF-16 code units, as the RFC wants it
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalJson(members[name])}`).join(',')}}`;
}

/**
 * The text of an event that is hashed: canonical JSON of its fields and of `v`, the version of this form. It does not
 * depend on columns, their order, or how the database writes JSON, and never changes; another form gets another `v`.
 */
export const eventText = (event: LoggedEvent): string =>
  `{"actor":${JSON.stringify(event.actor)},"at":"${event.at}","data":${canonicalJson(event.data)},"id":${event.id},` +
  `"lead":${quotedOrNull(event.lead)},"message":${quotedOrNull(event.message)},"person":${quotedOrNull(event.person)},` +
  `"tenant":"${event.tenant}","type":${JSON.stringify(event.type)},"v":1}`;

const quotedOrNull = (id: string | null) => (id === null ? 'null' : `"${id}"`);

export const leafOf = (event: LoggedEvent): Buffer => hashLeaf(eventText(event));
