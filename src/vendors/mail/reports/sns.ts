import { createVerify } from 'node:crypto';
import { z } from 'zod';
import { createHttpPool } from '../../../lib/http.ts';

/*
 * Amazon SNS, by which SES reports: an envelope that is signed with a certificate of AWS, whose message is the report. The
 * signature proves that SNS sent it, not whose topic it is; what a report counts for is proven by the letter that it names.
 */

const envelopeSchema = z.looseObject({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.string(),
  SignatureVersion: z.enum(['1', '2']),
  Signature: z.string(),
  SigningCertURL: z.string(),
  Subject: z.string().nullish(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
});
type Envelope = z.output<typeof envelopeSchema>;

/** In the order in which they are signed ("Verifying the signatures of Amazon SNS messages"). */
const SIGNED = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;
const ALGORITHM = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' } as const;
/** Nothing else is ever fetched because a request says so. */
const HOST = /^sns\.[a-z0-9-]{2,40}\.amazonaws\.com(\.cn)?$/;
const TIMEOUT_MS = 5000;
const CERTIFICATES = 8;

/** What was in an envelope; `confirmed` where a topic asked whether we want its messages. */
export type Opened = { kind: 'message'; message: unknown } | { kind: 'confirmed' } | { kind: 'refused' };

export interface Sns {
  /** Whether a body is an envelope of SNS at all. */
  isEnvelope(body: unknown): boolean;
  /** Checks the signature; answers a topic's question. Throws where AWS does not answer. */
  open(body: unknown): Promise<Opened>;
}

/** `get` fetches an address of AWS; left out, by HTTPS. */
export function createSns(get: (url: URL) => Promise<string> = fetchFrom): Sns {
  const certificates = new Map<string, string>();

  async function certificateOf(address: string): Promise<string | undefined> {
    const url = ofAws(address);
    if (!url?.pathname.endsWith('.pem')) return undefined;
    const known = certificates.get(url.href);
    if (known !== undefined) return known;
    const certificate = await get(url);
    if (certificates.size >= CERTIFICATES) certificates.clear();
    certificates.set(url.href, certificate);
    return certificate;
  }

  async function isSigned(envelope: Envelope): Promise<boolean> {
    const { Type: type, SignatureVersion: version, Signature: signature } = envelope;
    const certificate = await certificateOf(envelope.SigningCertURL);
    if (certificate === undefined) return false;
    const names = type === 'Notification' ? SIGNED.Notification : SIGNED.SubscriptionConfirmation;
    const lines = names.flatMap((name) => {
      const value = envelope[name];
      return value === undefined || value === null ? [] : [`${name}\n${value}\n`];
    });
    try {
      return createVerify(ALGORITHM[version]).update(lines.join('')).verify(certificate, signature, 'base64');
    } catch {
      return false; // no certificate
    }
  }

  return {
    isEnvelope: (body) => envelopeSchema.safeParse(body).success,
    async open(body) {
      const envelope = envelopeSchema.parse(body);
      if (!(await isSigned(envelope))) return { kind: 'refused' };
      if (envelope.Type === 'Notification') return { kind: 'message', message: jsonOf(envelope.Message) };
      if (envelope.Type === 'SubscriptionConfirmation') {
        const url = ofAws(envelope.SubscribeURL ?? '');
        if (!url) return { kind: 'refused' };
        await get(url);
      }
      return { kind: 'confirmed' };
    },
  };
}

function ofAws(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const fits = url?.protocol === 'https:' && url.port === '' && url.username === '' && HOST.test(url.hostname);
  return fits ? url : undefined;
}

function jsonOf(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined; // SES also says in plain words that it was set up
  }
}

async function fetchFrom(url: URL): Promise<string> {
  const pool = createHttpPool({ origin: url.origin, connections: 1, timeoutMs: TIMEOUT_MS });
  const reply = await pool.call({ method: 'GET', path: `${url.pathname}${url.search}`, headers: {} });
  await pool.close();
  if (reply.kind !== 'reply' || reply.status !== 200) throw new Error(`${url.hostname} did not answer`);
  return reply.body;
}
