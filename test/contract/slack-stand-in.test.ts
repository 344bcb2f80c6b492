import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type BoltApp,
  filled,
  formModal,
  openModal,
  says,
  startBoltApp,
  text,
  violationsOf,
  type Web,
} from '../support/bolt-app.ts';
import { FORM, type JsonObject, signatureOf, type TestSlack, U_ERIK, U_SOFIA, visibleText } from '../support/slack.ts';

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

describe('the way of a lead', () => {
  test('slash command, modal, error at the field, submission, message, button, update', async () => {
    const before = slack.violations.length;
    const modal = await openModal(app);
    on.view = async ({ ack }) => ack({ response_action: 'errors', errors: { phone: 'That number has 8 digits.' } });
    const wrong = await slack.submit(U_SOFIA, modal, { ...filled, Mobile: '12345678' });
    expect(wrong).toMatchObject({
      refusedBy: 'app',
      labelledErrors: { Mobile: 'That number has 8 digits.' },
      closed: false,
    });

    let seen: JsonObject = {};
    on.view = async ({ ack, body, client }) => {
      seen = body;
      await ack();
      const button = { type: 'button' as const, action_id: 'won', text: text('Won'), value: 'lead_1' };
      const blocks = [says('*Anna*'), { type: 'actions' as const, elements: [button] }];
      await client.chat.postMessage({ channel: '#drives', text: 'Anna', blocks });
    };
    const done = await slack.submit(U_SOFIA, modal, { Mobile: '+46 70 123 45 67', Seller: '@erik' });
    expect(done).toMatchObject({ status: 200, refusedBy: null, closed: true, view: null });
    expect(seen).toMatchObject({ view: { callback_id: 'log_drive', private_metadata: 'C1' }, user: { id: U_SOFIA } });
    expect(seen).toMatchObject({
      view: {
        state: {
          values: {
            name: { value: { type: 'plain_text_input', value: 'Anna' } },
            phone: { value: { value: '+46 70 123 45 67' } },
            lang: { value: { selected_option: { value: 'sv' } } },
            photo: { value: { files: [] } },
            consent: { value: { selected_options: [{ value: 'yes' }] } },
            seller: { value: { selected_user: U_ERIK } },
          },
        },
      },
    });

    const card = await slack.waitFor(() => slack.messages('drives').at(-1), 'the card');
    expect(visibleText(card)).toBe('*Anna*\nWon');
    on.action = async ({ ack, body, client }) => {
      await ack();
      const { channel, message } = body as { channel: { id: string }; message: { ts: string } };
      await client.chat.update({ channel: channel.id, ts: message.ts, text: 'Anna: won' });
    };
    await slack.click(U_SOFIA, { message: card }, 'Won');
    const updated = await slack.waitFor(
      () => slack.message('drives', card.ts)?.edited && slack.message('drives', card.ts),
      'the update',
    );
    expect(updated.text).toBe('Anna: won');
    expect(updated.blocks).toBeUndefined();
    expect(slack.violations.slice(before)).toEqual([]);
  });

  test('an answer to the slash command is shown: text to its author only, in_channel to all', async () => {
    on.command = async ({ ack }) => ack('Try /drive Anna');
    const { shown } = await slack.slash(U_SOFIA, '/lead', 'help', { channel: '#drives' });
    expect(shown).toMatchObject({ text: 'Try /drive Anna', ephemeral_to: U_SOFIA });
    on.command = async ({ ack }) => ack({ response_type: 'in_channel', text: 'Hello all' });
    await slack.slash(U_SOFIA, '/lead', '', { channel: '#drives' });
    expect(slack.messages('drives').at(-1)).toMatchObject({ text: 'Hello all', bot_id: slack.bot.botId });
  });

  test('the fields of a slash command, a global and a message shortcut arrive as Slack sends them', async () => {
    const bodies: JsonObject[] = [];
    on.command = async ({ ack, body }) => {
      bodies.push(body);
      await ack();
    };
    on.shortcut = async ({ ack, body }) => {
      bodies.push(body);
      await ack();
    };
    await slack.slash(U_SOFIA, '/drive', 'Anna +46', { channel: 'dm' });
    expect(bodies[0]).toMatchObject({
      command: '/drive',
      text: 'Anna +46',
      team_id: 'T0DEMO',
      channel_id: 'D0SOFIA',
      channel_name: 'directmessage',
      user_name: 'sofia',
      is_enterprise_install: 'false',
    });
    await slack.shortcut(U_SOFIA, 'log_drive');
    expect(bodies.at(-1)).toMatchObject({ type: 'shortcut', callback_id: 'log_drive' });
    expect(bodies.at(-1)).not.toHaveProperty('channel');
    const { message } = await slack.say(U_ERIK, 'drives', 'A lead called');
    await slack.messageShortcut(U_SOFIA, 'from_message', message);
    expect(bodies.at(-1)).toMatchObject({ type: 'message_action', message: { text: 'A lead called' } });
  });
});

describe('triggers', () => {
  const open = (trigger_id: string) => web.views.open({ trigger_id, view: formModal() as never });

  test('are good for one view', async () => {
    const { triggerId } = await slack.slash(U_SOFIA, '/drive');
    expect((await open(triggerId)).ok).toBe(true);
    const codes = await violationsOf(slack, () =>
      expect(open(triggerId)).rejects.toEqual(refused('exchanged_trigger_id')),
    );
    expect(codes).toEqual(['exchanged_trigger_id']);
  });

  test('expire after three seconds of the machine clock', async () => {
    const { triggerId } = await slack.slash(U_SOFIA, '/drive');
    app.ahead(3001);
    await expect(open(triggerId)).rejects.toEqual(refused('expired_trigger_id'));
  });

  test('cannot be made up', async () => {
    await expect(open('123.456.abc')).rejects.toEqual(refused('invalid_trigger_id'));
  });
});

describe('requests to the app', () => {
  test('are signed as Slack publishes it', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    expect(signatureOf('8f742231b10e8888abcd99yyyzzz85a5', '1531420618', body)).toBe(
      'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    );
  });

  test('with another secret, without signature or ten minutes old are refused by Bolt', async () => {
    const body = 'command=%2Fdrive&text=&team_id=T0DEMO&user_id=U0SOFIA';
    const seconds = Math.floor(Date.now() / 1000);
    expect((await slack.send(body, FORM, { secret: 'guessed' })).status).toBe(401);
    expect((await slack.send(body, FORM, { unsigned: true })).status).toBe(401);
    expect((await slack.send(body, FORM, { timestamp: seconds - 600 })).status).toBe(401);
    expect((await slack.send(body, FORM)).status).toBe(200);
  });

  test('acknowledged after three seconds are not counted as answered', async () => {
    on.command = async ({ ack }) => {
      app.ahead(3100);
      await ack('too late');
    };
    let late: Awaited<ReturnType<TestSlack['slash']>> | undefined;
    const codes = await violationsOf(slack, async () => {
      late = await slack.slash(U_SOFIA, '/drive');
    });
    expect(codes).toEqual(['late_ack']);
    expect(late).toMatchObject({ late: true, shown: null });
  });

  test('pass the handshake', async () => {
    expect(await slack.verifyUrl()).toBe(true);
  });
});
