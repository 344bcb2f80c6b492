import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { SourceLead, SourcePort, SourceReading } from '../../inbox/port.ts';
import { KnownError } from '../../lib/errors.ts';
import { createHttpPool, type HttpCall } from '../../lib/http.ts';
import { leadIn } from './parse.ts';

export { parseNotices } from './parse.ts';
export { verifySignature } from './signature.ts';

/** Its leads are fetched from here. */
export const GRAPH_URL = 'https://graph.facebook.com/v23.0';

const TIMEOUT_MS = 10_000;
const CONNECTIONS = 4;
const FIELDS = 'id,created_time,form_id,field_data,custom_disclaimer_responses';
/** Of the ad that brought a lead. They need a permission besides (`ads_management`), which not every page's token has. */
const AD_FIELDS = ['campaign_name', 'adset_name', 'ad_name', 'campaign_id', 'adset_id', 'ad_id', 'platform'] as const;
/** What the Lead Ads testing tool fills in. */
const TEST_VALUE = /^<test lead: dummy data for .*>$/;
/** A token that ended. */
const EXPIRED = 190;
/** Codes of too many calls, and of a service that does not feel well (Graph API, "Handling errors"). */
const LATER = new Set([1, 2, 4, 17, 32, 341, 613, 80_005]);

const leadSchema = z.looseObject({
  id: z.string(),
  field_data: z
    .array(z.looseObject({ name: z.string().max(200), values: z.array(z.string()).default([]) }))
    .default([]),
  custom_disclaimer_responses: z
    .array(
      z.looseObject({ checkbox_key: z.string().max(200), is_checked: z.union([z.string(), z.boolean()]).optional() }),
    )
    .default([]),
});
const adSchema = z.looseObject(Object.fromEntries(AD_FIELDS.map((name) => [name, z.string().max(500).optional()])));
const pageSchema = z.looseObject({ id: z.string(), name: z.string(), category: z.string() });
const errorSchema = z.looseObject({ error: z.looseObject({ code: z.number(), message: z.string().optional() }) });

type Answer<T> = { kind: 'read'; value: T } | { kind: 'refused'; code: number } | { kind: 'no_answer' };

/**
 * Leads of Meta's ads. A webhook names a lead, which is fetched with the token of its page. Nothing is tried twice here: what
 * may work in a while is told as `later`, and the webhook's own line comes back to it.
 */
export function createMetaLeads(options: {
  appSecret: string;
  graphUrl?: string | undefined;
  timeoutMs?: number;
}): SourcePort & { close(): Promise<void> } {
  const base = new URL(options.graphUrl ?? GRAPH_URL);
  const root = base.pathname.replace(/\/+$/, '');
  const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  const pool = createHttpPool({ origin: base.origin, connections: CONNECTIONS, timeoutMs });

  async function call<T>(schema: z.ZodType<T>, method: HttpCall['method'], path: string, token: string) {
    // with the proof a token that was stolen is of no use without our app's secret
    const proof = createHmac('sha256', options.appSecret).update(token).digest('hex');
    const result = await pool.call({
      method,
      path: `${root}${path}${path.includes('?') ? '&' : '?'}appsecret_proof=${proof}`,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'user-agent': 'leadrescue' },
    });
    return result.kind === 'reply' ? answerOf(schema, result.status, result.body) : ({ kind: 'no_answer' } as const);
  }

  return {
    async read(raw, { token = '' }): Promise<SourceReading> {
      const path = `/${leadIn(raw)}?fields=${FIELDS}`;
      const full = await call(leadSchema, 'GET', `${path},${AD_FIELDS.join(',')}`, token);
      const mayLackAds = full.kind === 'refused' && full.code !== EXPIRED && !LATER.has(full.code);
      const answer = mayLackAds ? await call(leadSchema, 'GET', path, token) : full;
      if (answer.kind === 'no_answer') return { kind: 'later', why: 'no_answer' };
      if (answer.kind === 'refused') return refusal(answer.code);
      const { id, field_data: data, custom_disclaimer_responses: boxes } = answer.value;
      const answers = data.map(({ name, values }) => ({ name, value: values.join(', ') }));
      if (answers.some(({ value }) => TEST_VALUE.test(value))) return { kind: 'test' };
      const ticked = boxes.map(({ checkbox_key: name, is_checked: is }) => ({
        name,
        value: is === true || is === '1' || is === 'true' ? 'true' : 'false',
      }));
      return { kind: 'lead', lead: { id, fields: withAd([...answers, ...ticked], answer.value) } };
    },
    async prove({ token = '' }) {
      // a person has no category: only a page's own token speaks for a page
      const page = await call(pageSchema, 'GET', '/me?fields=id,name,category', token);
      if (page.kind === 'no_answer') throw noAnswer();
      if (page.kind === 'refused')
        throw refused('Meta says that this is no page access token. Make one for the page itself.');
      const { id: account, name } = page.value;
      const path = `/${encodeURIComponent(account)}/subscribed_apps?subscribed_fields=leadgen`;
      const subscribed = await call(z.looseObject({ success: z.literal(true) }), 'POST', path, token);
      if (subscribed.kind === 'no_answer') throw noAnswer();
      if (subscribed.kind === 'refused')
        throw refused('The token may not subscribe to leads: it needs leads_retrieval and pages_manage_metadata.');
      return { account, name };
    },
    close: () => pool.close(),
  };
}

function answerOf<T>(schema: z.ZodType<T>, status: number, body: string): Answer<T> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { kind: 'no_answer' };
  }
  const error = errorSchema.safeParse(value);
  if (error.success) return { kind: 'refused', code: error.data.error.code };
  const read = schema.safeParse(value);
  return status === 200 && read.success ? { kind: 'read', value: read.data } : { kind: 'no_answer' };
}

/** What a person answered, and then which ad they answered to; an answer of the same name is the person's. */
function withAd(answers: SourceLead['fields'], lead: unknown): SourceLead['fields'] {
  const ad = adSchema.safeParse(lead);
  const taken = new Set(answers.map(({ name }) => name));
  const facts = AD_FIELDS.flatMap((name) => {
    const value = ad.success ? (ad.data[name] ?? '') : '';
    return value === '' || taken.has(name) ? [] : [{ name, value }];
  });
  return [...answers, ...facts];
}

/** What a refusal means for a lead: 190 is a token that ended, 100 and 10 a permission that is missing, or a lead that is gone. */
function refusal(code: number): SourceReading {
  if (LATER.has(code)) return { kind: 'later', why: `meta_${code}` };
  return { kind: 'stuck', why: code === EXPIRED ? 'token_expired' : `meta_${code}` };
}

const noAnswer = (): KnownError => refused('Meta did not answer. Try again in a minute.');
const refused = (words: string): KnownError => new KnownError('misconfigured', 'access to a source refused', words);
