import { z } from 'zod';
import type { SourcePort } from '../../inbox/port.ts';
import { KnownError } from '../../lib/errors.ts';
import { createHttpPool } from '../../lib/http.ts';
import { parseForeign } from '../../lib/json.ts';

export { type GoHighLevelKeys, keysOf, verifySignature } from './signature.ts';

const API_URL = 'https://services.leadconnectorhq.com';
const API_VERSION = '2021-07-28';
const TIMEOUT_MS = 10_000;

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const bodySchema = z.looseObject({
  type: z.string(),
  locationId: z.string().min(1).max(100),
  timestamp: z.string().optional(),
  webhookId: z.string().min(1).max(200).optional(),
  id: z.string().min(1).max(200).optional(),
  dnd: z.boolean().optional(),
  customFields: z
    .array(z.looseObject({ id: z.string().max(200), value: z.unknown() }))
    .max(200)
    .default([]),
});

/** Names by which a new contact is told of; the second is what programs in between call it. */
const CREATED = new Set(['ContactCreate', 'contact.created', 'contact.create']);

const isNew = (type: string, id: string): boolean => CREATED.has(type) && id !== '';

export interface Contact {
  isNew: boolean;
  locationId: string;
  /** Machine ms; undefined where nothing is said. */
  sentAt: number | undefined;
  /** Names the webhook, which comes more than once. */
  webhookId: string;
  /** That name is GoHighLevel's own, by which one that comes late is told from a recording. */
  isNamed: boolean;
}

/** What has to be known of a webhook before it is stored; undefined for what is none. */
export function parseContact(body: string): Contact | undefined {
  const read = bodySchema.safeParse(json(body));
  if (!read.success) return undefined;
  const { type, locationId, timestamp, webhookId, id = '' } = read.data;
  const at = timestamp === undefined ? Number.NaN : Date.parse(timestamp);
  return {
    isNew: isNew(type, id),
    locationId,
    sentAt: Number.isNaN(at) ? undefined : at,
    webhookId: webhookId ?? `${type}/${id}`,
    isNamed: webhookId !== undefined,
  };
}

/** What a contact says of somebody, by GoHighLevel's names; custom fields by their ids. */
function fieldsOf(raw: string) {
  const body = bodySchema.parse(json(raw));
  const { customFields, type: _type, locationId: _location, webhookId: _webhook, id: _id, dnd: _dnd, ...facts } = body;
  return [
    ...Object.entries(facts).flatMap(([name, value]) => field(name, value)),
    ...customFields.flatMap(({ id, value }) => field(id, value)),
  ];
}

function field(name: string, value: unknown): { name: string; value: string }[] {
  const read = Array.isArray(value)
    ? z
        .array(text)
        .transform((each) => each.join(', '))
        .safeParse(value)
    : text.safeParse(value);
  return read.success && read.data !== '' ? [{ name, value: read.data }] : [];
}

/** Contacts of GoHighLevel. */
export function createGoHighLevel(options: {
  apiUrl?: string | undefined;
  timeoutMs?: number;
}): SourcePort & { close(): Promise<void> } {
  const base = new URL(options.apiUrl ?? API_URL);
  const pool = createHttpPool({ origin: base.origin, connections: 2, timeoutMs: options.timeoutMs ?? TIMEOUT_MS });
  return {
    async read(raw) {
      const { type, id = '', dnd } = bodySchema.parse(json(raw));
      if (!isNew(type, id)) return { kind: 'nothing', why: 'ignored' };
      // somebody who wants no messages there has asked for none from us
      if (dnd === true) return { kind: 'nothing', why: 'do_not_disturb' };
      return { kind: 'lead', lead: { id, personId: id, fields: fieldsOf(raw) } };
    },
    async prove({ location = '', token = '' }) {
      const result = await pool.call({
        method: 'GET',
        path: `${base.pathname.replace(/\/+$/, '')}/locations/${encodeURIComponent(location)}`,
        headers: { authorization: `Bearer ${token}`, version: API_VERSION, accept: 'application/json' },
      });
      if (result.kind !== 'reply' || result.status >= 500)
        throw refused('GoHighLevel did not answer. Try again in a minute.');
      const read = z
        .looseObject({ location: z.looseObject({ id: z.literal(location), name: z.string().default(location) }) })
        .safeParse(json(result.body));
      if (result.status !== 200 || !read.success)
        throw refused('GoHighLevel says that this token is not one of this location. Check both.');
      return { account: location, name: read.data.location.name };
    },
    close: () => pool.close(),
  };
}

function json(body: string): unknown {
  try {
    return parseForeign(body);
  } catch {
    return undefined;
  }
}

const refused = (words: string): KnownError => new KnownError('misconfigured', 'access to a source refused', words);
