import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { answer } from '../../../src/manifest.ts';
import { BOT_EVENTS, manifest } from '../../../src/slack/manifest.ts';
import { appRemoved, homeOpened, userChanged } from '../../../src/slack/payloads.ts';
import { SCOPES } from '../../../src/slack/scopes.ts';

/* What commands and shortcuts it names is held against what is registered in test/integration/slack/permissions.test.ts. */

const URL = 'https://leads.example.com';
/** Which scope each method of the Web API asks for (docs.slack.dev, the methods' own pages). */
const ASKS: Record<string, string[]> = {
  'auth.test': [],
  'chat.delete': ['chat:write'],
  'chat.getPermalink': [],
  'chat.postMessage': ['chat:write'],
  'chat.update': ['chat:write'],
  'conversations.history': ['channels:history', 'groups:history', 'im:history'],
  'conversations.info': ['channels:read', 'groups:read'],
  'conversations.join': ['channels:join'],
  'conversations.open': ['im:write'],
  'conversations.replies': ['channels:history', 'groups:history', 'im:history'],
  'files.completeUploadExternal': ['files:write'],
  'files.delete': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.info': ['files:read'],
  'oauth.v2.access': [],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
};

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? sources(file) : [readFileSync(file, 'utf8')];
  });
}

describe('the manifest of the Slack app', () => {
  test('asks for the scopes of the methods that are called, and for no others', () => {
    const code = sources(path.resolve(import.meta.dirname, '../../../src/slack')).join('\n');
    const families = 'auth|chat|conversations|files|oauth|users|views|team|pins|bookmarks|usergroups|reminders';
    const called = new Set(code.match(new RegExp(`(?<=')(?:${families})\\.[a-zA-Z0-9.]+(?=')`, 'g')));
    expect([...called].filter((method) => !(method in ASKS))).toEqual([]);
    const wanted = new Set([...called].flatMap((method) => ASKS[method] ?? []));
    // commands and shortcuts; `reactions.add` and `reactions.remove` are put together from two words
    for (const scope of ['commands', 'reactions:write']) wanted.add(scope);
    expect(Object.keys(SCOPES).sort()).toEqual([...wanted].sort());
  });

  test('hears the events that the edge reads', () => {
    const removed = appRemoved.shape.event.options.map((option) => option.shape.type.value);
    const heard = [homeOpened, userChanged].map(({ shape }) => shape.event.shape.type.value);
    expect([...BOT_EVENTS].sort()).toEqual([...heard, ...removed].sort());
  });

  test('keeps the limits of Slack', () => {
    const made = manifest(URL) as { features: { slash_commands: object[]; shortcuts: { name: string }[] } };
    expect(made.features.slash_commands.length).toBeLessThanOrEqual(50);
    for (const { name } of made.features.shortcuts) expect(name.length).toBeLessThanOrEqual(24);
  });

  test('names the public address everywhere, and none in socket mode', () => {
    const http = answer([], URL);
    expect(http.code).toBe(0);
    expect(JSON.parse(http.text)).toMatchObject({
      oauth_config: { redirect_urls: [`${URL}/slack/oauth_redirect`] },
      settings: { interactivity: { request_url: `${URL}/slack/events` }, org_deploy_enabled: false },
    });
    const socket = answer(['--socket'], undefined);
    expect(socket.text).not.toContain('http');
    expect(JSON.parse(socket.text)).toMatchObject({ settings: { socket_mode_enabled: true } });
  });

  test('says what is missing or not understood', () => {
    expect(answer([], undefined)).toMatchObject({ code: 1, text: expect.stringContaining('PUBLIC_URL is missing') });
    expect(answer(['ftp://x'], undefined)).toMatchObject({ code: 1, text: expect.stringContaining('PUBLIC_URL') });
    expect(answer(['--nope'], URL)).toMatchObject({ code: 2, text: expect.stringContaining('Usage') });
  });
});
