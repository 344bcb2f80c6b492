import type { IncomingMessage } from 'node:http';
import busboy from 'busboy';
import { KnownError } from '../lib/errors.ts';
import type { PhotoFile } from '../privacy/index.ts';

/** The fields of a small form, url-encoded or multipart; none for any other kind of body. */
export async function readFields(contentType: string, bytes: Buffer, most = 20): Promise<Record<string, string>> {
  const fields: Record<string, string> = {};
  if (!/^\s*(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(contentType)) return fields;
  const parser = open({ 'content-type': contentType }, { files: 0, fields: most });
  parser.on('field', (name, value) => {
    fields[name] ??= value;
  });
  const parsed = finished(parser);
  parser.end(bytes);
  await parsed;
  return fields;
}

export type SentPhoto = { kind: 'file'; file: PhotoFile } | { kind: 'none' } | { kind: 'too_large' };

/** What is read of a body that is too large before the connection is cut; browsers show no answer to half a request. */
const PATIENCE = 4;

/**
 * Reads the first file of a multipart body into memory, and nowhere else. Throws a validation error for a body that
 * is not one.
 */
export async function readPhoto(req: IncomingMessage, maxBytes: number): Promise<SentPhoto> {
  if (Number(req.headers['content-length'] ?? 0) > maxBytes * PATIENCE) return { kind: 'too_large' };
  const parser = open(req.headers, { files: 1, fields: 5, fieldSize: 1024, parts: 7, fileSize: maxBytes + 1 });
  let photo: SentPhoto = { kind: 'none' };
  parser.on('file', (_name, stream, { mimeType }) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => {}); // the parser reports it too
    stream.once('limit', () => {
      photo = { kind: 'too_large' };
      chunks.length = 0;
    });
    stream.once('end', () => {
      const bytes = Buffer.concat(chunks);
      if (photo.kind === 'none' && bytes.length > 0) photo = { kind: 'file', file: { bytes, mime: mimeType } };
    });
  });
  let received = 0;
  const tooMuch = new Promise<SentPhoto>((resolve) => {
    req.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received > maxBytes * PATIENCE) resolve({ kind: 'too_large' });
    });
  });
  const parsed = finished(parser, req).then(() => photo);
  req.pipe(parser);
  try {
    return await Promise.race([parsed, tooMuch]);
  } finally {
    req.unpipe(parser);
    parsed.catch(() => {}); // when it was too much, what becomes of the rest does not matter
  }
}

type Parser = ReturnType<typeof busboy>;

function open(headers: IncomingMessage['headers'], limits: busboy.Limits): Parser {
  try {
    return busboy({ headers, limits: { ...limits, headerPairs: 50 } });
  } catch (cause) {
    throw malformed(cause);
  }
}

/** Settles with the parser; a sender who goes away in the middle is an error too. */
function finished(parser: Parser, source?: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.once('close', resolve);
    // busboy may report more than one error, and one without a listener would end the process
    parser.on('error', (cause) => reject(malformed(cause)));
    source?.once('close', () => source.complete || reject(malformed('cut off')));
  });
}

function malformed(cause: unknown): KnownError {
  const text = 'The form could not be read. Go back and send it again.';
  return new KnownError('validation_error', 'malformed form', text, { cause });
}
