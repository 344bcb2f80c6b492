import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type BoltApp, says, startBoltApp, type Web } from '../support/bolt-app.ts';
import { type TestSlack, U_ADMIN, U_ERIK, U_GUEST, U_MARIA, U_SOFIA, U_STRANGER, U_ULTRA } from '../support/slack.ts';

let app: BoltApp;
let slack: TestSlack;
let web: Web;

beforeAll(async () => {
  app = await startBoltApp();
  ({ slack, web } = app);
});
afterEach(() => app.reset());
afterAll(() => app.stop());

const refused = (code: string) => expect.objectContaining({ data: expect.objectContaining({ error: code }) });

describe('the Web API', () => {
  test('answers unknown methods and wrong tokens with ok false and status 200', async () => {
    await expect(web.apiCall('leads.list')).rejects.toEqual(refused('unknown_method'));
    const stranger = app.clientWith('xoxb-other');
    await expect(stranger.auth.test()).rejects.toEqual(refused('invalid_auth'));
    const bare = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST' });
    expect([bare.status, await bare.json()]).toEqual([200, { ok: false, error: 'not_authed' }]);
    await expect(web.apps.connections.open({})).rejects.toEqual(refused('not_allowed_token_type'));
  });

  test('takes JSON bodies where Slack does', async () => {
    const call = (method: string, body: object) =>
      fetch(`${slack.apiUrl}${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(body),
      }).then((response) => response.json());
    expect(await call('chat.postMessage', { channel: 'C0DRIVES', text: 'x', blocks: [says('x')] })).toMatchObject({
      ok: true,
    });
    expect(await call('users.info', { user: U_SOFIA })).toMatchObject({ ok: false, error: 'invalid_post_type' });
  });

  test('knows the bot, the team and who is who', async () => {
    expect(await web.auth.test()).toMatchObject({
      team_id: 'T0DEMO',
      user_id: slack.bot.userId,
      bot_id: slack.bot.botId,
    });
    expect((await web.team.info()).team).toMatchObject({ id: 'T0DEMO', name: 'Nordic Motors' });
    const who = async (user: string) => (await web.users.info({ user, include_locale: true })).user;
    expect(await who(U_SOFIA)).toMatchObject({
      tz: 'Europe/Stockholm',
      locale: 'en-US',
      is_restricted: false,
      profile: { email: 'sofia@nordicmotors.example' },
    });
    expect([3600, 7200]).toContain((await who(U_SOFIA))?.tz_offset);
    expect(await who(U_ADMIN)).toMatchObject({ is_admin: true, is_owner: true });
    expect(await who(U_GUEST)).toMatchObject({ is_restricted: true, is_ultra_restricted: false });
    expect(await who(U_ULTRA)).toMatchObject({ is_restricted: true, is_ultra_restricted: true });
    expect(await who(U_STRANGER)).toMatchObject({ is_stranger: true, team_id: 'T0OTHER' });
    expect((await web.users.lookupByEmail({ email: 'ERIK@nordicmotors.example' })).user?.id).toBe(U_ERIK);
    await expect(web.users.info({ user: 'U0NOBODY' })).rejects.toEqual(refused('user_not_found'));
  });

  test('knows conversations: shared, private, direct, and where the bot is not', async () => {
    slack.addChannel('partners', { extShared: true, members: new Set([U_SOFIA, U_STRANGER, slack.bot.userId]) });
    slack.addChannel('managers', { kind: 'private', members: new Set([U_MARIA]) });
    slack.addChannel('random', { members: new Set([U_SOFIA]) });
    expect((await web.conversations.info({ channel: 'C0PARTNERS' })).channel).toMatchObject({ is_ext_shared: true });
    await expect(web.conversations.info({ channel: 'C0MANAGERS' })).rejects.toEqual(refused('channel_not_found'));
    await expect(web.chat.postMessage({ channel: 'C0RANDOM', text: 'x' })).rejects.toEqual(refused('not_in_channel'));
    await web.conversations.join({ channel: 'C0RANDOM' });
    expect((await web.chat.postMessage({ channel: 'C0RANDOM', text: 'x' })).ok).toBe(true);
    expect((await web.conversations.open({ users: U_ERIK })).channel?.id).toBe('D0ERIK');
    // an app remembers direct messages longer than a stand-in lives
    expect((await web.chat.postMessage({ channel: 'D0MARIA', text: 'x' })).channel).toBe('D0MARIA');
    const first = await web.conversations.members({ channel: 'C0PARTNERS', limit: 2 });
    expect(first.members).toHaveLength(2);
    const cursor = first.response_metadata?.next_cursor ?? '';
    const rest = await web.conversations.members({ channel: 'C0PARTNERS', limit: 2, cursor });
    expect(rest).toMatchObject({ members: [slack.bot.userId], response_metadata: { next_cursor: '' } });
    slack.addUser({ id: 'U0GONE', name: 'gone', realName: 'Gone', tz: 'UTC', deleted: true });
    await expect(web.conversations.open({ users: 'U0GONE' })).rejects.toEqual(refused('user_disabled'));
  });

  test('keeps threads and metadata, and posts to the channel when a thread is gone', async () => {
    const channel = 'C0DRIVES';
    const root = await web.chat.postMessage({
      channel,
      text: 'root',
      metadata: { event_type: 'lead', event_payload: { id: '7' } },
    });
    await web.chat.postMessage({ channel, text: 'reply', thread_ts: String(root.ts) });
    const asked = { channel, ts: String(root.ts) };
    const plainly = await web.conversations.replies(asked);
    expect(plainly.messages?.map((m) => m.text)).toEqual(['root', 'reply']);
    expect(plainly.messages?.[0]).not.toHaveProperty('metadata');
    const all = await web.conversations.replies({ ...asked, include_all_metadata: true });
    expect(all.messages?.[0]).toMatchObject({ metadata: { event_type: 'lead', event_payload: { id: '7' } } });
    await web.chat.update({ channel, ts: String(root.ts), text: 'root, changed' });
    const history = await web.conversations.history({ channel, limit: 1, include_all_metadata: true });
    expect(history.messages?.[0]).toMatchObject({
      text: 'root, changed',
      reply_count: 1,
      metadata: { event_type: 'lead' },
    });
    const link = await web.chat.getPermalink({ channel, message_ts: String(root.ts) });
    expect(link.permalink).toContain(`/archives/${channel}/p${String(root.ts).replace('.', '')}`);
    await web.chat.delete({ channel, ts: String(root.ts) });
    const orphan = await web.chat.postMessage({ channel, text: 'orphan', thread_ts: String(root.ts) });
    expect(orphan.message).not.toHaveProperty('thread_ts');
    await expect(web.chat.update({ channel, ts: String(root.ts), text: 'x' })).rejects.toEqual(
      refused('message_not_found'),
    );
  });

  test('lets the bot change only its own messages, and reactions only once', async () => {
    const { message } = await slack.say(U_SOFIA, 'drives', 'mine');
    const target = { channel: message.channel, ts: message.ts };
    await expect(web.chat.update({ ...target, text: 'x' })).rejects.toEqual(refused('cant_update_message'));
    await expect(web.chat.delete(target)).rejects.toEqual(refused('cant_delete_message'));
    const eyes = { channel: message.channel, timestamp: message.ts, name: 'eyes' };
    await web.reactions.add(eyes);
    expect(slack.message('drives', message.ts)?.reactions).toEqual([
      { name: 'eyes', users: [slack.bot.userId], count: 1 },
    ]);
    await expect(web.reactions.add(eyes)).rejects.toEqual(refused('already_reacted'));
    await web.reactions.remove(eyes);
    expect(slack.message('drives', message.ts)?.reactions).toEqual([]);
  });
});

describe('a bad day at Slack', () => {
  const post = () => web.chat.postMessage({ channel: 'C0DRIVES', text: 'hello' });

  test('rate limits come as 429 with Retry-After', async () => {
    slack.mischief.rateLimit = { retryAfter: 7, times: 1, methods: ['chat.postMessage'] };
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 7 });
    expect((await post()).ok).toBe(true);
  });

  test('a lost answer leaves the message posted', async () => {
    slack.mischief.loseAnswers = { times: 1 };
    const before = slack.messages('drives').length;
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    expect(slack.messages('drives')).toHaveLength(before + 1);
  });

  test('an outage refuses or cuts connections without any effect', async () => {
    const before = slack.messages('drives').length;
    slack.mischief.outage = 'unavailable';
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_http_error', statusCode: 503 });
    slack.mischief.outage = 'reset';
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    slack.mischief.outage = 'none';
    slack.mischief.refuse.set('chat.postMessage', 'account_inactive');
    await expect(post()).rejects.toEqual(refused('account_inactive'));
    expect(slack.messages('drives')).toHaveLength(before);
  });

  test('a slow answer still comes', async () => {
    slack.mischief.slowMs = 30;
    const started = performance.now();
    expect((await post()).ok).toBe(true);
    expect(performance.now() - started).toBeGreaterThanOrEqual(29);
  });
});
