import { parse } from 'node:querystring';

export interface ReceivedForm {
  /** Each field once; of a repeated one the first. */
  fields: Record<string, string>;
  /** Every field received, as a gateway's signature covers it. */
  signed: Record<string, string>;
}

/** Decodes a form from the bytes as they were received. */
export function readForm(bytes: Buffer): ReceivedForm {
  const fields: Record<string, string> = {};
  const signed: Record<string, string> = {};
  for (const [key, value = ''] of Object.entries(parse(bytes.toString('utf8'), '&', '=', { maxKeys: 0 }))) {
    const values = typeof value === 'string' ? [value] : [...value];
    // Twilio signs a repeated field as key + value for each different value, sorted
    signed[key] = values.length === 1 ? (values[0] ?? '') : [...new Set(values)].sort().join(key);
    // Postgres knows no NUL in a text
    fields[key] = (values[0] ?? '').replaceAll('\u0000', '\ufffd');
  }
  return { fields, signed };
}
