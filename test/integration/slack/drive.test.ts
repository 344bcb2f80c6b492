import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenView, shownValues, U_ADMIN, U_ERIK, U_GUEST, U_SOFIA } from '../../support/slack.ts';
import { startEdge, type TestEdge } from '../../support/slack-edge.ts';

let world: TestEdge;
beforeAll(async () => {
  world = await startEdge();
  await world.staff(U_SOFIA);
  await world.staff(U_ERIK);
});
afterEach(() => {
  world.slack.mischief.reset();
  expect(world.slack.violations).toEqual([]);
});
afterAll(() => world.stop());

const ANNA = 'Anna Karlsson +46 70 123 45 67 BMW X5';
let serial = 0;
/** A number nobody has used yet, from the range Sweden keeps for fiction. */
const number = () => `+46 70 174 06 ${String(5 + serial++).padStart(2, '0')}`;

async function leads() {
  const { id } = await world.tenant();
  return world.db.inTenant(id, (tx) =>
    tx.query<{
      id: string;
      name: string;
      language: string;
      fields: Record<string, string>;
      owner: string;
      key: string;
    }>(
      `select l.id, p.name, p.language, l.fields, s.slack_user_id as owner, l.source_key as key
       from leads l join persons p on p.id = l.person_id join staff s on s.id = l.owner_id order by l.id`,
    ),
  );
}

const field = (open: OpenView, name: string) =>
  JSON.stringify(open.view.blocks.find((block) => block.block_id === name));

describe('/drive opens the form', () => {
  test('at once, before it is acknowledged, with the fields of the playbook', async () => {
    const { status, ms, modal } = await world.slack.slash(U_SOFIA, '/drive');
    expect([status, ms < 3000]).toEqual([200, true]);
    const open = await modal();
    expect(open.view.title?.text).toBe('Log a test drive');
    expect(open.view.blocks.map((block) => block.block_id)).toEqual([
      'name',
      'phone',
      'car',
      'email',
      'language',
      'licence_photo',
      'consent',
      'note',
    ]);
    expect(field(open, 'consent')).toContain('The customer agreed to follow-up by WhatsApp, SMS and e-mail');
    expect(shownValues(open)).toMatchObject({ Language: 'As the number suggests' });
  });

  test.each([
    [ANNA, { Customer: 'Anna Karlsson', Mobile: '+46 70 123 45 67', Car: 'BMW X5', Language: 'Svenska' }],
    [
      'Lars Olsson 070-174 06 05 Volvo EX90 2025',
      { Customer: 'Lars Olsson', Mobile: '+46 70 174 06 05', Car: 'Volvo EX90 2025' },
    ],
    ['María García +34 612 34 56 78 Seat León', { Customer: 'María García', Car: 'Seat León', Language: 'Español' }],
    ['Jo +1 415 555 0123 Ford', { Customer: 'Jo', Mobile: '+1 415 555 0123', Car: 'Ford', Language: 'English' }],
    ['Anna Karlsson', { Customer: 'Anna Karlsson', Mobile: '', Language: 'As the number suggests' }],
    ['Anna +46701234567 BMW X5 anna@example.com', { Customer: 'Anna', Car: 'BMW X5', 'E-mail': 'anna@example.com' }],
    [
      'Anna <tel:+46701234567|070 123 45 67> <http://bmw.se|bmw.se> X5',
      { Customer: 'Anna', Mobile: '+46 70 123 45 67', Car: 'bmw.se X5' },
    ],
    ['Tom &amp; Ann &lt;!channel&gt; +46701234567', { Customer: 'Tom & Ann <!channel>' }],
    [
      `${'A'.repeat(200)} +46701234567 ${'B'.repeat(200)}`,
      { Customer: `${'A'.repeat(79)}…`, Car: `${'B'.repeat(59)}…` },
    ],
  ])('pre-filled from "%s"', async (text, values) => {
    expect(shownValues(await world.openDrive(U_SOFIA, text))).toMatchObject(values);
  });

  test('the shortcut does the same', async () => {
    const open = await (await world.slack.shortcut(U_SOFIA, 'log_drive')).modal();
    expect(open.view.callback_id).toBe('log_drive');
  });

  test('so does /lead without words', async () => {
    const open = await (await world.slack.slash(U_SOFIA, '/lead')).modal();
    expect(open.view.callback_id).toBe('log_drive');
  });

  test('not for guests', async () => {
    const { shown } = await world.slack.slash(U_GUEST, '/drive', ANNA);
    expect(shown?.text).toContain('Only salespeople, managers and admins');
    await world.slack.shortcut(U_GUEST, 'log_drive');
    await world.slack.waitFor(
      () => world.slack.messages(U_GUEST).find(({ text }) => text.includes('Only salespeople')),
      'a no',
    );
    expect(world.slack.stack(U_GUEST)).toEqual([]);
  });

  test('a trigger that is too old is told in words', async () => {
    world.slack.mischief.refuse.set('views.open', 'expired_trigger_id');
    expect((await world.slack.slash(U_SOFIA, '/drive')).shown?.text).toBe(
      'That took too long for Slack to open a window. Try once more.',
    );
  });
});

describe('a submitted form', () => {
  test('makes a lead of the person who filled it in, and closes', async () => {
    const phone = number();
    const answer = await world.drive(U_SOFIA, `Bo Ek ${phone} BMW X5`, { Note: 'Wants blue', language: 'es' });
    expect([answer.closed, answer.errors]).toEqual([true, {}]);
    expect((await leads()).at(-1)).toMatchObject({
      name: 'Bo Ek',
      language: 'es',
      owner: U_SOFIA,
      fields: { car: 'BMW X5', note: 'Wants blue' },
    });
  });

  test('with the language left to the number is written to in the language of its country', async () => {
    const open = await world.openDrive(U_SOFIA);
    await world.slack.submit(U_SOFIA, open, { name: 'Ulf', phone: number(), car: 'Saab', consent: true });
    expect((await leads()).at(-1)).toMatchObject({ name: 'Ulf', language: 'sv' });
  });

  test('keeps the proof of the agreement, in the words of its language', async () => {
    const phone = number();
    await world.drive(U_SOFIA, `Proof ${phone} Kia`);
    const lead = (await leads()).at(-1);
    const [proof] = await world.db.system.query<{ text: string; source: string; version: string }>(
      'select text, source, text_version as version from consents where lead_id = $1',
      [lead?.id],
    );
    expect(proof).toMatchObject({ source: 'slack', version: expect.stringMatching(/^test-drive-1\/sv\//) });
    expect(proof?.text).toContain('Nordic Motors');
  });

  test('shows every problem at its own input, all at once', async () => {
    const before = (await leads()).length;
    const open = await world.openDrive(U_SOFIA);
    const values = {
      name: '  ',
      phone: '+46 70 123 45',
      car: 'x'.repeat(61),
      email: 'anna@nowhere',
      note: 'n'.repeat(1001),
      licence_photo: { name: 'licence.pdf', mimetype: 'application/pdf', bytes: Buffer.from('%PDF') },
    };
    const { errors, closed } = await world.slack.submit(U_SOFIA, open, values, { unchecked: true });
    expect(closed).toBe(false);
    expect(errors).toEqual({
      name: 'Who is it? Write the name.',
      phone: 'That number has 7 digits after +46; mobile numbers in Sweden have 9.',
      car: 'Car: at most 60 characters.',
      email: 'That does not look like an e-mail address, such as anna@example.com.',
      note: 'Note: at most 1000 characters.',
      licence_photo: 'That is not a photo. Add a JPEG, PNG, WebP or HEIC.',
      consent: 'Without this agreement nobody may write to the customer, so the test drive cannot be logged.',
    });
    expect(await leads()).toHaveLength(before);
  });

  test('a landline alone is told at its input; with an e-mail address beside it, it is enough', async () => {
    const open = await world.openDrive(U_SOFIA, 'Greta +46 8 123 456 78 Volvo');
    const alone = await world.slack.submit(U_SOFIA, open, { consent: true }, { unchecked: true });
    expect(alone.errors).toEqual({
      phone: 'That is a landline: no text reaches it. Write a mobile number, or add an e-mail.',
    });
    await world.slack.submit(U_SOFIA, open, { consent: true, email: 'greta@example.com' });
    expect((await leads()).at(-1)?.name).toBe('Greta');
  });

  test('without the agreement is refused, and nothing is stored', async () => {
    const before = (await leads()).length;
    const open = await world.openDrive(U_SOFIA, `Nils ${number()} Volvo`);
    const { errors } = await world.slack.submit(U_SOFIA, open, { consent: false }, { unchecked: true });
    expect(Object.keys(errors)).toEqual(['consent']);
    expect(await leads()).toHaveLength(before);
  });

  test('sent twice, even at once, makes one lead', async () => {
    const open = await world.openDrive(U_SOFIA, `Twice ${number()} Volvo`);
    const values = { consent: true };
    const filled = await world.slack.fill(U_SOFIA, open, values);
    const answers = await Promise.all([1, 2].map(() => world.slack.submit(U_SOFIA, filled).catch(() => null)));
    expect(answers.filter(Boolean).length).toBeGreaterThan(0);
    expect((await leads()).filter(({ name }) => name === 'Twice')).toHaveLength(1);
    expect((await leads()).at(-1)?.key).toBe(open.view.id);
  });

  test('is not taken from somebody who has lost the role meanwhile', async () => {
    const open = await world.openDrive(U_ERIK, `Late ${number()} Volvo`);
    const erik = await world.staff(U_ERIK);
    const { id } = await world.tenant();
    await world.rooms.staff.setRole(id, erik.id, null, await world.staff(U_ADMIN));
    world.ahead(2000);
    const answer = await world.slack.submit(U_ERIK, open, { consent: true });
    expect(JSON.stringify(answer.view?.view.blocks)).toContain('Only salespeople, managers and admins');
    expect((await leads()).some(({ name }) => name === 'Late')).toBe(false);
    await world.rooms.staff.setRole(id, erik.id, 'salesperson', await world.staff(U_ADMIN));
    world.ahead(4000);
  });
});

describe('somebody who is followed up already', () => {
  const phone = number();
  beforeAll(() => world.drive(U_SOFIA, `Greta Berg ${phone} Audi`));

  test('is told at the phone, with a way to the lead for its owner', async () => {
    const { errors } = await world.drive(U_SOFIA, `Greta ${phone} Audi`, { name: 'Greta <!channel>' });
    expect(errors).toEqual({ phone: 'Greta <!channel> is already being followed up by you.' });
    const lead = (await leads()).find(({ name }) => name === 'Greta Berg');
    const hint = await world.slack.waitFor(
      () => world.slack.messages(U_SOFIA).find(({ blocks }) => JSON.stringify(blocks).includes('lead_open')),
      'a button to the lead',
    );
    expect(hint.text).toBe('Greta &lt;!channel&gt; is already being followed up by you.');
    expect(JSON.stringify(hint.blocks)).toContain(`"value":"${lead?.id}"`);
  });

  test('a colleague learns by whom, and gets no way to it', async () => {
    const { errors } = await world.drive(U_ERIK, `Greta ${phone} Audi`);
    expect(errors).toEqual({ phone: 'Greta is already being followed up by Sofia Lindqvist.' });
    await world.slack.slash(U_ERIK, '/leads'); // whatever ran beside the answer has had its turn
    expect(JSON.stringify(world.slack.messages(U_ERIK))).not.toContain('lead_open');
  });

  test('who opted out is an error at the phone, too', async () => {
    const lead = (await leads()).find(({ name }) => name === 'Greta Berg');
    await world.rooms.desk.stop(await world.staff(U_SOFIA), lead?.id as never);
    const { errors } = await world.drive(U_SOFIA, `Greta Berg ${phone} Audi`);
    expect(errors.phone).toMatch(/^Greta Berg asked Nordic Motors not to write/);
  });
});
