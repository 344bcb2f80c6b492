import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { until } from '../../support/until.ts';

let world: LeadWorld;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
});
afterEach(() => {
  expect(world.slack.violations).toEqual([]);
});
afterAll(() => world.close());

const csv = (text: string) => ({ name: 'fair.csv', mimetype: 'text/csv', bytes: Buffer.from(text) });
const LIST =
  'Förnamn;Efternamn;Mobil;Bil;Källa\r\nAnna;Karlsson;070-123 45 67;BMW X5;mässan\r\nBo;Ek;12;Volvo;mässan\r\n=1+1;Öst;070-123 45 68;=cmd();mässan\r\n';

const opened = async () => (await world.slack.slash(U_MARIA, '/rescue import')).modal();
const filled = (changes: object = {}) => ({
  file: csv(LIST),
  agreed: true,
  channels: ['WhatsApp'],
  how: 'Paper forms at the fair',
  ...changes,
});
/** The window that says so. */
const window = (words: string) =>
  world.slack.waitFor(
    () => world.slack.stack(U_MARIA).find((open) => JSON.stringify(open.view).includes(words)),
    words,
  );
/** The window that shows what would become of the rows. */
const previewed = () =>
  world.slack.waitFor(
    () => world.slack.stack(U_MARIA).find(({ view }) => JSON.stringify(view).includes('import_confirm')),
    'the preview',
  );
const told = () => world.direct(U_MARIA).filter(({ text }) => text.includes('fair.csv'));

describe('/rescue import', () => {
  test('is for managers', async () => {
    const answer = await world.slack.slash(U_SOFIA, '/rescue import');
    expect(JSON.stringify(answer)).toContain('managers');
  });

  test('says at the input what is missing of an agreement, and of the file', async () => {
    const view = await opened();
    const unproven = await world.slack.submit(U_MARIA, view, filled({ channels: [], how: '' }));
    expect(Object.keys(unproven.errors).sort()).toEqual(['channels', 'how']);
    const workbook = await world.slack.submit(
      U_MARIA,
      view,
      filled({ file: csv('PK\u0003\u0004'), channels: ['SMS', 'E-mail'], pace: '300 an hour', language: 'svenska' }),
    );
    expect(workbook.errors).toEqual({});
    expect(workbook.view && visibleText(workbook.view)).toContain('It is fetched from Slack');
    // what was filled in stands there again, beside what is not right
    const again = await window('Save it as CSV');
    expect(visibleText(again)).toContain('Add the file again');
    const values = JSON.stringify(again.view.blocks);
    for (const filledIn of ['"initial_value":"Paper forms at the fair"', '"value":"300"', '"value":"sv"'])
      expect(values).toContain(filledIn);
    await world.slack.submit(U_MARIA, again, { file: csv(LIST) });
    expect(visibleText(await window('What the columns hold'))).toContain('4 columns were recognised');
    await world.slack.closeView(U_MARIA, { everything: true });
  });

  test('shows what would come of the file, brings it in, shows how far it is, and takes it back', async () => {
    const sent = await world.slack.submit(U_MARIA, await opened(), filled());
    expect(sent.errors).toEqual({});
    const columns = await window('What the columns hold');
    expect(visibleText(columns)).toContain('4 columns were recognised');
    const twice = await world.slack.submit(U_MARIA, columns, { 'column-4': 'Car' });
    expect(twice.errors['column-4']).toContain('holds that already');
    await world.slack.submit(U_MARIA, columns, { 'column-4': 'Leave it out' });
    const preview = await previewed();
    const words = visibleText(preview);
    expect(words).toContain('*2* would be new leads');
    expect(words).toContain('*1* would be refused');
    expect(words).toContain('Row 3, Mobil');

    expect(words).not.toContain('new people a day');

    await world.slack.click(U_MARIA, { view: preview }, 'import_problems');
    const file = await world.slack.waitFor(
      () => world.slack.files().find(({ name }) => name === 'import-problems.csv'),
      'the problems',
    );
    expect(file.bytes.toString()).toMatch(/^\ufeffrow,column,problem/);

    await world.slack.submit(U_MARIA, preview);
    await world.effects();
    const [post] = told();
    expect(post?.text).toBe('*fair.csv* came in: 2 new, 1 refused. Find them with /leads.');
    const [lead] = await world.database.db.system.query<{ fields: object }>(
      `select l.fields from leads l join persons p on p.id = l.person_id where p.name = '=1+1 Öst'`,
    );
    expect(lead).toEqual({ fields: { car: '=cmd()' } });

    if (!post) throw new Error('nothing was shown');
    await world.slack.click(U_MARIA, { message: post }, 'import_withdraw');
    await until(async () => {
      await world.effects();
      return told()[0]?.text.includes('taken back:') === true;
    }, 'the file to be taken back');
    expect(told()).toHaveLength(1);
    expect(told()[0]?.text).toBe('*fair.csv* was taken back: 2 removed.');
    expect(await world.database.db.system.query('select from leads')).toEqual([]);
  });

  test('says before it is confirmed that WhatsApp takes fewer new people than it brings, and how the others are written to', async () => {
    await world.rooms.templates.submit(world.tenant.id, null, 'test-drive', ['sv']);
    await world.rooms.templates.follow();
    await world.database.db.system.query(`update accounts set new_people_limit = 1 where channel = 'whatsapp'`);
    world.rooms.routing.forget(world.tenant.id);
    const shown = async (changes: object) => {
      await world.slack.submit(U_MARIA, await opened(), filled(changes));
      await world.slack.submit(U_MARIA, await window('What the columns hold'), { 'column-4': 'Leave it out' });
      const words = visibleText(await previewed());
      await world.slack.closeView(U_MARIA, { everything: true });
      return words;
    };
    const places = '*WhatsApp takes 1 new people a day from you, and 1 place is free.*';
    expect(await shown({})).toContain(`${places} Whoever finds none, about 1 of them, waits until there is one.`);
    expect(await shown({ channels: ['WhatsApp', 'SMS'] })).toContain(
      `${places} Whoever finds none, about 1 of them, is written to by SMS instead, at once, where that reaches them.`,
    );
    expect(await shown({ agreed: false, channels: [], how: '' })).not.toContain('new people a day');
  });
});
