import { z } from 'zod';
import { createChecker, type Report, type Trust } from './check.ts';
import { EXPORT_FORMAT, type Line } from './export.ts';
import { splitHashes } from './merkle.ts';
import type { Batch, Entry } from './types.ts';

export interface FileReport extends Report {
  tenant: { id: string; name: string };
  exportedAt: string;
  /** Events in the file that are newer than its last batch: nothing is proven of them. */
  unsealed: number;
}

const hex = z.string().regex(/^([0-9a-f]{2})*$/);
const id = z.int().min(0);
export const eventSchema = z.strictObject({
  id,
  tenant: z.string(),
  type: z.string(),
  at: z.string(),
  actor: z.string(),
  person: z.string().nullable(),
  lead: z.string().nullable(),
  message: z.string().nullable(),
  data: z.unknown(),
});
export const headSchema = z.strictObject({
  tenant: z.string(),
  batch: z.int().min(1),
  size: id,
  root: hex,
  previous: hex,
  at: z.string(),
  watermark: z.string(),
  key: z.string(),
  signature: hex,
});
const entry = { batch: z.int(), position: id, leaf: hex };
const lineSchema: z.ZodType<Line> = z.union([
  z.strictObject({ ...entry, event: eventSchema }),
  z.strictObject({ ...entry, event: z.null(), id }),
  z.strictObject({ head: headSchema, peaks: z.array(hex) }),
  z.strictObject({ witness: z.strictObject({ size: id, root: hex, from: z.string() }) }),
  z.strictObject({ unsealed: eventSchema, settled: z.literal(true).optional() }),
  z.strictObject({ end: z.strictObject({ batches: id, events: id, unsealed: id }) }),
  z.strictObject({
    format: z.literal(EXPORT_FORMAT),
    tenant: z.strictObject({ id: z.string(), name: z.string() }),
    exportedAt: z.string(),
  }),
]);

/** Whether a first line begins an export. */
export const beginsExport = (line: string): boolean => {
  const first = readLine(line);
  return first !== undefined && 'format' in first;
};

/** Checks an export line by line, holding one batch of it. */
export async function verifyFile(lines: AsyncIterable<string>, trust: Trust): Promise<FileReport> {
  const checker = createChecker(trust);
  const about = { tenant: { id: '', name: '' }, exportedAt: '', unsealed: 0 };
  let batch: Batch | undefined;
  let number = 0;
  let end: { batches: number; events: number; unsealed: number } | undefined;
  const inserted: number[] = [];
  const through = () => {
    if (batch) checker.batch(batch);
    batch = undefined;
  };
  for await (const text of lines) {
    number++;
    const line = readLine(text);
    if (!line || end) checker.add({ kind: 'file_unreadable', line: number });
    else if ('format' in line) Object.assign(about, { tenant: line.tenant, exportedAt: line.exportedAt });
    else if ('head' in line) {
      through();
      batch = { head: line.head, peaks: line.peaks.map((peak) => Buffer.from(peak, 'hex')), entries: [] };
    } else if ('position' in line) {
      // what belongs to a head that is not there is missed with that head
      if (line.batch === batch?.head.batch) batch.entries.push(entryOf(line));
    } else if ('witness' in line) checker.witness(line.witness);
    else if ('unsealed' in line) {
      if (line.settled) inserted.push(line.unsealed.id);
      else about.unsealed++;
    } else end = line.end;
  }
  through();
  const report = checker.end();
  const unsealed = about.unsealed + inserted.length;
  const whole = end?.batches === report.batches && end.events === report.sealed && end.unsealed === unsealed;
  if (inserted.length > 0) report.findings.push({ kind: 'events_inserted', events: inserted });
  // an entry that is gone from a batch was told of there
  if (!end || (!whole && report.findings.length === 0)) report.findings.push({ kind: 'file_cut' });
  return { ...report, ...about };
}

function readLine(text: string): Line | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function entryOf(line: Extract<Line, { position: number }>): Entry {
  const { position, leaf, event } = line;
  const [hash = Buffer.alloc(0)] = splitHashes(Buffer.from(leaf, 'hex'));
  return { position, leaf: hash, event, id: event ? event.id : line.id };
}
