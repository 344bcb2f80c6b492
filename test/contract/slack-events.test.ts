import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type BoltApp, formModal, option, says, startBoltApp, text, type Web } from '../support/bolt-app.ts';
import {
  type JsonObject,
  type TestSlack,
  U_ERIK,
  U_GUEST,
  U_MARIA,
  U_SOFIA,
  U_STRANGER,
  visibleText,
} from '../support/slack.ts';

let app: BoltApp;
let slack: TestSlack;
let on: BoltApp['on'];
let web: Web;

beforeAll(async () => {
  app = await startBoltApp();
  ({ slack, on, web } = app);
});
afterEach(() => app.reset());
afterAll(() => app.stop());

const refused = (code: string) => expect.objectContaining({ data: expect.objectContaining({ error: code }) });

describe('messages only one person sees, and answers to actions', () => {
  const withButtons = [
    says('Choose'),
    {
      type: 'actions' as const,
      elements: [
        { type: 'button' as const, action_id: 'why', text: text('Why?'), value: '1' },
        { type: 'overflow' as const, action_id: 'more', options: [option('Close', 'close'), option('Lost', 'lost')] },
      ],
    },
  ];

  test('an ephemeral needs a member, its buttons come without the message', async () => {
    const outsider = web.chat.postEphemeral({ channel: 'C0DRIVES', user: U_GUEST, text: 'psst' });
    await expect(outsider).rejects.toEqual(refused('user_not_in_channel'));
    await web.chat.postEphemeral({ channel: 'C0DRIVES', user: U_SOFIA, text: 'psst', blocks: withButtons });
    const [message] = slack.ephemerals(U_SOFIA).slice(-1);
    if (message === undefined) throw new Error('no ephemeral');
    let seen: JsonObject = {};
    on.action = async ({ ack, body, respond }) => {
      seen = body;
      await ack();
      await respond({ replace_original: true, text: 'Replaced' });
    };
    await slack.click(U_SOFIA, { message }, 'Why?');
    expect(seen).toMatchObject({ container: { is_ephemeral: true, message_ts: message.ts } });
    expect(seen).not.toHaveProperty('message');
    await slack.waitFor(() => slack.ephemerals(U_SOFIA).at(-1)?.text === 'Replaced', 'the replacement');
  });

  test('an overflow entry arrives as the chosen option', async () => {
    const posted = await web.chat.postMessage({ channel: 'C0DRIVES', text: 'x', blocks: withButtons });
    const message = slack.message('drives', String(posted.ts));
    if (message === undefined) throw new Error('no message');
    let seen: JsonObject = {};
    on.action = async ({ ack, body }) => {
      seen = body;
      await ack();
    };
    for (const wanted of ['Lost', { actionId: 'more', text: 'Lost' }, { actionId: 'more:lost' }]) {
      seen = {};
      await slack.click(U_SOFIA, { message }, wanted);
      expect(seen.actions).toEqual([
        expect.objectContaining({ type: 'overflow', action_id: 'more', selected_option: option('Lost', 'lost') }),
      ]);
    }
    await expect(slack.click(U_SOFIA, { message }, 'Nothing')).rejects.toThrow('there are "Why?" (why), "Close"');
  });

  test('a response URL is good for five answers and thirty minutes', async () => {
    const urls: string[] = [];
    on.command = async ({ ack, body }) => {
      urls.push(String(body.response_url));
      await ack();
    };
    const answer = (url: string | undefined, body: object) =>
      fetch(url ?? '', { method: 'POST', body: JSON.stringify(body) }).then(async (r) => [r.status, await r.text()]);
    await slack.slash(U_SOFIA, '/lead', '', { channel: '#drives' });
    for (let use = 1; use <= 5; use++) expect(await answer(urls[0], { text: `no. ${use}` })).toEqual([200, 'ok']);
    expect(await answer(urls[0], { text: 'no. 6' })).toEqual([404, 'used_url']);
    expect(slack.ephemerals(U_SOFIA).at(-1)?.text).toBe('no. 5');
    await slack.slash(U_SOFIA, '/lead');
    app.ahead(30 * 60 * 1000 + 1);
    expect(await answer(urls[1], { text: 'late' })).toEqual([404, 'expired_url']);
  });

  test('a select in a message and an external select tell the app', async () => {
    const picks = [
      {
        type: 'section' as const,
        text: text('Language'),
        accessory: { type: 'static_select' as const, action_id: 'lang', options: [option('Svenska', 'sv')] },
      },
      {
        type: 'section' as const,
        text: text('Lead'),
        accessory: { type: 'external_select' as const, action_id: 'lead', min_query_length: 1 },
      },
    ];
    const posted = await web.chat.postMessage({ channel: 'C0DRIVES', text: 'x', blocks: picks });
    const message = slack.message('drives', String(posted.ts));
    if (message === undefined) throw new Error('no message');
    const seen: JsonObject[] = [];
    on.action = async ({ ack, body }) => {
      seen.push(body);
      await ack();
    };
    on.options = async ({ ack, body }) => ack({ options: [option(`${String(body.value)} Karlsson`, 'lead_7')] });
    await slack.select(U_SOFIA, { message }, 'Language', 'Svenska');
    await slack.select(U_SOFIA, { message }, 'Lead', 'Anna');
    expect(seen.map((body) => (body.actions as JsonObject[])[0])).toEqual([
      expect.objectContaining({ type: 'static_select', selected_option: option('Svenska', 'sv') }),
      expect.objectContaining({ type: 'external_select', selected_option: option('Anna Karlsson', 'lead_7') }),
    ]);
  });
});

describe('events', () => {
  /** Bolt acknowledges events before it runs listeners, so what was heard has to be waited for. */
  function listen() {
    const bodies: JsonObject[] = [];
    const retries: (number | undefined)[] = [];
    let wake: () => void = () => undefined;
    on.event = async ({ body, retryNum }) => {
      bodies.push(body);
      retries.push(retryNum);
      wake();
    };
    const heard = async (count: number) => {
      while (bodies.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return { bodies, retries, events: bodies.map((body) => body.event as JsonObject) };
    };
    return heard;
  }

  test('messages arrive from direct messages, channels and threads', async () => {
    const heard = listen();
    await slack.say(U_SOFIA, 'dm', 'hi');
    const root = await slack.say(U_SOFIA, 'drives', 'root');
    await slack.say(U_ERIK, 'drives', 'reply', { thread: root.message.ts });
    expect((await heard(3)).events).toEqual([
      expect.objectContaining({ type: 'message', channel_type: 'im', channel: 'D0SOFIA', text: 'hi' }),
      expect.objectContaining({ channel_type: 'channel', channel: 'C0DRIVES' }),
      expect.objectContaining({ text: 'reply', thread_ts: root.message.ts, parent_user_id: U_SOFIA }),
    ]);
    slack.addChannel('quiet', { members: new Set([U_SOFIA]) });
    expect((await slack.say(U_SOFIA, 'quiet', 'unheard')).answer).toBeNull();
  });

  test('a mention is two events of one message, a retry carries its number and the same id', async () => {
    const heard = listen();
    const { eventId } = await slack.mention(U_SOFIA, 'drives', 'status 42');
    const { events } = await heard(2);
    expect(events.map((event) => event.type)).toEqual(['app_mention', 'message']);
    expect(events[0]?.ts).toBe(events[1]?.ts);
    await slack.redeliver(eventId, { num: 2, reason: 'http_timeout' });
    const { bodies, retries } = await heard(3);
    expect([bodies.at(-1)?.event_id, retries.at(-1)]).toEqual([eventId, 2]);
  });

  test('a shared channel is marked, and so is who comes from outside', async () => {
    const heard = listen();
    slack.addChannel('joint', { extShared: true, members: new Set([U_STRANGER, slack.bot.userId]) });
    await slack.say(U_STRANGER, 'joint', 'hello from next door');
    const { events, bodies } = await heard(1);
    expect(bodies[0]).toMatchObject({ is_ext_shared_channel: true, team_id: 'T0DEMO' });
    expect(events[0]).toMatchObject({ user: U_STRANGER, team: 'T0OTHER' });
  });

  test('a file in a channel is a message and file_shared', async () => {
    const heard = listen();
    const file = { name: 'a.png', mimetype: 'image/png', bytes: new Uint8Array([1]) };
    await slack.say(U_SOFIA, 'drives', 'look', { files: [file] });
    const { events } = await heard(2);
    expect(events.map((event) => event.subtype ?? event.type)).toEqual(['file_shared', 'file_share']);
  });

  test('the home tab is published on opening and its buttons work', async () => {
    on.event = async ({ body, client }) => {
      const { user } = body.event as { user: string };
      const blocks = [
        says(`Hello <@${user}>`),
        {
          type: 'actions' as const,
          elements: [{ type: 'button' as const, action_id: 'log', text: text('Log a drive') }],
        },
      ];
      await client.views.publish({ user_id: user, view: { type: 'home', blocks } });
    };
    await slack.openHome(U_MARIA);
    const home = await slack.waitFor(() => slack.home(U_MARIA), 'the home');
    expect(visibleText(home)).toBe(`Hello <@${U_MARIA}>\nLog a drive`);
    on.action = async ({ ack, body, client }) => {
      await ack();
      await client.views.open({ trigger_id: String(body.trigger_id), view: formModal() as never });
    };
    const opened = await slack.click(U_MARIA, { view: home }, 'Log a drive');
    expect((await opened.modal()).view.callback_id).toBe('log_drive');
  });
});
