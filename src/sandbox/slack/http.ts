import type { IncomingMessage, ServerResponse } from 'node:http';

/** Slack takes files of up to 1 GB; a stand-in on somebody's laptop need not. */
const BODY_MAX_BYTES = 32 * 1024 * 1024;

/** The whole body; undefined when it is too large. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.byteLength;
    if (size > BODY_MAX_BYTES) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

export function sendJson(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

export function sendText(response: ServerResponse, text: string, status = 200, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` });
  response.end(text);
}

/** The file in an upload: the first part of a multipart form (the SDK names it `body`), or the body as it is. */
export async function readUpload(contentType: string, body: Buffer): Promise<Uint8Array | undefined> {
  if (!contentType.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData();
  for (const part of form.values()) {
    if (typeof part !== 'string') return new Uint8Array(await part.arrayBuffer());
  }
  return undefined;
}
