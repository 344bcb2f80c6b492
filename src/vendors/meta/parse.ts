import { z } from 'zod';
import { parseForeign } from '../../lib/json.ts';

/*
 * Webhooks of Meta's lead ads say which lead there is, nothing about anybody (developers.facebook.com, "Webhooks for Leadgen").
 */

/** Ids come as strings or as numbers, which above 2^53 lose their last digits when they are read as JSON. */
const id = z.string().regex(/^\d{1,32}$/);

const bodySchema = z.looseObject({
  object: z.string(),
  entry: z
    .array(
      z.looseObject({
        id: z.unknown(),
        time: z.unknown(),
        changes: z.array(z.looseObject({ field: z.string(), value: z.unknown() })).default([]),
      }),
    )
    .max(1000),
});
const leadSchema = z.looseObject({ leadgen_id: id, page_id: id, form_id: id.optional() });

/** What was kept of a webhook before all of it was. */
const olderSchema = z.object({ leadId: id });

export interface MetaNotice {
  leadId: string;
  pageId: string;
  /** The webhook as it would have come for this lead alone: a batch may hold the leads of several businesses. */
  raw: string;
}

/** Every lead that a webhook tells of: they come in batches. Undefined for what is no webhook of Meta's. */
export function parseNotices(body: string): MetaNotice[] | undefined {
  const read = bodySchema.safeParse(json(withIdsAsText(body)));
  if (!read.success) return undefined;
  if (read.data.object !== 'page') return [];
  const { object } = read.data;
  return read.data.entry.flatMap(({ changes, ...entry }) =>
    changes.flatMap((change) => {
      const lead = leadSchema.safeParse(change.value);
      if (change.field !== 'leadgen' || !lead.success) return [];
      const raw = JSON.stringify({ object, entry: [{ ...entry, changes: [change] }] });
      return [{ leadId: lead.data.leadgen_id, pageId: lead.data.page_id, raw }];
    }),
  );
}

/** The lead that a stored webhook names. Throws for what is none. */
export function leadIn(raw: string): string {
  const notice = parseNotices(raw)?.[0];
  if (notice) return notice.leadId;
  return olderSchema.parse(JSON.parse(raw)).leadId;
}

/** `"leadgen_id": 123` as `"leadgen_id": "123"`. The keys are ours to know, and no text of people's is in such a webhook. */
const withIdsAsText = (body: string): string => body.replace(/("(?:leadgen|page|form)_id"\s*:\s*)(\d+)/g, '$1"$2"');

function json(text: string): unknown {
  try {
    return parseForeign(text);
  } catch {
    return undefined;
  }
}
