import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Act, Message } from '../../../src/sandbox/wire.ts';
import { ANNA, openStage, SOFIA, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.toMonday();
  await stage.drive();
}, 60_000);
afterAll(() => stage.close());

const refused = async (act: Act) => {
  const { status, body } = await stage.post(act);
  return [status, body.error];
};
const slash = (command: string, text = '', user = SOFIA) =>
  stage.act({ act: 'slash', user, channel: 'C0GENERAL', command, text });
const at = ({ channel, ts }: Message, whisperTo?: string) => ({
  message: { channel, ts, ...(whisperTo !== undefined && { whisperTo }) },
});
const card = () =>
  stage.until('the card', (shown) =>
    shown.all('message', 'D0SOFIA').find(({ threadTs, text }) => !threadTs && /Anna/.test(text)),
  );

describe('in Slack, somebody at the page', () => {
  test('types a command and fills in the form that opens; Slack itself minds what is required', async () => {
    await slash('/drive', 'Bo Ek +46701740655 Volvo XC60');
    const form = await stage.until('the form', (shown) => shown.modal());
    expect(form).toMatchObject({ kind: 'modal', title: 'Log a test drive', errors: {} });
    expect(form.values.name).toEqual({ value: { type: 'plain_text_input', value: 'Bo Ek' } });

    await stage.act({ act: 'submit', user: SOFIA, view: form.id, values: { 'name/value': 'Bo Eklund' } });
    const incomplete = (await stage.state()).modal();
    expect(incomplete?.errors).toEqual({ consent: 'Please complete this required field.' });
    expect(incomplete?.values.name).toEqual({ value: { type: 'plain_text_input', value: 'Bo Eklund' } });

    await stage.act({ act: 'submit', user: SOFIA, view: form.id, values: { phone: '12', consent: true } });
    expect(Object.keys((await stage.state()).modal()?.errors ?? {})).toEqual(['phone']);

    await stage.act({ act: 'submit', user: SOFIA, view: form.id, values: { phone: '+46701740655' } });
    expect((await stage.state()).modal()).toBeUndefined();
    await stage.until('the lead', (shown) => shown.all('lead').some(({ name }) => name === 'Bo Eklund'));
  });

  test('uses a shortcut, chooses, and closes the form', async () => {
    await stage.act({ act: 'shortcut', user: SOFIA, callbackId: 'log_drive' });
    const form = await stage.until('the form', (shown) => shown.modal());
    const place = { view: form.id };
    await stage.act({ act: 'choose', user: SOFIA, place, actionId: 'name', value: 'Eva' });
    expect((await stage.state()).modal()?.values.name).toEqual({ value: { type: 'plain_text_input', value: 'Eva' } });
    expect(await refused({ act: 'suggest', user: SOFIA, place, actionId: 'nothing', typed: 'x' })).toEqual([
      400,
      expect.stringMatching(/^no field "nothing"; there are /),
    ]);
    await stage.act({ act: 'close', user: SOFIA });
    expect((await stage.state()).modal()).toBeUndefined();
    expect(await refused({ act: 'submit', user: SOFIA, view: form.id, values: {} })).toEqual([
      400,
      'That window is closed.',
    ]);
  });

  test('presses a button in a message, and in what is whispered', async () => {
    await stage.act({ act: 'press', user: SOFIA, place: at(await card()), actionId: 'lead_why' });
    const why = await stage.until('the explanation', (shown) => shown.modal());
    expect(why).toMatchObject({ title: 'Why?', submit: null });
    await stage.act({ act: 'close', user: SOFIA, everything: true });

    await slash('/lead', 'anna');
    const found = await stage.until('the answer', (shown) => shown.all('whisper', SOFIA).at(-1));
    expect(JSON.stringify(found.blocks)).toContain('Anna');
    expect(await refused({ act: 'press', user: SOFIA, place: at(found, SOFIA), actionId: 'no_such_button' })).toEqual([
      400,
      expect.stringMatching(/^no button .*; there are /),
    ]);
    expect(
      await refused({ act: 'press', user: SOFIA, place: at({ ...found, ts: '1.000001' }), actionId: 'x' }),
    ).toEqual([400, 'That message is gone.']);
  });

  test('answers a customer by a form, and it arrives', async () => {
    await stage.act({ act: 'write', number: ANNA, channel: 'whatsapp', body: 'Hej! Finns den kvar?' });
    const note = await stage.until('the note', (shown) =>
      shown.all('message', 'D0SOFIA').find(({ text }) => text.includes('Finns den kvar')),
    );
    await stage.act({ act: 'press', user: SOFIA, place: at(note), actionId: 'lead_reply' });
    const form = await stage.until('the form', (shown) => shown.modal());
    await stage.act({ act: 'submit', user: SOFIA, view: form.id, values: { words: 'Ja, kom förbi!' } });
    const preview = (await stage.state()).modal();
    expect(JSON.stringify(preview?.blocks)).toContain('Ja, kom förbi!');
    await stage.act({ act: 'submit', user: SOFIA, view: preview?.id ?? '', values: {} });
    await stage.act({ act: 'turn', to: { advance: 'PT1M' } }); // it could be taken back until now
    await stage.until('the answer', (shown) => shown.texts(ANNA).find(({ body }) => body.includes('Ja, kom förbi!')));
    const { steps, state } = (await stage.state()).lead('Anna Karlsson');
    expect(state).toBe('replied');
    expect(steps.map(({ label }) => label)).toEqual(expect.arrayContaining(['Anna wrote', 'Reply by Sofia']));
  });

  test('sends a message of the thread on, from its menu', async () => {
    expect((await stage.state()).one('scene')?.messageShortcuts).toContainEqual({
      callbackId: 'send_to_customer',
      name: 'Send to customer',
    });
    const thread = (await card()).ts;
    await stage.act({ act: 'say', user: SOFIA, channel: 'D0SOFIA', text: 'Nycklarna ligger redo.', thread });
    const note = await stage.until('the note', (shown) =>
      shown.all('message', 'D0SOFIA').find(({ text }) => text.includes('Nycklarna')),
    );
    expect((await stage.state()).texts(ANNA).some(({ body }) => body.includes('Nycklarna'))).toBe(false);
    const menu = { act: 'message_shortcut', user: SOFIA, callbackId: 'send_to_customer', channel: 'D0SOFIA' } as const;
    await stage.act({ ...menu, ts: note.ts });
    const preview = await stage.until('the preview', (shown) => shown.modal());
    await stage.act({ act: 'submit', user: SOFIA, view: preview.id, values: {} });
    await stage.act({ act: 'turn', to: { advance: 'PT1M' } });
    await stage.until('it on the phone', (shown) => shown.texts(ANNA).find(({ body }) => body.includes('Nycklarna')));
    expect(await refused({ ...menu, ts: '1.000001' })).toEqual([400, 'That message is gone.']);
  });

  test('says something, in a thread, with a file that others can open', async () => {
    const png = Buffer.from('89504e470d0a1a0a', 'hex');
    const files = [
      { name: 'car.png', mimetype: 'image/png', bytes: png.toString('base64') },
      { name: 'page.html', mimetype: 'text/html', bytes: Buffer.from('<script>').toString('base64') },
    ];
    await stage.act({ act: 'say', user: SOFIA, channel: 'C0GENERAL', text: 'Look', files });
    const root = await stage.until('it', (shown) =>
      shown.all('message', 'C0GENERAL').find(({ text }) => text === 'Look'),
    );
    expect(root).toMatchObject({ user: SOFIA, threadTs: null, edited: false, reactions: [] });
    await stage.act({ act: 'say', user: SOFIA, channel: 'C0GENERAL', text: 'Nice', thread: root.ts });
    await stage.until('the reply', (shown) =>
      shown.all('message', 'C0GENERAL').find(({ threadTs }) => threadTs === root.ts),
    );

    const [photo, html] = root.files.map(({ id }) => `${stage.origin}/sandbox/files/${id}`);
    const shown = await fetch(photo ?? '');
    expect(shown.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(png);
    const page = await fetch(html ?? '');
    expect(page.headers.get('content-type')).toBe('application/octet-stream');
    expect(page.headers.get('content-disposition')).toContain('attachment');
    expect((await fetch(`${stage.origin}/sandbox/files/F0`)).status).toBe(404);
  });

  test('opens App Home, and takes the bot into a channel', async () => {
    expect(await stage.act({ act: 'home', user: SOFIA })).toEqual({});
    expect(await stage.act({ act: 'invite', user: SOFIA, channel: 'C0DRIVES' })).toEqual({});
  });

  test('hears in Slack’s or plain words what does not work', async () => {
    expect(await slash('/nope')).toEqual({ trouble: '`/nope` is not a valid command.' });
    expect(await refused({ act: 'say', user: 'U0NOBODY', channel: 'C0GENERAL', text: 'Hi' })).toEqual([
      400,
      'no person U0NOBODY in the workspace',
    ]);
    expect(await refused({ act: 'close', user: SOFIA })).toEqual([400, 'no modal is open before U0SOFIA']);
    const guest = { act: 'slash', user: 'U0GUEST', channel: 'D0GUEST', command: '/drive', text: '' } as const;
    await stage.act(guest);
    const whisper = await stage.until('the answer', (shown) => shown.all('whisper', 'U0GUEST').at(-1));
    expect(whisper.text).toMatch(/^Only salespeople, managers and admins can do this/);
  });

  test('while the product makes no mistake that Slack or Twilio would refuse', async () => {
    expect((await stage.state()).all('violation')).toEqual([]);
  });
});
