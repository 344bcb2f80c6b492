import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { KnownError } from '../../../src/lib/errors.ts';
import type { Asked, Feature } from '../../../src/slack/feature.ts';
import { button, input, plain } from '../../../src/slack/views.ts';
import { spoiledForm, spoiledJson } from '../../support/hostile.ts';
import { FORM, U_ERIK, U_SOFIA, U_STRANGER, visibleText } from '../../support/slack.ts';
import { startEdge, type TestEdge } from '../../support/slack-edge.ts';

/** What the tested commands, buttons and windows do this time. */
let act: (asked: Asked, text: string) => Promise<void> = async () => {};
const ran: string[] = [];

const tested: Feature = {
  commands: [
    {
      name: '/test',
      summary: 'Runs what a test wants.',
      permission: 'lead.log',
      async run(asked, text) {
        ran.push(text);
        await act(asked, text);
        return {
          text: 'done',
          blocks: [{ type: 'actions', elements: [button({ text: 'Press', actionId: 'test_press', value: 'v1' })] }],
        };
      },
    },
    { name: '/group', summary: 'Has words of its own.', permission: 'lead.log', run: async () => undefined },
    {
      name: '/group managers',
      summary: 'For managers.',
      permission: 'lead.see_all',
      run: async () => ({ text: 'secret' }),
    },
  ],
  actions: {
    test_press: {
      permission: 'lead.log',
      async run(asked, value) {
        ran.push(`pressed ${value}`);
        await act(asked, value);
      },
    },
  },
  modals: {
    test_form: {
      permission: 'lead.log',
      async submit(asked, values) {
        await act(asked, values.text('car'));
        return { kind: 'close' };
      },
    },
  },
  shortcuts: { test_shortcut: { permission: 'lead.log', run: (asked) => act(asked, '') } },
};

let world: TestEdge;
beforeAll(async () => {
  world = await startEdge({ features: [tested] });
  await world.staff(U_SOFIA);
});
afterEach(() => {
  act = async () => {};
  ran.length = 0;
  world.slack.mischief.reset();
  expect(world.slack.violations).toEqual([]);
});
afterAll(() => world.stop());

const command = (more: Record<string, string> = {}) =>
  new URLSearchParams({
    command: '/test',
    text: 'x',
    team_id: 'T0DEMO',
    user_id: U_SOFIA,
    channel_id: 'C0GENERAL',
    trigger_id: '1.2.x',
    ...more,
  }).toString();

const now = () => Math.floor(Date.now() / 1000);

describe('the door of /slack/events', () => {
  test.each([
    ['unsigned', { unsigned: true }],
    ['signed with another secret', { secret: 'somebody else' }],
    ['six minutes old', { late: -360 }],
    ['six minutes from the future', { late: 360 }],
    ['without a timestamp that is one', { late: Number.NaN }],
  ])(
    'refuses a request that is %s with 401, and nothing happens',
    async (_name, { late = 0, ...forgery }: { late?: number; unsigned?: boolean; secret?: string }) => {
      const answer = await world.slack.send(command(), FORM, { ...forgery, timestamp: now() + late });
      expect([answer.status, answer.body]).toEqual([401, '']);
      expect(ran).toEqual([]);
    },
  );

  test('takes a request that is four minutes old, or four minutes early', async () => {
    for (const offset of [-240, 240]) {
      expect((await world.slack.send(command({ text: `${offset}` }), FORM, { timestamp: now() + offset })).status).toBe(
        200,
      );
    }
    expect(ran).toEqual(['-240', '240']);
  });

  test('takes the form type with a charset, as some proxies write it', async () => {
    expect((await world.slack.send(command(), `${FORM}; charset=utf-8`)).status).toBe(200);
    expect(ran).toEqual(['x']);
  });

  test.each([
    ['no body', '', FORM, 400],
    ['JSON that breaks off', '{"type":"event_callback"', 'application/json', 400],
    ['JSON null', 'null', 'application/json', 400],
    ['an event that is null', '{"type":"event_callback","team_id":"T0DEMO","event":null}', 'application/json', 400],
    ['a payload that is no JSON', 'payload=%7Bnope', FORM, 400],
    [
      'a payload of a kind Slack does not send',
      `payload=${encodeURIComponent('{"type":"dialog_cancellation"}')}`,
      FORM,
      400,
    ],
    ['a payload without a person', `payload=${encodeURIComponent('{"type":"view_submission","view":{}}')}`, FORM, 400],
    ['a command without a person', 'command=%2Ftest&team_id=T0DEMO', FORM, 400],
    ['a command that is no command', command({ command: 'test' }), FORM, 400],
    ['two commands', `${command()}&command=%2Fother`, FORM, 400],
    ['more than a megabyte', command({ text: 'x'.repeat(1_100_000) }), FORM, 413],
  ])('answers %s with a 4xx at once, though the signature is right', async (_name, body, type, status) => {
    const answer = await world.slack.send(body, type);
    expect(answer.status).toBe(status);
    expect(answer.ms).toBeLessThan(3000);
    expect(ran).toEqual([]);
  });

  const slackForm = Object.fromEntries(new URLSearchParams(command()));
  const interaction = { user: { id: U_SOFIA, team_id: 'T0DEMO' }, team: { id: 'T0DEMO' }, trigger_id: '1.2.x' };
  const payloads: [string, object][] = [
    [
      'a button',
      {
        ...interaction,
        type: 'block_actions',
        container: { message_ts: '1.1', channel_id: 'C0GENERAL' },
        channel: { id: 'C0GENERAL' },
        actions: [{ type: 'button', action_id: 'test_press', value: 'v1', block_id: 'b' }],
      },
    ],
    [
      'a window',
      {
        ...interaction,
        type: 'view_submission',
        view: {
          id: 'V1',
          type: 'modal',
          callback_id: 'test_form',
          private_metadata: '{}',
          hash: 'h',
          blocks: [{ type: 'input', block_id: 'car' }],
          state: { values: { car: { car: { type: 'plain_text_input', value: 'X' } } } },
        },
      },
    ],
    [
      'a shortcut',
      {
        ...interaction,
        type: 'message_action',
        callback_id: 'test_shortcut',
        channel: { id: 'C0GENERAL' },
        message: { ts: '1.1', text: 'x', blocks: [] },
      },
    ],
  ];
  const event = {
    type: 'event_callback',
    team_id: 'T0DEMO',
    event: { type: 'app_home_opened', user: U_SOFIA, tab: 'home' },
  };
  const asPayload = (json: string) => new URLSearchParams({ payload: json }).toString();

  test.each<[string, fc.Arbitrary<string>, string]>([
    ['a command', spoiledForm(slackForm).map((fields) => new URLSearchParams(fields).toString()), FORM],
    ...payloads.map(([name, good]): [string, fc.Arbitrary<string>, string] => [
      name,
      spoiledJson(good).map(asPayload),
      FORM,
    ]),
    ['an event', spoiledJson(event), 'application/json'],
  ])('%s that nobody should send is answered, whatever it holds', async (_name, spoiled, type) => {
    await fc.assert(
      fc.asyncProperty(spoiled, async (body) => {
        expect((await world.slack.send(body, type)).status).toBeLessThan(500);
      }),
      { seed: 84, numRuns: 16, endOnFailure: true },
    );
  });

  test('refuses a compressed body', async () => {
    const answer = await world.slack.send(command(), FORM, { headers: { 'content-encoding': 'gzip' } });
    expect(answer.status).toBe(415);
  });

  test('a request that comes twice has one effect', async () => {
    const timestamp = now();
    const answers = await Promise.all(
      [1, 2, 3].map(() => world.slack.send(command({ text: 'once' }), FORM, { timestamp })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(ran).toEqual(['once']);
  });

  test('answers the certificate check without a signature, and reads nothing else in it', async () => {
    const answer = await world.slack.send(`ssl_check=1&${command()}`, FORM, { unsigned: true });
    expect([answer.status, answer.body]).toEqual([200, '']);
    expect(ran).toEqual([]);
  });

  test('passes the handshake, and hears events without an answer', async () => {
    expect(await world.slack.verifyUrl()).toBe(true);
    const { answer } = await world.slack.deliver({ type: 'team_rename', name: 'Nordic' });
    expect(answer?.status).toBe(200);
    expect((await world.slack.send('{"type":"app_rate_limited"}', 'application/json')).status).toBe(200);
  });

  test('does not say what it is built with', async () => {
    expect((await fetch(`${world.url}/slack/events`, { method: 'POST' })).headers.get('x-powered-by')).toBeNull();
  });
});

describe('finding what somebody meant', () => {
  test('a wrong word is answered with the nearest one', async () => {
    const { shown } = await world.slack.slash(U_SOFIA, '/rescue', 'tmeplates');
    expect(shown?.text).toContain('Did you mean `/rescue templates`?');
    expect((await world.slack.slash(U_SOFIA, '/group', 'nonsense')).shown?.text).toContain(
      'There is no `/group nonsense`.',
    );
  });

  test('a command that is not ours is answered, too', async () => {
    expect((await world.slack.slash(U_SOFIA, '/unknown')).shown?.text).toContain('`/rescue help`');
  });

  test('who may not is told who may', async () => {
    const { shown } = await world.slack.slash(U_SOFIA, '/group', 'managers');
    expect(shown?.text).toBe('Only managers and admins can do this. Ask one of your admins.');
  });

  test('old buttons and windows say that they are old', async () => {
    const { shown } = await world.slack.slash(U_SOFIA, '/test');
    if (!shown) throw new Error('nothing shown');
    const old = { ...shown, blocks: JSON.parse(JSON.stringify(shown.blocks).replace('test_press', 'gone_press')) };
    await world.slack.click(U_SOFIA, { message: { ...old, ephemeral_to: undefined } }, 'gone_press');
    const told = await world.slack.waitFor(
      () => world.slack.ephemerals(U_SOFIA).find((message) => message.text.includes('older version')),
      'an answer to an old button',
    );
    expect(told.text).toContain('/lead');
    await world.slack.shortcut(U_ERIK, 'gone_shortcut');
    await world.slack.waitFor(
      () => world.slack.messages(U_ERIK).find((m) => m.text.includes('older version')),
      'a message',
    );
  });

  test('a link button is left to the browser', async () => {
    const before = world.slack.ephemerals(U_SOFIA).length;
    act = (asked) =>
      asked.whisper({
        text: 'link',
        blocks: [
          { type: 'actions', elements: [button({ text: 'Open', actionId: 'some_link', url: 'https://x.example' })] },
        ],
      });
    await world.slack.slash(U_SOFIA, '/test');
    const message = world.slack.ephemerals(U_SOFIA).find(({ text }) => text === 'link');
    if (!message) throw new Error('no link shown');
    const { status } = await world.slack.click(U_SOFIA, { message }, 'Open');
    expect(status).toBe(200);
    expect(world.slack.ephemerals(U_SOFIA).length).toBe(before + 2);
  });
});

describe('errors are told where they happened', () => {
  const reference = /^Something went wrong here, nothing was changed\. Reference ([0-9a-f]{6})\.$/;

  test('a known one in its own words, escaped', async () => {
    act = async () => {
      throw new KnownError('conflict', 'for the log', 'No: <!channel> & co. are busy.');
    };
    const { shown } = await world.slack.slash(U_SOFIA, '/test');
    expect(shown?.text).toBe('No: &lt;!channel&gt; &amp; co. are busy.');
  });

  test('an unknown one with a reference that is in the log, and nothing of its text', async () => {
    act = async () => {
      throw new Error('relation "secret" does not exist');
    };
    const { shown } = await world.slack.slash(U_SOFIA, '/test');
    const [, code] = reference.exec(shown?.text ?? '') ?? [];
    expect(code).toBeDefined();
    const line = world.logged.find((entry) => entry.reference === code);
    expect(line).toMatchObject({ level: 'error', msg: 'a request from Slack failed', what: '/test' });
  });

  test('that of a button by a whisper, that of a shortcut by direct message', async () => {
    const { shown } = await world.slack.slash(U_SOFIA, '/test');
    if (!shown) throw new Error('nothing shown');
    act = async () => {
      throw new KnownError('conflict', 'x', 'That is not possible now.');
    };
    await world.slack.click(U_SOFIA, { message: shown }, 'Press');
    const whispered = () => world.slack.ephemerals(U_SOFIA).find(({ text }) => text === 'That is not possible now.');
    expect((await world.slack.waitFor(whispered, 'a whisper')).channel).toBe(shown.channel);
    await world.slack.shortcut(U_SOFIA, 'test_shortcut');
    const said = () => world.slack.messages(U_SOFIA).find(({ text }) => text === 'That is not possible now.');
    await world.slack.waitFor(said, 'a direct message');
  });

  test('that of a window on top of it, or at the inputs it names', async () => {
    const form = {
      type: 'modal' as const,
      callback_id: 'test_form',
      title: plain('Form'),
      submit: plain('Send'),
      blocks: [input('car', 'Car', { type: 'plain_text_input' }, { optional: true })],
    };
    act = async (asked) => {
      await asked.slack.call('views.open', { trigger_id: asked.triggerId, view: form }, z.object({}));
    };
    const open = await (await world.slack.slash(U_SOFIA, '/test')).modal();
    act = async () => {
      throw new KnownError('validation_error', 'x', 'y', {
        problems: [
          { field: 'car', message: 'Too new.' },
          { field: 'elsewhere', message: 'And too fast.' },
        ],
      });
    };
    expect((await world.slack.submit(U_SOFIA, open, { Car: 'BMW' })).errors).toEqual({ car: 'Too new. And too fast.' });
    act = async () => {
      throw new KnownError('unavailable', 'x', 'Not now.');
    };
    const answer = await world.slack.submit(U_SOFIA, open, { Car: 'BMW' });
    expect(answer.view?.view.previous_view_id).toBe(open.view.id);
    expect(JSON.stringify(answer.view?.view.blocks)).toContain('Not now.');
    await world.slack.closeView(U_SOFIA, { everything: true });
  });

  test('when Slack is down, the person still learns it, by the answer itself', async () => {
    act = async (asked) => {
      world.slack.mischief.outage = 'unavailable';
      await asked.slack.call('chat.postMessage', { channel: U_SOFIA, text: 'x' }, z.object({}));
    };
    const { shown } = await world.slack.slash(U_SOFIA, '/test');
    expect(shown?.text).toBe('Slack did not answer. Try again in a minute.');
  });

  test('when Slack limits our rate, the person is told for how long', async () => {
    act = async (asked) => {
      world.slack.mischief.rateLimit = { retryAfter: 7, times: 1 };
      await asked.slack.call('chat.postMessage', { channel: U_SOFIA, text: 'x' }, z.object({}));
    };
    expect((await world.slack.slash(U_SOFIA, '/test')).shown?.text).toBe(
      'Slack asks us to slow down. Try again in 7 seconds.',
    );
  });
});

describe('answers', () => {
  test('that take longer than Slack waits come by the response URL', async () => {
    let go: () => void = () => {};
    const slow = new Promise<void>((resolve) => {
      go = resolve;
    });
    act = () => slow;
    const answer = await world.slack.slash(U_SOFIA, '/test', 'slow one');
    expect([answer.status, answer.late, answer.shown]).toEqual([200, false, null]);
    const before = world.slack.ephemerals(U_SOFIA).length;
    go();
    const late = await world.slack.waitFor(() => world.slack.ephemerals(U_SOFIA)[before], 'the late answer');
    expect(visibleText(late)).toContain('Press');
  });

  test('and what runs afterwards does not keep anybody waiting, its errors are told as well', async () => {
    act = async (asked) => {
      asked.afterwards(async () => {
        throw new KnownError('conflict', 'x', 'It went wrong afterwards.');
      });
    };
    expect((await world.slack.slash(U_SOFIA, '/test')).shown?.text).toBe('done');
    await world.slack.waitFor(
      () => world.slack.ephemerals(U_SOFIA).find(({ text }) => text === 'It went wrong afterwards.'),
      'the error of what ran afterwards',
    );
  });

  test('a whisper in a thread stays in the thread', async () => {
    const root = await world.slack.say(U_SOFIA, 'general', 'root');
    act = async (asked) => {
      await asked.slack.call(
        'chat.postMessage',
        {
          channel: 'C0GENERAL',
          thread_ts: root.message.ts,
          text: 'reply',
          blocks: [{ type: 'actions', elements: [button({ text: 'Press', actionId: 'test_press', value: 'v2' })] }],
        },
        z.object({}),
      );
    };
    await world.slack.slash(U_SOFIA, '/test');
    const message = world.slack.thread('general', root.message.ts).at(-1);
    if (!message) throw new Error('no reply');
    act = (asked) => asked.whisper({ text: 'only you' });
    await world.slack.click(U_SOFIA, { message }, 'Press');
    const told = await world.slack.waitFor(
      () => world.slack.ephemerals(U_SOFIA).find(({ text }) => text === 'only you'),
      'a whisper',
    );
    expect(told.thread_ts).toBe(root.message.ts);
  });

  test('a stranger of a shared channel is refused, whatever they press', async () => {
    const { shown } = await world.slack.slash(U_SOFIA, '/test');
    if (!shown) throw new Error('nothing shown');
    ran.length = 0;
    const message = { ...shown, ephemeral_to: undefined };
    await world.slack.click(U_STRANGER, { message }, 'Press');
    const told = await world.slack.waitFor(
      () => world.slack.ephemerals(U_STRANGER).find(({ text }) => text.includes('Only')),
      'an answer',
    );
    expect(told.text).toContain('Only salespeople, managers and admins');
    expect(ran).toEqual([]);
  });
});
