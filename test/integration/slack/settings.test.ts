import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { groupsOf, type Settings } from '../../../src/tenants/index.ts';
import { png } from '../../support/pictures.ts';
import { type OpenView, type SlackMessage, U_ADMIN, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';

let world: LeadWorld;
let serial = 10;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
  await world.database.db.system.query('insert into founders (tenant_id, staff_id) values ($1, $2)', [
    world.tenant.id,
    world.admin.id,
  ]);
});
beforeEach(async () => {
  await world.database.db.system.query('delete from setting_changes');
  await world.database.db.system.query('delete from settings');
  world.rooms.tenants.forget(world.tenant);
});
afterEach(async () => {
  for (const user of [U_SOFIA, U_MARIA, U_ADMIN])
    await world.slack.closeView(user, { everything: true }).catch(() => {});
  expect(world.slack.violations).toEqual([]);
});
afterAll(() => world.close());

const rescue = async (user: string, text: string): Promise<SlackMessage> => {
  const { shown } = await world.slack.slash(user, '/rescue', text);
  if (!shown) throw new Error(`/rescue ${text} showed nothing`);
  return shown;
};
const settings = () => world.rooms.tenants.settings(world.tenant.id);
/** The view that a person sees now. */
const top = (user: string): OpenView => {
  const view = world.slack.stack(user).at(-1);
  if (!view) throw new Error('no window is open');
  return view;
};
/** The next whisper to somebody. */
async function whispered(user: string, work: () => Promise<unknown>): Promise<string> {
  const before = world.slack.ephemerals(user).length + world.direct(user).length;
  await work();
  await world.slack.waitFor(
    () => world.slack.ephemerals(user).length + world.direct(user).length > before || undefined,
    'a whisper',
  );
  return [...world.slack.ephemerals(user).slice(-1), ...world.direct(user).slice(-1)]
    .map(({ text }) => text)
    .join('\n');
}
async function edit(group: string): Promise<OpenView> {
  const overview = await rescue(U_ADMIN, 'settings');
  return (await world.slack.click(U_ADMIN, { message: overview }, { text: 'Edit', value: group })).modal();
}
/** Fills the form and gives the window that shows the change. */
async function look(form: OpenView, values: Parameters<LeadWorld['slack']['submit']>[2]): Promise<OpenView> {
  const { view, errors } = await world.slack.submit(U_ADMIN, form, values);
  expect(errors).toEqual({});
  if (!view) throw new Error('the window is closed');
  return view;
}

describe('/rescue settings', () => {
  test('shows every group as it stands; managers see it without buttons to edit, salespeople do not see it', async () => {
    const shown = visibleText(await rescue(U_ADMIN, 'settings'));
    for (const words of [
      'Steps of the follow-up',
      'Day 14',
      'Messages leave 09:00-20:00',
      'Assistant: off',
      'after 15 min',
    ])
      expect(shown).toContain(words);
    expect(shown).toContain('Edit');
    const manager = visibleText(await rescue(U_MARIA, 'settings'));
    expect(manager).toContain('Steps of the follow-up');
    expect(manager).not.toContain('Edit');
    expect((await rescue(U_SOFIA, 'settings')).text).toBe(
      'Only managers and admins can do this. Ask one of your admins.',
    );
  });

  test('a form is looked at before it counts, and says at the field what is wrong', async () => {
    const form = await edit('agent');
    const wrong = await world.slack.submit(U_ADMIN, form, { turns: '99' });
    expect(wrong.errors).toEqual({ turns: 'Write a whole number from 1 to 50.' });
    const same = await world.slack.submit(U_ADMIN, form, { turns: '6' });
    expect(same.errors).toEqual({ mode: 'Nothing is different from how it is now.' });
    const check = await look(form, { turns: '8', mode: 'Suggest: it drafts, people send' });
    expect(visibleText(check)).toContain('*Answers in a row*\n6 → *8*');
    expect((await settings()).agentTurns).toBe(6);
    const said = await whispered(U_ADMIN, () => world.slack.submit(U_ADMIN, check, {}));
    expect(said).toContain('*Changed* (version 1)');
    expect(await settings()).toMatchObject({ agentTurns: 8, agentMode: 'suggest' });
  });

  test('the history says who changed what, and undo goes the same way', async () => {
    await world.slack.slash(U_ADMIN, '/rescue', 'agent turns 9');
    const history = await rescue(U_ADMIN, 'settings history');
    expect(history.text).toMatch(/\*Version 1\* · .* · Anders Berg\n• Answers in a row: 6 → 9/);
    const check = await (await world.slack.click(U_ADMIN, { message: history }, 'Undo')).modal();
    expect(visibleText(check)).toContain('9 → *6*');
    await world.slack.submit(U_ADMIN, check, {});
    expect((await settings()).agentTurns).toBe(6);
    expect((await rescue(U_MARIA, 'settings history')).text).toContain('takes version 1 back');
  });

  test('two who edit the same thing: the second hears it, and nothing is overwritten', async () => {
    const form = await edit('agent');
    await world.slack.slash(U_ADMIN, '/rescue', 'agent turns 12');
    await world.slack.submit(U_ADMIN, form, { turns: '3' });
    expect(visibleText(top(U_ADMIN))).toContain('was 6 when this was made, and is 12 now');
    expect((await settings()).agentTurns).toBe(12);
  });
});

describe('steps of the follow-up', () => {
  async function steps(): Promise<OpenView> {
    return (await world.slack.slash(U_ADMIN, '/rescue', 'cadence')).modal();
  }

  test('a step moves, another comes; those who run keep their plan or are moved', async () => {
    const { leadId } = await world.drive(world.sofia, { phone: `+467017606${serial++}` });
    await world.flush();
    const all = await steps();
    const seven = await (await world.slack.click(U_ADMIN, { view: all }, { text: 'Edit', value: 'day_7' })).modal();
    expect((await world.slack.submit(U_ADMIN, seven, { Time: '25' })).errors).toEqual({
      at: 'Write a time like 18:30.',
    });
    await world.slack.submit(U_ADMIN, seven, { Time: '18.30' });
    expect(visibleText(top(U_ADMIN))).toContain('Day 7 at 18:30, drive_follow_up_2');
    const added = await (await world.slack.click(U_ADMIN, { view: top(U_ADMIN) }, 'Add a step')).modal();
    await world.slack.submit(U_ADMIN, added, { Day: '9', Text: 'drive_follow_up_1', Channel: 'SMS first' });
    const check = await look(top(U_ADMIN), {});
    const shown = visibleText(check);
    expect(shown).toContain('Day 7, drive_follow_up_2 → *Day 7 at 18:30, drive_follow_up_2*');
    expect(shown).toContain('new → *Day 9, drive_follow_up_1, SMS first*');
    expect(shown).toContain('This affects 1 planned message in 1 running follow-up.');
    await world.slack.submit(U_ADMIN, check, { plan: 'Move them: what has not left follows the change' });
    await world.flush();
    const card = visibleText(await world.card(leadId));
    expect(card).toContain('Mon 30 Nov 18:30');
    expect(card).toMatch(/Day 9 · Wed 2 Dec 10:00/);
  });

  test('what a plan may not be is refused with the reason, and nothing counts', async () => {
    const seven = await (
      await world.slack.click(U_ADMIN, { view: await steps() }, { text: 'Edit', value: 'day_7' })
    ).modal();
    await world.slack.submit(U_ADMIN, seven, { Time: '22:15' });
    await world.slack.submit(U_ADMIN, top(U_ADMIN), {});
    expect(visibleText(top(U_ADMIN))).toContain('asks for 22:15, outside the send hours 09:00-20:00');
    expect((await settings()).cadences).toEqual({});
  });
});

test('twenty steps with scores and trials are more than a window carries, and are edited all the same', async () => {
  const steps = Array.from({ length: 20 }, (_, n) => ({
    key: `a_step_with_a_long_name_of_its_own_${n}`,
    day: n * 2,
    at: '18:30',
    template: 'inquiry_details',
    channel: 'email' as const,
    bands: ['critical', 'high', 'medium'],
    byBand: { critical: 'inquiry_premium' },
  }));
  await world.change({ cadences: { 'corporate-travel': { steps } } });
  await world.slack.slash(U_ADMIN, '/rescue', 'cadence corporate-travel');
  for (const { key } of steps.slice(-3)) {
    const pressed = { text: 'Edit', value: key };
    const step = await (await world.slack.click(U_ADMIN, { view: top(U_ADMIN) }, pressed)).modal();
    await world.slack.submit(U_ADMIN, step, { Time: '17:15' });
  }
  const check = await look(top(U_ADMIN), {});
  expect(visibleText(check).match(/at 17:15/g)).toHaveLength(3);
  await world.slack.submit(U_ADMIN, check, {});
  const times = (await settings()).cadences['corporate-travel']?.steps.map(({ at }) => at);
  expect(times).toEqual(steps.map((_, n) => (n < 17 ? '18:30' : '17:15')));
});

describe('words of the messages', () => {
  const body =
    'Hi {name}, this is {salesperson} at {business} about the {car}. Is there anything you would like to know?\n\nReply STOP to opt out.';

  test('are previewed in each language with the newest lead, and WhatsApp has to approve them', async () => {
    await world.drive(world.sofia, {
      phone: `+467017606${serial++}`,
      name: 'Berta <b> Holm',
      fields: { car: 'Volvo EX30' },
    });
    await world.flush();
    const list = await (await world.slack.slash(U_ADMIN, '/rescue', 'texts')).modal();
    const form = await (
      await world.slack.click(U_ADMIN, { view: list }, { text: 'Edit', value: 'test-drive/drive_follow_up_1' })
    ).modal();
    const wrong = await world.slack.submit(U_ADMIN, form, { English: 'Hi {name}, call us. {discount}' });
    expect(wrong.labelledErrors.English).toContain('uses {discount}, which is not declared for it');
    const check = await look(form, { English: body });
    const shown = visibleText(check);
    expect(shown).toContain('As Berta &lt;b&gt; Holm, your newest lead, would read it');
    expect(shown).toContain('Hi Berta, this is Sofia at Nordic Motors about the Volvo EX30.');
    expect(shown).toContain('Hej Berta');
    expect(shown).toContain('WhatsApp has to approve new words first');
    await world.slack.submit(U_ADMIN, check, {});
    expect((await settings()).templates).toEqual({ 'test-drive': { drive_follow_up_1: { en: body } } });
  });
});

describe('a second person', () => {
  test('is asked in a direct message, decides with a button, and everybody sees what became of it', async () => {
    await world.change({ approval: ['agent'] });
    expect((await rescue(U_ADMIN, 'agent turns 11')).text).toContain('wait for a second person');
    await world.effects();
    const asked = world.direct(U_MARIA).at(-1);
    if (!asked) throw new Error('Maria was not asked');
    expect(visibleText(asked)).toContain('*Answers in a row*\n6 → *11*');
    await world.effects();
    expect(world.direct(U_MARIA).at(-1)?.ts).toBe(asked.ts);
    await whispered(U_MARIA, () => world.slack.click(U_MARIA, { message: asked }, 'Approve'));
    await world.effects();
    expect((await settings()).agentTurns).toBe(11);
    expect(visibleText(world.direct(U_MARIA).find(({ ts }) => ts === asked.ts) as SlackMessage)).toContain(
      'approved by Maria Nyström',
    );
    expect(world.direct(U_ADMIN).at(-1)?.text).toContain('approved by Maria Nyström');
    expect((await rescue(U_MARIA, 'approvals')).text).toContain('No change');
  });

  test('can refuse, and whoever asked can take it back but not approve', async () => {
    await world.change({ approval: ['agent'] });
    await rescue(U_ADMIN, 'agent turns 11');
    const own = await rescue(U_ADMIN, 'approvals');
    expect(visibleText(own)).toContain('Take back');
    expect(visibleText(own)).not.toContain('Approve');
    await whispered(U_ADMIN, () => world.slack.click(U_ADMIN, { message: own }, 'Take back'));
    await rescue(U_ADMIN, 'agent turns 12');
    const list = await rescue(U_MARIA, 'approvals');
    await whispered(U_MARIA, () => world.slack.click(U_MARIA, { message: list }, 'Refuse'));
    await world.effects();
    expect((await settings()).agentTurns).toBe(6);
    expect(world.direct(U_ADMIN).at(-1)?.text).toContain('refused by Maria Nyström');
  });
});

test('whoever decides reads what the change does to what is planned, when it was asked for, now, and once it counts', async () => {
  const lead = async () => {
    await world.drive(world.sofia, { phone: `+467017606${serial++}` });
    await world.flush();
  };
  await lead();
  await world.change({ approval: ['cadence'] });
  const later = (settings: Settings): Partial<Settings> => ({ ...settings, stepTime: '18:30' });
  const draft = await world.rooms.changes.draft(world.admin, { patch: later });
  await world.rooms.changes.submit(world.admin, draft.id, 'move');
  await world.effects();
  const asked = () => visibleText(world.direct(U_MARIA).at(-1) as SlackMessage);
  const counted = (text: string, when: string) =>
    Number(new RegExp(`Counted ${when}: in \\d+ running follow-ups?, (\\d+) planned messages?`).exec(text)?.[1]);
  const before = counted(asked(), 'when it was asked for');
  expect(asked()).toMatch(/planned messages? would be moved to the new plan\./);
  await lead();
  const list = await rescue(U_MARIA, 'approvals');
  const now = counted(visibleText(list), 'just now');
  expect(now).toBeGreaterThan(before);
  await whispered(U_MARIA, () => world.slack.click(U_MARIA, { message: list }, 'Approve'));
  await world.effects();
  expect(counted(asked(), 'when it was approved')).toBe(now);
});

test('new send hours say how many planned messages wait for them, where they are asked for and where they count', async () => {
  await world.change({ stepTime: '18:30' });
  await world.drive(world.sofia, { phone: `+467017606${serial++}` });
  await world.flush();
  await world.change({ stepTime: null, approval: ['hours'] }); // whoever has a plan keeps it
  const count = (text: string) => Number(/(\d+) planned messages? falls? outside the new send hours/.exec(text)?.[1]);
  const said = (await rescue(U_ADMIN, 'hours 9-18:15')).text;
  expect(said).toContain('wait for a second person');
  expect(count(said)).toBeGreaterThan(0);
  await world.effects();
  const asked = () => visibleText(world.direct(U_MARIA).at(-1) as SlackMessage);
  expect(asked()).toContain(`Counted when it was asked for: ${count(said)} planned messages`);
  expect(asked()).not.toContain('no planned message changes');
  const list = await rescue(U_MARIA, 'approvals');
  expect(visibleText(list)).toContain(`Counted just now: ${count(said)} planned messages`);
  await whispered(U_MARIA, () => world.slack.click(U_MARIA, { message: list }, 'Approve'));
  await world.effects();
  expect(asked()).toContain(`Counted when it was approved: ${count(said)} planned messages`);
  await world.change({ approval: [] });
  expect((await rescue(U_ADMIN, 'hours 9-20')).text).toContain('No planned message falls outside the new send hours.');
});

test('what has come about another way meanwhile is no longer counted with a change, before it is approved and after', async () => {
  await world.drive(world.sofia, { phone: `+467017606${serial++}` });
  await world.flush();
  await world.change({ approval: ['sla'] });
  const sendHours = { start: '09:00', end: '18:45' };
  await world.rooms.changes.make(world.admin, { patch: () => ({ sendHours, sla: { remind: 25, escalate: 85 } }) });
  await world.effects();
  const asked = () => visibleText(world.direct(U_MARIA).at(-1) as SlackMessage);
  expect(asked()).toMatch(/Counted when it was asked for: .*outside the new send hours/);
  await world.change({ sendHours });
  const list = await rescue(U_MARIA, 'approvals');
  expect(visibleText(list)).toContain('Counted just now: no planned message changes.');
  await whispered(U_MARIA, () => world.slack.click(U_MARIA, { message: list }, 'Approve'));
  await world.effects();
  expect(asked()).toContain('Counted when it was approved: no planned message changes.');
  expect(asked()).not.toContain('send hours');
  await world.change({ approval: [] });
});

test('two large changes that wait are both shown with their buttons, and each in full in a window', async () => {
  await world.change({ approval: ['facts'] });
  const facts = (price: number) =>
    Array.from({ length: 20 }, (_, n) => ({ topic: `topic ${price} ${n}`, words: { en: `${price} `.repeat(100) } }));
  for (const price of [100, 200])
    await world.rooms.changes.make(world.admin, { patch: (now) => ({ facts: [...now.facts, ...facts(price)] }) });
  const list = await rescue(U_MARIA, 'approvals');
  expect(visibleText(list).match(/Approve/g)).toHaveLength(2);
  expect(visibleText(list)).toContain('… and 12 more changes.');
  const all = await (await world.slack.click(U_MARIA, { message: list }, 'Show all')).modal();
  expect(visibleText(all).match(/topic 100 \d+/g)).toHaveLength(20);
});

describe('rehearsing first', () => {
  test('whoever decides sees what a lead of today would get with the change, and nothing else moves', async () => {
    await world.change({ approval: ['cadence', 'sla'] });
    const all = (await world.slack.slash(U_ADMIN, '/rescue', 'cadence')).modal();
    const seven = await (
      await world.slack.click(U_ADMIN, { view: await all }, { text: 'Edit', value: 'day_7' })
    ).modal();
    await world.slack.submit(U_ADMIN, seven, { Time: '18:30' });
    const check = await look(top(U_ADMIN), {});
    await world.slack.submit(U_ADMIN, check, {});
    const list = await rescue(U_MARIA, 'approvals');
    expect(visibleText(list)).toMatch(/needs a second person since .*\d\d:\d\d\./);
    expect(visibleText(list)).toMatch(/Counted just now: .*Only new leads follow the change\./);
    const said = await whispered(U_MARIA, () => world.slack.click(U_MARIA, { message: list }, 'Rehearse first'));
    expect(said).toContain('*If the change is approved, for a lead logged now*');
    expect(said).toMatch(/~ {2}\*Day 7\* · .*10:00 → \*.*18:30\* · /);
    expect(said).not.toMatch(/~ {2}\*Day 2\*/);
    expect((await settings()).cadences).toEqual({});
    await whispered(U_MARIA, () => world.slack.click(U_MARIA, { message: list }, 'Approve'));
    expect((await settings()).cadences['test-drive']?.steps).toBeDefined();
  });

  test('is not offered for what no follow-up is made of', async () => {
    await world.change({ approval: ['sla'] });
    await world.rooms.changes.make(world.admin, { patch: () => ({ sla: { remind: 20, escalate: 80 } }) });
    const shown = visibleText(await rescue(U_MARIA, 'approvals'));
    expect(shown).toContain('Approve');
    expect(shown).not.toContain('Rehearse first');
  });
});

describe('forms of a setting', () => {
  test('a logo comes as a file or by its address, is looked at, and is told at its field when it is none', async () => {
    const form = await edit('branding');
    const file = (bytes: Buffer) => ({ name: 'logo.png', mimetype: 'image/png', bytes });
    const far = await world.slack.submit(U_ADMIN, form, { brand_logo_address: 'https://10.0.0.1/logo.png' });
    expect(Object.keys(far.errors)).toEqual(['brand_logo_address']);
    const none = await world.slack.submit(U_ADMIN, form, { brand_logo_address: '', Logo: file(Buffer.from('<svg/>')) });
    expect(none.errors).toEqual({ brand_logo: expect.stringContaining('no PNG or JPEG') });
    const check = await look(form, {
      Logo: file(png(400, 120)),
      brand_logo_shown: 'On pages, in Slack and above e-mails',
    });
    expect(visibleText(check)).toContain('*Logo*\nnone → *400 × 120 pixels, on pages, in Slack and on e-mails*');
    expect(visibleText(check)).not.toContain('Colour');
    expect(visibleText(check)).toContain('See an e-mail with it');
    expect(visibleText(check)).toContain('See a card with it');
    await world.slack.submit(U_ADMIN, check, {});
    expect((await settings()).branding).toMatchObject({ logo: { width: 400, height: 120 }, logoInMail: true });
    const away = await look(await edit('branding'), { brand_logo_shown: 'Nowhere: take it away' });
    await world.slack.submit(U_ADMIN, away, {});
    expect((await settings()).branding).toMatchObject({ logo: null, logoInMail: false });
  });

  test('another channel is tried first, enquiries go round, and things are kept for less long', async () => {
    const routing = await look(await edit('routing'), {
      'first_test-drive': 'SMS',
      new_leads: 'Go to the salespeople in turn',
    });
    expect(visibleText(routing)).toContain('*Test drive, channel that is tried first*\nas the playbook says → *SMS*');
    await world.slack.submit(U_ADMIN, routing, {});
    expect(visibleText(await rescue(U_ADMIN, 'settings'))).toContain('SMS, then WhatsApp');
    const keeping = await look(await edit('keeping'), { kept_notes: '6' });
    await world.slack.submit(U_ADMIN, keeping, {});
    expect(await settings()).toMatchObject({
      firstChannels: { 'test-drive': 'sms' },
      newLeads: 'in_turn',
      retention: { notes: 6, messages: 24 },
    });
    const back = await look(await edit('routing'), { 'first_test-drive': 'As the playbook says' });
    await world.slack.submit(U_ADMIN, back, {});
    expect((await settings()).firstChannels).toEqual({});
  });
});

describe('settings that had no form', () => {
  test('points of a score and the base: a place nobody knows is told at its field, what is as it came is not kept', async () => {
    const form = await edit('scores');
    const wrong = await world.slack.submit(U_ADMIN, form, { base: 'Xyzzyville', 'points_home-services_budget': '101' });
    expect(Object.keys(wrong.errors)).toEqual(['base', 'points_home-services_budget']);
    const check = await look(form, { base: 'Malmö', 'points_home-services_budget': '40' });
    expect(visibleText(check)).toContain('*Where the business is*\nnot set → *Malmö, SE*');
    expect(visibleText(check)).toContain('*Home services, points for budget*\n30 → *40*');
    await world.slack.submit(U_ADMIN, check, {});
    expect(await settings()).toMatchObject({
      base: { city: 'Malmö', country: 'SE' },
      scoring: { 'home-services': { budget: 40 } },
    });
    expect(visibleText(await rescue(U_ADMIN, 'settings'))).toContain('budget 40 (yours)');

    const back = await look(await edit('scores'), { 'points_home-services_budget': '30' });
    expect(visibleText(back)).not.toContain('Malmö'); // a base that was left as it was is not looked up again
    await world.slack.submit(U_ADMIN, back, {});
    expect((await settings()).scoring).toEqual({});
    const history = await rescue(U_ADMIN, 'settings history');
    const undo = await (await world.slack.click(U_ADMIN, { message: history }, 'Undo')).modal();
    await world.slack.submit(U_ADMIN, undo, {});
    expect((await settings()).scoring).toEqual({ 'home-services': { budget: 40 } });
  });

  test('channels in Slack: LeadRescue enters those it may, and says at the field why not', async () => {
    world.slack.addChannel('closed', { kind: 'private', members: new Set([U_ADMIN]) });
    const form = await edit('places');
    const refused = await world.slack.submit(U_ADMIN, form, { feedChannel: 'closed' });
    expect(refused.errors).toEqual({ feedChannel: expect.stringContaining('/invite @LeadRescue') });
    const check = await look(form, { feedChannel: 'drives', cardChannel: '' });
    expect(visibleText(check)).toContain('*Activity feed*\ndirect messages → *<#C0DRIVES>*');
    await world.slack.submit(U_ADMIN, check, {});
    expect(await settings()).toMatchObject({ feedChannel: 'C0DRIVES', cardChannel: null });
    expect(visibleText(await rescue(U_ADMIN, 'settings'))).toContain('Activity feed: <#C0DRIVES>');
  });

  test('every setting has its place, every place its editor, and every title fits Slack', async () => {
    const groups = groupsOf(await settings());
    expect(groups.map(({ key }) => key)).not.toContain('other');
    for (const { label, form } of groups) if (form) expect([...label].length).toBeLessThanOrEqual(24);
    const overview = await rescue(U_ADMIN, 'settings');
    const facts = await whispered(U_ADMIN, () =>
      world.slack.click(U_ADMIN, { message: overview }, { text: 'Edit', value: 'facts' }),
    );
    expect(facts).toContain('No facts yet'); // those with a page of their own open it
  });
});

describe('settings as a file', () => {
  test('go out to the direct messages and come back, seen before they count', async () => {
    const before = world.slack.files().length;
    await rescue(U_ADMIN, 'settings export');
    await world.slack.waitFor(() => world.slack.files()[before], 'the file');
    const form = await (await world.slack.slash(U_ADMIN, '/rescue', 'settings import')).modal();
    const wrong = await world.slack.submit(U_ADMIN, form, {
      'Or as text': 'agentTurns: 4\nsla:\n  remind: soon\ncolour: red',
    });
    expect(wrong.labelledErrors['Or as text']).toMatch(
      /Line 3: sla\.remind: .*\nLine 4: There is no setting "colour"\./s,
    );
    const check = await look(form, { 'Or as text': 'agentTurns: 4\n' });
    expect(visibleText(check)).toContain('6 → *4*');
    await world.slack.submit(U_ADMIN, check, {});
    expect((await settings()).agentTurns).toBe(4);
  });

  test('a file is read as well', async () => {
    const form = await (await world.slack.slash(U_ADMIN, '/rescue', 'settings import')).modal();
    const file = {
      name: 'settings.yaml',
      mimetype: 'text/yaml',
      bytes: Buffer.from('currency: SEK\nmarginPerDeal: 28000\n'),
    };
    const { view, errors } = await world.slack.submit(U_ADMIN, form, { File: [file] });
    expect(errors).toEqual({});
    expect(visibleText(view as OpenView)).toContain('not set → *28000*');
  });
});

test('nothing in Slack changes a setting past this', async () => {
  const { readdirSync, readFileSync } = await import('node:fs');
  const dir = new URL('../../../src/slack', import.meta.url);
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const past = files.filter((name) => /tenants\.change\(/.test(readFileSync(`${dir.pathname}/${name}`, 'utf8')));
  expect(past).toEqual([]);
  expect(files.length).toBeGreaterThan(50);
  const all: Settings = await settings();
  expect(all).toBeDefined();
});

describe('/rescue trials', () => {
  const steps = async () => (await settings()).cadences['test-drive']?.steps ?? [];
  async function chooseStep(message: SlackMessage): Promise<OpenView> {
    const chosen = await world.slack.select(U_ADMIN, { message }, 'settings_trial_try', 'Test drive, day 7');
    if (!chosen) throw new Error('nothing was told');
    return chosen.modal();
  }
  async function tryOther(words: Record<string, string>): Promise<OpenView> {
    const shown = await rescue(U_ADMIN, 'trials');
    expect(shown.text).toContain('No wordings are compared');
    const form = await chooseStep(shown);
    return look(form, words);
  }

  test('another wording is written, looked at, tried, and one of them chosen', async () => {
    const words =
      'Hej {name}, det är {salesperson} på {business} igen om din {car}. Ska vi ses? Svara STOPP för att slippa fler meddelanden.';
    const check = await tryOther({ text_sv: words });
    expect(visibleText(check)).toContain('50 % drive_follow_up_2_b');
    const form = await whispered(U_ADMIN, () => world.slack.submit(U_ADMIN, check, {}));
    expect(form).toContain('*Changed*');
    expect((await steps())[2]).toEqual({
      key: 'day_7',
      day: 7,
      template: 'drive_follow_up_2',
      variants: { drive_follow_up_2_b: 50 },
    });
    expect((await settings()).templates['test-drive']?.drive_follow_up_2_b?.sv).toBe(words);

    const shown = await rescue(U_ADMIN, 'trials');
    expect(shown.text).toContain('*A* `drive_follow_up_2`, for 50 % of people\nnothing sent yet');
    expect(shown.text).toContain('Too few to tell');
    const pressed = await world.slack.click(U_ADMIN, { message: shown }, 'Use B: drive_follow_up_2_b');
    await whispered(U_ADMIN, async () => world.slack.submit(U_ADMIN, await pressed.modal(), {}));
    expect((await steps())[2]).toEqual({ key: 'day_7', day: 7, template: 'drive_follow_up_2_b' });
    expect((await rescue(U_ADMIN, 'settings history')).text).toContain('drive_follow_up_2_b');
  });

  test('the same words are no trial, words without a way out are refused, and managers only look', async () => {
    const shown = await rescue(U_ADMIN, 'trials');
    const form = await chooseStep(shown);
    const same = await world.slack.submit(U_ADMIN, form, {});
    expect(Object.values(same.errors)[0]).toContain('the words as they are');
    const bad = await world.slack.submit(U_ADMIN, form, {
      text_sv: 'Hej {name}, {salesperson} på {business} igen om {car}.',
    });
    expect(bad.errors?.text_sv).toContain('opt out');
    expect((await rescue(U_MARIA, 'trials')).text).toContain('No wordings are compared');
    expect((await rescue(U_SOFIA, 'trials')).text).toContain('Only managers');
  });

  test('the window of a step keeps what it does not show', async () => {
    await world.slack.slash(U_ADMIN, '/rescue', 'cadence corporate-travel');
    expect(visibleText(top(U_ADMIN))).toContain('only for service: events or wedding');
    for (const [value, day] of [
      ['day_3', '4'],
      ['day_7', '8'],
    ] as const) {
      const pressed = { text: 'Edit', value };
      const step = await (await world.slack.click(U_ADMIN, { view: top(U_ADMIN) }, pressed)).modal();
      await world.slack.submit(U_ADMIN, step, { day });
    }
    const { view } = await world.slack.submit(U_ADMIN, top(U_ADMIN), {});
    if (!view) throw new Error('there is nothing to check');
    expect(visibleText(view)).toContain('Day 4');
    await world.slack.submit(U_ADMIN, view, {});
    const [answer, details, occasion, offer] = (await settings()).cadences['corporate-travel']?.steps ?? [];
    expect(answer).toMatchObject({ answers: 'enquiry', byBand: { critical: 'inquiry_premium' } });
    expect(details).toMatchObject({ day: 4, bands: ['critical', 'high'] });
    expect(occasion).toMatchObject({ day: 7, when: { service: ['events', 'wedding'] } });
    expect(offer).toMatchObject({ day: 8, when: { service: ['corporate', 'airport', 'hourly'] } });
  });

  test('the window of a step says for whose answers it is; the first one is for every lead', async () => {
    await world.slack.slash(U_ADMIN, '/rescue', 'cadence corporate-travel');
    const edited = async (value: string) =>
      (await world.slack.click(U_ADMIN, { view: top(U_ADMIN) }, { text: 'Edit', value })).modal();
    const first = await edited('day_0');
    expect(visibleText(first)).toContain('Only for Service');
    expect((await world.slack.submit(U_ADMIN, first, { when_service: ['Wedding'] })).errors).toEqual({
      when_service: expect.stringContaining('for every lead'),
    });
    await world.slack.submit(U_ADMIN, first, { when_service: [] });
    await world.slack.submit(U_ADMIN, await edited('day_3'), { when_service: ['Wedding', 'Events'] });
    await world.slack.submit(U_ADMIN, await edited('day_7'), { day: '8', when_service: [] });
    const { view } = await world.slack.submit(U_ADMIN, top(U_ADMIN), {});
    if (!view) throw new Error('there is nothing to check');
    const words = visibleText(view);
    expect(words).toMatch(
      /> Day 3, inquiry_details, only critical and high\n_becomes_\n> Day 3, .*, only for service: events or wedding$/m,
    );
    expect(words).toMatch(
      /only for service: corporate or airport or hourly\n_becomes_\n> Day 8, inquiry_offer, only critical and high$/m,
    );
    expect(words).not.toContain('Day 0');
    await world.slack.submit(U_ADMIN, view, {});
    const [answer, details, , offer] = (await settings()).cadences['corporate-travel']?.steps ?? [];
    expect(answer).not.toHaveProperty('when');
    expect(details).toMatchObject({ bands: ['critical', 'high'], when: { service: ['events', 'wedding'] } });
    expect(offer).not.toHaveProperty('when');
  });

  test('the window of a step says for which amounts it is, and what is no amount at its field', async () => {
    await world.slack.slash(U_ADMIN, '/rescue', 'cadence corporate-travel');
    const edited = async (value: string) =>
      (await world.slack.click(U_ADMIN, { view: top(U_ADMIN) }, { text: 'Edit', value })).modal();
    const first = await edited('day_0');
    expect((await world.slack.submit(U_ADMIN, first, { 'when_value.atMost': '10' })).errors).toEqual({
      'when_value.atMost': expect.stringContaining('for every lead'),
    });
    await world.slack.submit(U_ADMIN, first, { 'when_value.atMost': '' });
    const third = await edited('day_3');
    const wrong = async (entered: Record<string, string>) => (await world.slack.submit(U_ADMIN, third, entered)).errors;
    expect(await wrong({ 'when_value.atLeast': 'a lot' })).toEqual({
      'when_value.atLeast': 'Write an amount, for example 5000.',
    });
    expect(await wrong({ 'when_value.atLeast': '5 000', 'when_value.atMost': '4,000' })).toEqual({
      'when_value.atMost': 'Less than 5000: nobody gets this step.',
    });
    expect(await wrong({ 'when_value.atMost': '', 'when_group_size.atLeast': '5001' })).toEqual({
      'when_group_size.atLeast': 'At most 5000.',
    });
    await world.slack.submit(U_ADMIN, third, { 'when_group_size.atLeast': '', 'when_value.atLeast': '5 000' });
    const { view } = await world.slack.submit(U_ADMIN, top(U_ADMIN), {});
    if (!view) throw new Error('there is nothing to check');
    expect(visibleText(view)).toMatch(/> Day 3, .*, only for value: at least 5,000/);
    await world.slack.submit(U_ADMIN, view, {});
    const stored = async () =>
      (await settings()).cadences['corporate-travel']?.steps.find(({ key }) => key === 'day_3');
    expect((await stored())?.when).toMatchObject({ value: { atLeast: 5000 } });
    expect((await stored())?.when).not.toHaveProperty('group_size');
    // it is there again, and stays when something else is changed
    await world.slack.slash(U_ADMIN, '/rescue', 'cadence corporate-travel');
    await world.slack.submit(U_ADMIN, await edited('day_3'), { day: '4' });
    const next = await world.slack.submit(U_ADMIN, top(U_ADMIN), {});
    if (!next.view) throw new Error('there is nothing to check');
    await world.slack.submit(U_ADMIN, next.view, {});
    expect(await stored()).toMatchObject({ day: 4, when: { value: { atLeast: 5000 } } });
  });
});
