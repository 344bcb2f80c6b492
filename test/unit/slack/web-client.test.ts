import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { ComeBackLater } from '../../../src/events/index.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { SlackRefusal } from '../../../src/slack/client.ts';
import { createLeanFetch, type LeanFetch } from '../../../src/slack/lean-fetch.ts';
import { createSlackClient } from '../../../src/slack/web-client.ts';
import { startSlack, type TestSlack, U_SOFIA } from '../../support/slack.ts';

const log = createLogger('silent');
const message = { channel: U_SOFIA, text: 'x' };
const anything = z.object({});

let slack: TestSlack;
let lean: LeanFetch;
beforeAll(async () => {
  slack = await startSlack({ eventsUrl: () => 'http://127.0.0.1:1' });
  lean = createLeanFetch({ timeoutMs: 5000, machine: Date.now });
});
afterAll(async () => {
  await lean.close();
  await slack.stop();
});

const client = (apiUrl = slack.apiUrl, { fetch } = lean) =>
  createSlackClient({ token: slack.botToken, apiUrl, fetch, log });

describe('a call', () => {
  test('gives the answer in the shape that was asked for', async () => {
    const answer = await client().call('auth.test', {}, z.object({ team_id: z.string() }));
    expect(answer.team_id).toBe('T0DEMO');
    await expect(client().call('auth.test', {}, z.object({ team_id: z.number() }))).rejects.toThrow(
      'auth.test: Slack answered in another shape',
    );
  });

  test("a refusal carries Slack's code", async () => {
    const call = client().call('chat.postMessage', { channel: 'C0NOWHERE', text: 'x' }, anything);
    await expect(call).rejects.toEqual(new SlackRefusal('chat.postMessage', 'channel_not_found'));
  });

  test('a limited rate says when to come back, and is not tried again by itself', async () => {
    slack.mischief.rateLimit = { retryAfter: 12, times: 1 };
    const before = slack.calls.length;
    await expect(client().call('chat.postMessage', message, anything)).rejects.toEqual(new ComeBackLater(12));
    expect(slack.calls).toHaveLength(before);
  });

  test.each(['unavailable', 'reset'] as const)('an outage (%s) is told as one', async (outage) => {
    slack.mischief.outage = outage;
    await expect(client().call('chat.postMessage', message, anything)).rejects.toMatchObject({ code: 'unavailable' });
    slack.mischief.reset();
  });

  test('an answer that got lost is not asked for twice', async () => {
    slack.mischief.loseAnswers = { times: 1, methods: ['chat.postMessage'] };
    await expect(client().call('chat.postMessage', message, anything)).rejects.toMatchObject({ code: 'unavailable' });
    expect(slack.messages(U_SOFIA)).toHaveLength(1);
  });

  test('one that takes too long is given up', async () => {
    const hasty = createLeanFetch({ timeoutMs: 300, machine: Date.now });
    slack.mischief.slowMs = 900;
    const call = client(slack.apiUrl, hasty).call('auth.test', {}, anything);
    await expect(call).rejects.toMatchObject({ code: 'unavailable' });
    slack.mischief.reset();
    await hasty.close();
  });

  test.each(['fatal_error', 'internal_error', 'service_unavailable'])(
    "Slack's own trouble (%s) is an outage",
    async (code) => {
      slack.mischief.refuse.set('auth.test', code);
      await expect(client().call('auth.test', {}, anything)).rejects.toMatchObject({ code: 'unavailable' });
      slack.mischief.reset();
    },
  );
});

describe('a download', () => {
  const url = (id: string) => `${new URL(slack.apiUrl).origin}/files-pri/T0DEMO-${id}/download/x.png`;
  const upload = (size: number) =>
    slack.upload(U_SOFIA, { name: 'x.png', mimetype: 'image/png', bytes: Buffer.alloc(size, 7) });

  test('brings the bytes and their kind', async () => {
    const file = await client().download(url(upload(2000).id), 2000);
    expect([file.mime, file.bytes]).toEqual(['image/png', Buffer.alloc(2000, 7)]);
  });

  test('stops where it is too large', async () => {
    await expect(client().download(url(upload(2001).id), 2000)).rejects.toMatchObject({ code: 'validation_error' });
  });

  test("takes Slack's sign-in page for what it is", async () => {
    const stranger = createSlackClient({ token: 'xoxb-other', apiUrl: slack.apiUrl, fetch: lean.fetch, log });
    await expect(stranger.download(url(upload(10).id), 2000)).rejects.toMatchObject({ code: 'not_found' });
    await expect(client().download(url('F0NONE'), 2000)).rejects.toMatchObject({ code: 'not_found' });
  });

  describe('sends the token nowhere else', () => {
    const heard: (string | undefined)[] = [];
    let other: Server;
    beforeAll(async () => {
      other = createServer((request, response) => {
        heard.push(request.headers.authorization);
        const to = request.url?.startsWith('/away') ? { location: 'http://127.0.0.1:1/elsewhere' } : {};
        response
          .writeHead(request.url?.startsWith('/away') ? 302 : 200, { 'content-type': 'image/png', ...to })
          .end('bytes');
      });
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => new Promise((resolve) => other.close(resolve)));
    const at = (path: string) => `http://127.0.0.1:${(other.address() as AddressInfo).port}${path}`;

    test('not to another host, not even one that looks like Slack', async () => {
      for (const wrong of [at('/file'), 'https://files.slack.com.evil.example/x', 'http://files.slack.com/x']) {
        await expect(client().download(wrong, 2000)).rejects.toMatchObject({ code: 'not_found' });
      }
      expect(heard).toEqual([]);
    });

    test('and not where a redirect leads', async () => {
      await expect(client(at('/api/')).download(at('/away'), 2000)).rejects.toMatchObject({ code: 'not_found' });
      expect(heard).toEqual([`Bearer ${slack.botToken}`]);
    });
  });
});
