import { z } from 'zod';
import type { SourcePort } from '../../inbox/port.ts';
import { parseForeign } from '../../lib/json.ts';

/*
 * Google Ads lead forms: one POST for each lead, with everything in it. There is no signature: the body carries the key that the
 * advertiser typed (developers.google.com/google-ads/webhook).
 */

/** Ids of Google's are int64: JSON numbers lose their last digits, so they are not read. */
const bodySchema = z.looseObject({
  lead_id: z.string().min(1).max(200),
  /** Samples of Google's spell it with a capital in places. */
  google_key: z.string().max(200).optional(),
  Google_key: z.string().max(200).optional(),
  is_test: z.boolean().default(false),
  user_column_data: z
    .array(
      z.looseObject({
        column_id: z.string().min(1).max(200),
        string_value: z
          .union([z.string(), z.number(), z.boolean()])
          .transform((value) => String(value).slice(0, 10_000))
          .optional(),
      }),
    )
    .max(100)
    .default([]),
});

export interface GoogleLead {
  leadId: string;
  key: string;
  isTest: boolean;
  fields: { name: string; value: string }[];
}

/** Reads the body of a webhook; undefined for what is none. Columns count by their id: names are on their way out. */
export function parseLead(body: string): GoogleLead | undefined {
  const read = bodySchema.safeParse(json(body));
  if (!read.success) return undefined;
  const { lead_id: leadId, google_key: key, Google_key: other, is_test: isTest, user_column_data: columns } = read.data;
  const fields = columns.map(({ column_id: name, string_value: value = '' }) => ({ name, value }));
  return { leadId, key: key ?? other ?? '', isTest, fields };
}

function json(text: string): unknown {
  try {
    return parseForeign(text);
  } catch {
    return undefined;
  }
}

/** Leads of Google's forms. */
export const googleLeads: SourcePort = {
  async read(raw) {
    const lead = parseLead(raw);
    if (!lead) throw new Error('a stored lead of Google is none');
    return lead.isTest ? { kind: 'test' } : { kind: 'lead', lead: { id: lead.leadId, fields: lead.fields } };
  },
};
