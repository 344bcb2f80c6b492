import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * An object store that speaks S3 as Amazon's SDK does, over real HTTP: path-style addresses, version 4 signatures that
 * are recomputed, XML answers. Buckets have regions, and can be made not to answer.
 */

const KEY_ID = 'AKIATESTTESTTESTTEST';
const SECRET = 'test/secret+key';

export interface TestS3 {
  readonly url: string;
  /** What a bucket holds, by key. */
  objects(bucket: string): ReadonlyMap<string, Buffer>;
  put(bucket: string, key: string, bytes: Buffer): void;
  /** Answers 500 for a bucket until it is told to be up again. */
  down(bucket: string, isDown: boolean): void;
  move(bucket: string, region: string): void;
  /** Requests so far, as `PUT bucket`. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** Starts it, with these buckets and their regions, and gives the SDK its credentials by the environment. */
export async function startS3(regions: Record<string, string>): Promise<TestS3> {
  const buckets = new Map(
    Object.entries(regions).map(([name, region]) => [
      name,
      { region, down: false, objects: new Map<string, Buffer>() },
    ]),
  );
  const asked: string[] = [];
  const bucketOf = (name: string) => {
    const bucket = buckets.get(name);
    if (!bucket) throw new Error(`no bucket ${name}`);
    return bucket;
  };

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await read(req);
    const url = new URL(req.url ?? '/', 'http://s3');
    const [, name = '', ...rest] = url.pathname.split('/');
    const key = decodeURIComponent(rest.join('/'));
    asked.push(`${req.method} ${name}`);
    const bucket = buckets.get(name);
    if (!signed(req, url, body)) return problem(res, 403, 'SignatureDoesNotMatch');
    if (!bucket) return problem(res, 404, 'NoSuchBucket');
    if (bucket.down) return problem(res, 500, 'InternalError');
    res.setHeader('x-amz-bucket-region', bucket.region);
    if (key === '' && req.method === 'HEAD') return void res.writeHead(200).end();
    switch (req.method) {
      case 'PUT':
        bucket.objects.set(key, body);
        return void res.writeHead(200, { etag: `"${createHash('md5').update(body).digest('hex')}"` }).end();
      case 'GET': {
        const found = bucket.objects.get(key);
        return found ? void res.writeHead(200).end(found) : problem(res, 404, 'NoSuchKey');
      }
      case 'DELETE':
        bucket.objects.delete(key);
        return void res.writeHead(204).end();
      default:
        problem(res, 405, 'MethodNotAllowed');
    }
  }

  const server = createServer((req, res) => void answer(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  process.env.AWS_ACCESS_KEY_ID = KEY_ID;
  process.env.AWS_SECRET_ACCESS_KEY = SECRET;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    objects: (name) => bucketOf(name).objects,
    put: (name, key, bytes) => void bucketOf(name).objects.set(key, bytes),
    down(name, isDown) {
      bucketOf(name).down = isDown;
    },
    move(name, region) {
      bucketOf(name).region = region;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function problem(res: ServerResponse, status: number, code: string): void {
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  res.writeHead(status, { 'content-type': 'application/xml' }).end(xml);
}

const hash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/** Recomputes the signature (docs.aws.amazon.com, "Signature Version 4 signing process"). */
function signed(req: IncomingMessage, url: URL, body: Buffer): boolean {
  const match =
    /^AWS4-HMAC-SHA256 Credential=(\S+?)\/(\d+)\/([\w-]+)\/s3\/aws4_request, SignedHeaders=(\S+), Signature=(\w+)$/.exec(
      req.headers.authorization ?? '',
    );
  if (!match) return false;
  const [, id, day = '', region = '', names = '', signature] = match;
  const bodyHash = String(req.headers['x-amz-content-sha256'] ?? '');
  if (id !== KEY_ID || (bodyHash !== 'UNSIGNED-PAYLOAD' && bodyHash !== hash(body))) return false;
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&');
  const headers = names.split(';').map((name) => `${name}:${String(req.headers[name] ?? '').trim()}\n`);
  const canonical = [req.method, url.pathname, query, headers.join(''), names, bodyHash].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', req.headers['x-amz-date'], scope, hash(canonical)].join('\n');
  const key = ['s3', 'aws4_request'].reduce((last, part) => hmac(last, part), hmac(hmac(`AWS4${SECRET}`, day), region));
  return hmac(key, text).toString('hex') === signature;
}
