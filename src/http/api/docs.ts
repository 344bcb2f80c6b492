import type { Router } from 'express';
import { HOOK_EVENTS, RETRY_SECONDS, SIGNATURE_HEADER } from '../../hooks/index.ts';
import { html, type Piece } from '../../lib/html.ts';
import { sendPage } from '../answer.ts';
import { page } from '../pages/frame.ts';
import { DOCS_STYLES } from './docs-looks.ts';
import { RATES } from './limits.ts';
import { ONCE_HEADER } from './once.ts';
import { openApi } from './openapi.ts';
import { TAGS } from './operation.ts';
import { CODES } from './problem.ts';

type Document = ReturnType<typeof openApi>;

interface Item {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  parameters?: { name: string; in: string; required: boolean; description?: string }[];
  requestBody?: { content: { 'application/json': { schema: Shape } } };
  responses: Record<string, { content?: Record<string, { schema: Shape }> }>;
}

/** As much of JSON Schema as an example is made of. */
interface Shape {
  type?: string | string[];
  description?: string;
  example?: unknown;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, Shape>;
  required?: string[];
  items?: Shape;
  anyOf?: Shape[];
  oneOf?: Shape[];
}

/** The document and its page: both are made once, from the table of operations, when somebody first asks. */
export function mountDocs(routes: Router, publicUrl: string): void {
  const address = `${publicUrl.replace(/\/+$/, '')}/api/v2`;
  let made: { document: Document; json: string } | undefined;
  const document = () => {
    if (!made) {
      const built = openApi();
      made = { document: built, json: JSON.stringify(built) };
    }
    return made;
  };
  routes.get('/openapi.json', (_req, res) => {
    res.type('application/json').send(document().json);
  });
  routes.get('/docs', (_req, res) => {
    sendPage(res, 200, (nonce) =>
      page({
        title: 'LeadRescue API',
        lang: 'en',
        accent: '',
        body: bodyOf(document().document, address),
        nonce,
        styles: DOCS_STYLES,
      }),
    );
  });
}

const GUIDES = { start: 'Start', errors: 'Errors', limits: 'Limits', receiving: 'Receiving webhooks' } as const;

function bodyOf(document: Document, address: string): Piece {
  const tags = Object.keys(TAGS) as (keyof typeof TAGS)[];
  const entry = (id: string, name: string) => html`<li><a href="#${id}">${name}</a></li>`;
  return html`<div class="shell">
<header class="top">
<h1>LeadRescue API</h1>
<p class="quiet">${document.info.description}</p>
<p class="note">Version 2 · <a href="openapi.json">openapi.json</a></p>
</header>
<nav aria-label="Contents"><ul>${entry('start', GUIDES.start)}${tags.map((tag) => entry(tag, titled(tag)))}${entry('errors', GUIDES.errors)}${entry('limits', GUIDES.limits)}${entry('receiving', GUIDES.receiving)}</ul></nav>
<main>${start(address)}${tags.map((tag) => section(document, tag))}${errors()}${limits()}${receiving()}</main>
</div>`;
}

const titled = (tag: string) => tag.charAt(0).toUpperCase() + tag.slice(1);

const start = (address: string) => html`<section id="start"><h2>${GUIDES.start}</h2><div class="prose">
<ol>
<li>An admin makes a key in Slack: <code>/rescue api add Website manager</code>.</li>
<li>Exchange it for tokens. The access token works for 15 minutes, the refresh token for 7 days and one exchange.</li>
<li>Send the access token with every request.</li>
</ol></div>
<pre>curl -X POST '${address}/tokens' -H 'Content-Type: application/json' \\
  -d '{"apiKey":"lrk_…"}'

curl '${address}/leads?status=won' -H 'Authorization: Bearer eyJ…'</pre>
<div class="prose">
<p>A key has a role. <b>dispatcher</b> sees and changes everybody’s leads and writes to customers. <b>manager</b> also captures leads, takes them out as a file, and sees figures and texts. <b>admin</b> also makes webhooks.</p>
<p>Lists come in pages: ask again with <code>cursor</code> set to the <code>next</code> of the page before, until it is null.</p>
<p>Send <code>${ONCE_HEADER}</code> with a POST that must not be done twice. The same key and request again are answered as before, for a day.</p>
</div></section>`;

function section(document: Document, tag: keyof typeof TAGS): Piece {
  const items = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, item]) => ({ path, method, item: item as Item })),
  );
  const mine = items.filter(({ item }) => item.tags.includes(tag));
  return html`<section id="${tag}"><h2>${titled(tag)}</h2><p class="quiet">${TAGS[tag]}</p><div>${mine.map(entryOf)}</div></section>`;
}

function entryOf({ path, method, item }: { path: string; method: string; item: Item }): Piece {
  const given = item.requestBody?.content['application/json'].schema;
  const [[status, answer] = ['', {}]] = Object.entries(item.responses).filter(([code]) => code.startsWith('2'));
  const told = answer.content?.['application/json']?.schema;
  return html`<details id="${item.operationId}"><summary>
<span class="verb${method === 'get' ? '' : ' write'}">${method.toUpperCase()}</span><code>${path}</code><span class="say">${item.summary}</span>
</summary><div class="inside">
${item.description.split('\n\n').map((text) => html`<p>${inline(text)}</p>`)}
${
  item.parameters &&
  html`<h4>Parameters</h4><dl class="facts">${item.parameters.map(
    (each) =>
      html`<div><dt><code>${each.name}</code> <i>${each.in}${each.required ? ', needed' : ''}</i></dt><dd>${inline(each.description ?? '')}</dd></div>`,
  )}</dl>`
}
${given && html`<h4>Body</h4>${(given.oneOf ?? given.anyOf ?? [given]).map(bodyEntry)}`}
<h4>Answer ${status}</h4>
${told ? html`<pre>${JSON.stringify(sample(told), null, 2)}</pre>` : html`<p class="quiet">${answer.content ? `A file: ${Object.keys(answer.content).join(' or ')}.` : 'Nothing.'}</p>`}
</div></details>`;
}

/** One shape that a body may have: an example, and what each part of it means. */
const bodyEntry = (shape: Shape): Piece => {
  const parts = Object.entries(shape.properties ?? {});
  const isNeeded = (name: string) => shape.required?.includes(name) === true;
  return html`<pre>${JSON.stringify(sample(shape), null, 2)}</pre>
<dl class="facts">${parts.map(
    ([name, { description }]) =>
      html`<div><dt><code>${name}</code> <i>${isNeeded(name) ? 'needed' : 'optional'}</i></dt><dd>${inline(description ?? '')}</dd></div>`,
  )}</dl>`;
};

/** Words between backticks are code. */
const inline = (text: string): Piece[] =>
  text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));

/** Something that a schema allows, for people to read. */
function sample(shape: Shape): unknown {
  if (shape.example !== undefined) return shape.example;
  if (shape.const !== undefined) return shape.const;
  if (shape.enum) return shape.enum[0];
  const choice = (shape.oneOf ?? shape.anyOf)?.find(({ type }) => type !== 'null');
  if (choice) return sample(choice);
  const type = Array.isArray(shape.type) ? shape.type[0] : shape.type;
  switch (type) {
    case 'object':
      return Object.fromEntries(Object.entries(shape.properties ?? {}).map(([key, value]) => [key, sample(value)]));
    case 'array':
      return shape.items ? [sample(shape.items)] : [];
    case 'integer':
    case 'number':
      return shape.default ?? 0;
    case 'boolean':
      return shape.default ?? true;
    default:
      return shape.default || '…';
  }
}

const errors = () => html`<section id="errors"><h2>${GUIDES.errors}</h2><div class="prose">
<p>Errors are <code>application/problem+json</code> (RFC 9457): <code>code</code> is for programs, <code>detail</code> says what to do next, and <code>errors</code> points to the places in the body that are wrong.</p></div>
<pre>${JSON.stringify(
  {
    type: '/api/v2/docs#errors',
    title: 'The request is not right.',
    status: 400,
    code: 'validation_error',
    errors: [{ pointer: '#/phone', detail: 'That number is too short.' }],
  },
  null,
  2,
)}</pre>
<dl class="facts">${CODES.map(({ status, code, title }) => html`<div><dt>${status} <code>${code}</code></dt><dd>${title}</dd></div>`)}</dl></section>`;

const limits = () => html`<section id="limits"><h2>${GUIDES.limits}</h2><div class="prose">
<p>Each key may ask ${RATES.key} times a minute. <code>RateLimit-Limit</code>, <code>RateLimit-Remaining</code> and <code>RateLimit-Reset</code> say how much is left; <code>Retry-After</code> says when to go on after a 429.</p>
<p>Five wrong secrets in a row lock a key for 15 minutes; an admin can open it before that in Slack.</p></div></section>`;

const CHECK = `import { createHmac, timingSafeEqual } from 'node:crypto';

function isOurs(secret, header, body) {
  const [, t, v1] = /^t=(\\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
  if (!t || Math.abs(Date.now() / 1000 - Number(t)) > 300) return false;
  const expected = createHmac('sha256', secret).update(t + '.').update(body).digest();
  return timingSafeEqual(expected, Buffer.from(v1, 'hex'));
}`;

const receiving = () => html`<section id="receiving"><h2>${GUIDES.receiving}</h2><div class="prose">
<p>A delivery is a POST with facts and ids, never with names or numbers: ask the API for the lead. Answer with any 2xx within ten seconds.</p></div>
<pre>${JSON.stringify(
  {
    id: '…',
    type: 'lead.moved',
    at: '2026-11-23T09:30:00.000Z',
    eventId: 4711,
    leadId: '…',
    personId: '…',
    messageId: null,
    data: { from: 'replied', to: 'won' },
  },
  null,
  2,
)}</pre>
<div class="prose">
<p><code>${SIGNATURE_HEADER}: t=…,v1=…</code> is the time in seconds, and the HMAC-SHA-256 of <code>t.body</code> in hex. Its key is the webhook’s secret as you were told it, <code>whsec_</code> included; the body is what came, byte for byte, before anything parses it. Refuse what does not fit, and what is older than five minutes.</p></div>
<pre>${CHECK}</pre>
<div class="prose">
<p>What fails is tried ${RETRY_SECONDS.length} more times in about a day, then parked until somebody replays it. It may come twice, and out of order: tell repeats by <code>id</code>, and order by <code>eventId</code>.</p>
<p>There are: ${HOOK_EVENTS.map((event) => html`<code>${event}</code> `)}</p></div></section>`;
