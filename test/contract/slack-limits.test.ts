import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type BoltApp,
  formModal,
  option,
  says,
  startBoltApp,
  text,
  violationsOf,
  type Web,
} from '../support/bolt-app.ts';
import { type Block, type TestSlack, U_SOFIA } from '../support/slack.ts';

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

describe('limits of blocks and views', () => {
  const button = (more: object = {}) => ({ type: 'button', action_id: 'a', text: text('Go'), ...more });
  const actions = (...elements: object[]) => ({ type: 'actions', elements });
  const options = (count: number) => Array.from({ length: count }, (_, i) => option(`o${i}`, String(i)));
  const select = (more: object) => ({ type: 'static_select', action_id: 's', ...more });
  const long = (length: number) => 'x'.repeat(length);

  const tooMuch: [string, object[], string][] = [
    ['51 blocks', Array(51).fill(says('x')), 'no more than 50 items allowed [json-pointer:/blocks]'],
    [
      'a section of 3,001 characters',
      [says(long(3001))],
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['an empty section text', [says('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    ['a section without text', [{ type: 'section' }], 'must define either `text` or `fields`'],
    ['11 fields', [{ type: 'section', fields: Array(11).fill(text('x')) }], 'no more than 10 items allowed'],
    ['a header of 151', [{ type: 'header', text: text(long(151)) }], 'must be less than 151 characters'],
    ['a header in mrkdwn', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }], '/blocks/0/text/type'],
    [
      '11 context elements',
      [{ type: 'context', elements: Array(11).fill(text('x')) }],
      'no more than 10 items allowed',
    ],
    [
      '26 buttons',
      [actions(...Array.from({ length: 26 }, (_, i) => button({ action_id: `${i}` })))],
      'no more than 25 items',
    ],
    ['a button text of 76', [actions(button({ text: text(long(76)) }))], 'must be less than 76 characters'],
    ['a button value of 2,001', [actions(button({ value: long(2001) }))], 'must be less than 2001 characters'],
    ['an action_id of 256', [actions(button({ action_id: long(256) }))], 'must be less than 256 characters'],
    ['an unknown property', [actions(button({ disabled: true }))], 'invalid additional property: disabled'],
    ['an unknown block', [{ type: 'lead_card' }], 'unsupported type'],
    [
      'a button without text',
      [actions({ type: 'button' })],
      'missing required field: text [json-pointer:/blocks/0/elements/0]',
    ],
    ['101 options', [actions(select({ options: options(101) }))], 'no more than 100 items allowed'],
    [
      'an option text of 76',
      [actions(select({ options: [option(long(76), 'v')] }))],
      'must be less than 76 characters',
    ],
    [
      'an option value of 76',
      [actions(select({ options: [option('x', long(76))] }))],
      'must be less than 76 characters',
    ],
    ['no options', [actions(select({}))], 'must define either `options` or `option_groups`'],
    [
      'a default that is no option',
      [actions(select({ options: options(2), initial_option: option('o9', '9') }))],
      'initial option',
    ],
    [
      '6 overflow entries',
      [actions({ type: 'overflow', action_id: 'o', options: options(6) })],
      'no more than 5 items allowed',
    ],
    [
      'one block_id twice',
      [
        { ...says('a'), block_id: 'b' },
        { ...says('b'), block_id: 'b' },
      ],
      'block_id already exists: b',
    ],
    ['one action_id twice in a block', [actions(button(), button())], 'action_id already exists: a'],
    [
      'a file input outside a modal',
      [{ type: 'input', label: text('x'), element: { type: 'file_input' } }],
      'file_input needs a modal',
    ],
  ];

  test.each(tooMuch)('%s in a message is refused and noted', async (_name, blocks, message) => {
    const failed = {
      data: { error: 'invalid_blocks', response_metadata: { messages: [expect.stringContaining(message)] } },
    };
    const codes = await violationsOf(slack, () =>
      expect(web.chat.postMessage({ channel: 'C0DRIVES', text: 'x', blocks: blocks as never })).rejects.toMatchObject(
        failed,
      ),
    );
    expect(codes).toEqual(['invalid_blocks']);
  });

  test('what just fits is taken', async () => {
    const blocks = [
      ...Array(45).fill(says(long(3000))),
      { type: 'header', text: text(long(150)) },
      actions(button({ text: text(long(75)), value: long(2000), action_id: long(255) })),
      actions(select({ options: options(100), initial_option: option('o7', '7') })),
      actions(button()),
      { type: 'context', elements: Array(10).fill(text('x')) },
    ];
    const posted = await web.chat.postMessage({ channel: 'C0DRIVES', text: 'x', blocks: blocks as never });
    const ids = slack.message('drives', String(posted.ts))?.blocks?.map((block: Block) => block.block_id) ?? [];
    expect(new Set(ids).size).toBe(50);
  });

  const badViews: [string, object, string][] = [
    ['a title of 25', { title: text(long(25)) }, 'must be less than 25 characters [json-pointer:/view/title/text]'],
    ['a submit of 25', { submit: text(long(25)) }, 'must be less than 25 characters [json-pointer:/view/submit/text]'],
    ['inputs without submit', { submit: undefined }, '`submit` is required'],
    [
      'metadata of 3,001',
      { private_metadata: long(3001) },
      'must be less than 3001 characters [json-pointer:/view/private_metadata]',
    ],
    [
      '101 blocks',
      { blocks: Array(101).fill(says('x')) },
      'no more than 100 items allowed [json-pointer:/view/blocks]',
    ],
    ['no title', { title: undefined }, 'missing required field: title [json-pointer:/view]'],
    ['a message-only block', { blocks: [{ type: 'markdown', text: 'x' }] }, 'unsupported type'],
  ];

  test.each(badViews)('%s in a modal is refused', async (_name, change, message) => {
    const { triggerId } = await slack.slash(U_SOFIA, '/drive');
    const failed = {
      data: { error: 'invalid_arguments', response_metadata: { messages: [expect.stringContaining(message)] } },
    };
    const view = { ...formModal(), ...change } as never;
    await expect(web.views.open({ trigger_id: triggerId, view })).rejects.toMatchObject(failed);
  });

  test('a view of more than 250 kB is too large', async () => {
    const { triggerId } = await slack.slash(U_SOFIA, '/drive');
    const view = { ...formModal(), submit: text('x'), blocks: Array(90).fill(says(long(2900))) } as never;
    await expect(web.views.open({ trigger_id: triggerId, view })).rejects.toEqual(refused('view_too_large'));
  });

  test('a message without anything is refused, one without fallback text is taken but noted', async () => {
    await expect(web.chat.postMessage({ channel: 'C0DRIVES', text: '' })).rejects.toEqual(refused('no_text'));
    const codes = await violationsOf(slack, () =>
      web.chat.postMessage({ channel: 'C0DRIVES', blocks: [says('x')], text: '' }),
    );
    expect(codes).toEqual(['missing_text']);
  });
});
