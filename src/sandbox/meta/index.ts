import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page with its token, as it would be made in Meta's business settings. */
interface Page {
  id: string;
  name: string;
  token: string;
  /** Its token may not read of ads. */
  noAds?: true;
}

/** A lead as somebody filled it in: answers by their names, and boxes that were ticked or not. */
export interface MetaLead {
  id: string;
  pageId: string;
  answers: Readonly<Record<string, string>>;
  boxes?: Readonly<Record<string, boolean>>;
  /** Of the ad that it was filled in at: `campaign_name`, `ad_name` … */
  ad?: Readonly<Record<string, string>>;
}

export interface MetaStandIn {
  /** Starts to listen; the address goes into `META_GRAPH_URL`. */
  start(): Promise<{ graphUrl: string }>;
  /** Somebody fills in a form. Nobody is told of it yet. */
  fill(lead: MetaLead): void;
  /** Tells a webhook of leads, in one batch, as Meta signs it. */
  notify(webhook: string, leads: readonly MetaLead[], changes?: { appSecret?: string }): Promise<Response>;
  /** From now on every call ends like this: an error's code, no answer at all, or as it should (null). */
  misbehave(how: number | 'silence' | null): void;
  /** Pages whose leads are subscribed to. */
  readonly subscribed: ReadonlySet<string>;
  stop(): Promise<void>;
}

interface Reply {
  status: number;
  body: object;
}

const VERSION = '/v23.0';

/** A server that speaks the part of Meta's Graph API that lead ads need. Strict: what the real one refuses is refused. */
export function createMetaStandIn(options: { appSecret: string; pages: readonly Page[] }): MetaStandIn {
  const leads = new Map<string, MetaLead>();
  const subscribed = new Set<string>();
  let mood: number | 'silence' | null = null;

  const refused = (code: number, message: string, status = 400): Reply => ({
    status,
    body: { error: { message, type: 'OAuthException', code, fbtrace_id: 'trace' } },
  });
  const ok = (body: object): Reply => ({ status: 200, body });

  function reply(request: IncomingMessage): Reply {
    if (typeof mood === 'number') return refused(mood, 'scripted');
    const url = new URL(request.url ?? '/', 'http://graph');
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? url.searchParams.get('access_token') ?? '';
    const page = options.pages.find((each) => each.token === token);
    if (!page) return refused(190, 'Invalid OAuth access token.', 401);
    const proof = createHmac('sha256', options.appSecret).update(token).digest('hex');
    if (url.searchParams.get('appsecret_proof') !== proof) return refused(100, 'Invalid appsecret_proof');
    if (!url.pathname.startsWith(`${VERSION}/`)) return refused(2500, 'Unknown path components');
    const path = url.pathname.slice(VERSION.length);
    if (path === '/me') return ok({ id: page.id, name: page.name, category: 'Car dealership' });
    if (request.method === 'POST' && path === `/${page.id}/subscribed_apps`) {
      if (url.searchParams.get('subscribed_fields') !== 'leadgen') return refused(100, 'subscribed_fields is required');
      subscribed.add(page.id);
      return ok({ success: true });
    }
    const lead = leads.get(path.slice(1));
    const fields = (url.searchParams.get('fields') ?? '').split(',');
    if (page.noAds && fields.some((field) => field.startsWith('ad_'))) return refused(200, 'Requires ads_management');
    return lead && lead.pageId === page.id ? ok(shown(lead, fields)) : refused(100, 'Unsupported get request.');
  }

  const server = createServer((request, response) => {
    if (mood === 'silence') return;
    const { status, body } = reply(request);
    response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
    response.end(JSON.stringify(body));
  });
  return {
    subscribed,
    async start() {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return { graphUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}${VERSION}` };
    },
    fill(lead) {
      leads.set(lead.id, lead);
    },
    notify(webhook, told, { appSecret = options.appSecret } = {}) {
      const entry = told.map(({ id, pageId }) => ({
        id: pageId,
        time: 1_438_292_065,
        changes: [
          { field: 'leadgen', value: { leadgen_id: id, page_id: pageId, form_id: '12312312312', created_time: 1 } },
        ],
      }));
      // ids are numbers as often as not, and letters beyond ASCII are escaped before it is signed
      const body = escaped(JSON.stringify({ object: 'page', entry, about: 'Förfrågan' })).replace(
        /"(leadgen|page)_id":"(\d+)"/g,
        '"$1_id":$2',
      );
      const signature = `sha256=${createHmac('sha256', appSecret).update(body).digest('hex')}`;
      const headers = { 'content-type': 'application/json', 'x-hub-signature-256': signature };
      return fetch(webhook, { method: 'POST', headers, body });
    },
    misbehave(how) {
      mood = how;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const escaped = (json: string): string =>
  json.replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A lead as the Graph API shows it. */
const shown = (lead: MetaLead, fields: readonly string[]) => ({
  ...Object.fromEntries(Object.entries(lead.ad ?? {}).filter(([name]) => fields.includes(name))),
  id: lead.id,
  created_time: '2026-01-02T03:04:05+0000',
  form_id: '12312312312',
  field_data: Object.entries(lead.answers).map(([name, value]) => ({ name, values: [value] })),
  ...(lead.boxes && {
    custom_disclaimer_responses: Object.entries(lead.boxes).map(([checkbox_key, is]) => ({
      checkbox_key,
      is_checked: is ? '1' : '',
    })),
  }),
});
