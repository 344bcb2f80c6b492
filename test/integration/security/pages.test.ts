import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Form, Staff } from '../../../src/tenants/index.ts';
import { openEdge, type TestEdge } from '../http/open-edge.ts';

/* Every path that answers a browser, found by asking the server itself which there are. */

let edge: TestEdge;
let form: Form;
let boss: Staff;
let known: Record<string, string[]>;
beforeAll(async () => {
  edge = await openEdge(({ clock }) => ({
    install: {
      stateSecret: 'a-secret-of-the-test',
      address: (state) => `https://slack.com/oauth/v2/authorize?state=${state}`,
      complete: async () => ({ workspace: 'W', teamId: 'T1', again: false }),
    },
    signedBy: { meta: { appSecret: 's', verifyToken: 'v' } },
    status: async () => ({
      business: 'Nordic Motors',
      version: '0',
      now: clock.now(),
      zone: 'Europe/Stockholm',
      roles: ['web'],
      checks: [],
      addresses: [],
      tips: [],
      counts: [],
    }),
  }));
  boss = await edge.world.hire('Maria Berg', 'admin');
  ({ form } = await edge.world.rooms.forms.make(boss, { name: 'Resor', playbook: 'corporate-travel' }));
  known = await addresses();
});
afterAll(() => edge.close());

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}

/** Patterns of all paths that can be read, without the API's. */
const paths = (): string[] => {
  const { stack } = edge.http.app.router as unknown as { stack: Layer[] };
  return stack.flatMap(({ route }) => (route?.methods.get ? [route.path] : []));
};

/** Addresses that lead somewhere, by pattern. A new path of ours wants an entry: what should be there, or a link that is none. */
async function addresses(): Promise<Record<string, string[]>> {
  const { rooms, tenant } = edge.world;
  const { leadId, personId, link } = await edge.drive();
  const upload = await rooms.vault.createUploadLink(tenant.id, leadId);
  const { token } = await rooms.privacy.exportLink(boss, personId);
  return {
    '/': ['/'],
    '/healthz': ['/healthz'],
    '/readyz': ['/readyz'],
    '/metrics': ['/metrics'],
    '/o/:token': [link, '/o/none'],
    '/u/:token': [`/u/${upload}`, '/u/none'],
    '/l/:token': [`/l/${token}`, '/l/none'],
    '/t/:token': ['/t/none'],
    '/terms/:tenant': [`/terms/${tenant.id}`, '/terms/none'],
    '/b/:token': ['/b/none'],
    '/b/:token/appointment.ics': ['/b/none/appointment.ics'],
    '/brand/:token': ['/brand/none'],
    '/brand/:token/letter': ['/brand/none/letter'],
    '/brand/:token/card': ['/brand/none/card'],
    '/brand/logo/:id': ['/brand/logo/none'],
    '/f/:slug': [`/f/${form.slug}`, '/f/none'],
    '/f/:slug/thanks': [`/f/${form.slug}/thanks`],
    '/slack/install': ['/slack/install'],
    '/slack/oauth_redirect': ['/slack/oauth_redirect?code=x&state=y'],
    '/webhooks/meta': ['/webhooks/meta'],
  };
}

describe('whatever answers a browser', () => {
  test('has strict headers, runs nothing but its own, asks for nothing outside, and sets no cookie', async () => {
    expect(paths().filter((path) => !known[path])).toEqual([]);
    const visits = [...Object.values(known).flat(), '/nothing/here', '/api/v2/docs', '/api/v2/leads'];
    for (const path of visits) {
      const answer = await fetch(edge.origin + path, { headers: { accept: 'text/html' }, redirect: 'manual' });
      const header = (name: string) => answer.headers.get(name) ?? '';
      const text = await answer.text();
      const policy = header('content-security-policy');
      const seen = { path, status: answer.status < 500 };
      expect({ ...seen, policy }).toEqual({
        path,
        status: true,
        policy: expect.stringContaining("default-src 'none'"),
      });
      expect({ ...seen, policy }).toEqual({ ...seen, policy: expect.stringContaining("base-uri 'none'") });
      expect({ ...seen, policy }).toEqual({ ...seen, policy: expect.stringContaining("frame-ancestors 'none'") });
      expect({ ...seen, policy }).toEqual({ ...seen, policy: expect.not.stringMatching(/unsafe-(inline|eval)|\*/) });
      expect({ path, sniff: header('x-content-type-options') }).toEqual({ path, sniff: 'nosniff' });
      expect({ path, referrer: header('referrer-policy') }).toEqual({ path, referrer: 'no-referrer' });
      expect({ path, frame: header('x-frame-options').toUpperCase() }).toEqual({ path, frame: 'DENY' });
      expect({ path, hsts: header('strict-transport-security') }).toEqual({
        path,
        hsts: expect.stringMatching(/^max-age=\d{8}/),
      });
      expect({ path, by: answer.headers.get('x-powered-by') }).toEqual({ path, by: null });
      const cookie = path.startsWith('/slack/')
        ? /^(|leadrescue_install=[^;]*;.*HttpOnly; Secure; SameSite=Lax)$/
        : /^$/;
      expect({ path, cookie: header('set-cookie') }).toEqual({ path, cookie: expect.stringMatching(cookie) });
      const tags = [...text.matchAll(/<(?:script|style)\b[^>]*>/g)].map(([tag]) => tag);
      expect({ path, tags: tags.filter((tag) => !/^<(script|style) nonce="[^"]{16,}">$/.test(tag)) }).toEqual({
        path,
        tags: [],
      });
      expect({ path, outside: /(?:src|action)="(?:https?:)?\/\//.test(text) }).toEqual({ path, outside: false });
      expect({ path, handlers: /<[^>]+\son\w+=/.test(text) }).toEqual({ path, handlers: false });
    }
  });

  test('a page that shows something of somebody is kept by no cache', async () => {
    for (const path of Object.entries(known).flatMap(([pattern, each]) =>
      /:(token|slug)/.test(pattern) ? each : [],
    )) {
      const answer = await fetch(edge.origin + path, { headers: { accept: 'text/html' }, redirect: 'manual' });
      await answer.arrayBuffer();
      expect([path, answer.headers.get('cache-control')]).toEqual([path, expect.stringContaining('no-store')]);
    }
  });
});
