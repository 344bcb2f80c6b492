import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type SlackMessage,
  U_ADMIN,
  U_ERIK,
  U_GUEST,
  U_MARIA,
  U_SOFIA,
  U_STRANGER,
  visibleText,
} from '../../support/slack.ts';
import { startEdge, type TestEdge, until } from '../../support/slack-edge.ts';

let world: TestEdge;
beforeAll(async () => {
  world = await startEdge({ operators: [`T0DEMO/${U_ADMIN}`] });
  for (const user of [U_ADMIN, U_SOFIA, U_ERIK, U_MARIA]) await world.staff(user);
});
afterEach(() => {
  world.slack.mischief.reset();
  expect(world.slack.violations).toEqual([]);
});
afterAll(() => world.stop());

async function rescue(user: string, text = '', channel?: string): Promise<SlackMessage> {
  const { shown } = await world.slack.slash(user, '/rescue', text, channel === undefined ? {} : { channel });
  if (!shown) throw new Error(`/rescue ${text} showed nothing`);
  return shown;
}

const settings = async () => {
  const { id } = await world.tenant();
  const [row] = await world.db.system.query<{ values: Record<string, unknown> }>(
    'select values from settings where tenant_id = $1 order by version desc limit 1',
    [id],
  );
  return row?.values ?? {};
};
const changes = () =>
  world.db.system.query<{ actor: string; data: { keys: string[] } }>(
    `select actor, data from events where type = 'settings.changed' order by id desc`,
  );

/** Waits for the next whisper to somebody. */
async function whisperAfter(user: string, work: () => Promise<unknown>): Promise<SlackMessage> {
  const before = world.slack.ephemerals(user).length;
  await work();
  return world.slack.waitFor(() => world.slack.ephemerals(user)[before], 'a whisper');
}

describe('/rescue and help', () => {
  test('plain, it says how things stand and what is next for an admin', async () => {
    const message = await rescue(U_ADMIN);
    expect(message.text).toContain('*LeadRescue at Nordic Motors*: 0 follow-ups are running. You are admin.');
    for (const step of ['/rescue templates', '/rescue terms', '/rescue feed']) expect(message.text).toContain(step);
    expect((await rescue(U_SOFIA)).text).not.toContain('/rescue templates');
  });

  test('help is derived: what one may do, and who may do the rest', async () => {
    const sofia = visibleText(await rescue(U_SOFIA, 'help'));
    expect(sofia).toContain('*Every day*\n`/drive`  Log a test drive and start the follow-up.');
    expect(sofia).not.toContain('*More*'); // every command has its topic
    expect((await rescue(U_SOFIA, 'help drive')).text).toMatch(
      /^`\/drive \[name\] \[mobile\] \[car\]` {2}Log a test drive/,
    );
    expect(sofia).toContain('`/leads`  ');
    expect(sofia).toMatch(/^Only managers and admins: .*`\/rescue status`/m);
    expect(sofia).toMatch(/^Only admins: .*`\/rescue hours`/m);
    const admin = visibleText(await rescue(U_ADMIN, 'help'));
    expect(admin).not.toContain('Only ');
    expect(admin).toContain('`/rescue hours`  ');
    const guest = visibleText(await rescue(U_GUEST, 'help'));
    expect(guest).toMatch(/^Only salespeople, managers and admins: `\/drive`/m);
  });

  test.each([
    'status',
    'people',
    'templates',
    'channels',
    'channels rate sms 5',
    'feed',
    'feed off',
    'cards',
    'hours 9-20',
    'photo link',
    'terms off',
  ])('/rescue %s is not for a salesperson, and nothing changes', async (text) => {
    const before = (await changes()).length;
    expect((await rescue(U_SOFIA, text)).text).toMatch(/^Only (managers and )?admins can do this\./);
    expect(await changes()).toHaveLength(before);
  });
});

describe('/rescue people', () => {
  const form = async (user = U_ADMIN) => {
    const message = await rescue(user, 'people');
    return (await world.slack.click(user, { message }, 'Change a role')).modal();
  };
  const roleOf = async (user: string) => (await world.staff(user)).role;

  test('lists who has which role', async () => {
    const { text } = await rescue(U_ADMIN, 'people');
    expect(text).toMatch(/^\*Admins\*: Anders Berg$/m);
    expect(text).toMatch(/^\*Salespeople\*: Erik Holm, Maria Nyström, Sofia Lindqvist$/m);
  });

  test('changes a role, tells both, and the new manager can act at once', async () => {
    const { closed } = await world.slack.submit(U_ADMIN, await form(), { Who: U_MARIA, Role: 'Manager' });
    expect(closed).toBe(true);
    expect(await roleOf(U_MARIA)).toBe('manager');
    await world.slack.waitFor(
      () =>
        world.slack
          .messages(U_MARIA)
          .find(({ text }) => text.startsWith('You are manager in LeadRescue now, says Anders Berg.')),
      'a message to Maria',
    );
    await world.slack.waitFor(
      () => world.slack.messages(U_ADMIN).find(({ text }) => text === 'Maria Nyström is manager now.'),
      'a message',
    );
    expect((await rescue(U_MARIA, 'people')).text).toContain('*Managers*: Maria Nyström');
  });

  test('a manager sees the list, but may not change it, whatever they press', async () => {
    const message = await rescue(U_MARIA, 'people');
    expect(JSON.stringify(message.blocks)).not.toContain('people_change');
    const admins = await rescue(U_ADMIN, 'people');
    const told = await whisperAfter(U_MARIA, () =>
      world.slack.click(U_MARIA, { message: { ...admins, ephemeral_to: undefined } }, 'Change a role'),
    );
    expect(told.text).toContain('Only admins can do this.');
  });

  test.each([
    ['a guest', U_GUEST],
    ['somebody of another company', U_STRANGER],
    ['the bot', 'U0LEADBOT'],
  ])('%s gets no role', async (_name, user) => {
    const { errors } = await world.slack.submit(U_ADMIN, await form(), { Who: user, Role: 'Salesperson' });
    expect(errors.person).toContain('Only full members of this workspace can have a role');
    await world.slack.closeView(U_ADMIN);
  });

  test('the last admin stays', async () => {
    const { errors } = await world.slack.submit(U_ADMIN, await form(), { Who: U_ADMIN, Role: 'Manager' });
    expect(errors).toEqual({ role: 'Someone must stay admin. Make another person admin first.' });
    expect(await roleOf(U_ADMIN)).toBe('admin');
    await world.slack.closeView(U_ADMIN);
  });

  test('two admins who demote each other at once: one stays', async () => {
    await world.slack.submit(U_ADMIN, await form(), { Who: U_ERIK, Role: 'Admin' });
    world.ahead(2000);
    const [first, second] = [await form(U_ADMIN), await form(U_ERIK)];
    const values = (user: string) => ({ Who: user, Role: 'Salesperson' });
    await Promise.all([
      world.slack.submit(U_ADMIN, first, values(U_ERIK)),
      world.slack.submit(U_ERIK, second, values(U_ADMIN)),
    ]);
    const roles = [await roleOf(U_ADMIN), await roleOf(U_ERIK)].sort();
    expect(roles).toEqual(['admin', 'salesperson']);
    const { id } = await world.tenant();
    await world.db.system.query(
      `update staff set role = case slack_user_id when $2 then 'admin' when $3 then 'salesperson' else role end where tenant_id = $1`,
      [id, U_ADMIN, U_ERIK],
    );
    for (const user of [U_ADMIN, U_ERIK]) await world.slack.closeView(user, { everything: true }).catch(() => null);
    world.ahead(4000);
  });

  test('somebody who has not been here before can be given a role', async () => {
    world.slack.addUser({ id: 'U0NEW', name: 'nina', realName: 'Nina New', tz: 'Europe/Stockholm' });
    await world.slack.submit(U_ADMIN, await form(), { Who: 'U0NEW', Role: 'Manager' });
    expect(await roleOf('U0NEW')).toBe('manager');
    await world.slack.submit(U_ADMIN, await form(), { Who: 'U0NEW', Role: 'No role' });
    expect(await roleOf('U0NEW')).toBeNull();
    world.ahead(8000);
    expect((await world.slack.slash('U0NEW', '/drive')).shown?.text).toContain('Only salespeople');
  });
});

describe('/rescue settings', () => {
  test.each([
    ['hours 08:30-19:00', { sendHours: { start: '08:30', end: '19:00' } }, '*Send hours*: 09:00-20:00 → 08:30-19:00.'],
    ['hours 10-18', { sendHours: { start: '10:00', end: '18:00' } }, '→ 10:00-18:00.'],
    ['photo link', { licencePhoto: 'link' }, 'by a one-time link (link)'],
    [
      'terms <https://nordic.example/t?a=1&amp;b=2>',
      { termsUrl: 'https://nordic.example/t?a=1&b=2' },
      '→ https://nordic.example/t?a=1&amp;b=2.',
    ],
    ['terms off', { termsUrl: null }, '→ none.'],
    [
      'calculator https://nordic.example/saves',
      { calculatorUrl: 'https://nordic.example/saves' },
      '*Calculator page*: none → https://nordic.example/saves.',
    ],
    ['calculator off', { calculatorUrl: null }, '→ none. Without one, texts leave that line out.'],
    ['contact +46 8 123 45 67', { contact: '+46 8 123 45 67' }, '→ +46 8 123 45 67.'],
  ])('/rescue %s', async (text, expected, words) => {
    expect((await rescue(U_ADMIN, text)).text).toContain(words);
    expect(await settings()).toMatchObject(expected);
    const admin = await world.staff(U_ADMIN);
    expect((await changes())[0]).toMatchObject({ actor: `staff:${admin.id}`, data: { keys: Object.keys(expected) } });
    serial++;
    world.ahead(serial * 2000 + 10_000);
  });
  let serial = 0;

  test.each([
    'hours 20-9',
    'hours 25:00-26:00',
    'hours morning',
    'photo maybe',
    'terms example.com',
    'terms javascript:alert(1)',
    'calculator example.com',
    `calculator https://example.com/${'a'.repeat(240)}`,
    'contact me',
  ])('/rescue %s changes nothing and says how to write it', async (text) => {
    const before = await settings();
    expect((await rescue(U_ADMIN, text)).text).toMatch(/^Write it like this: `\/rescue \w+ \[.+\]`\.$/);
    expect(await settings()).toEqual(before);
  });

  test('without words it shows the setting', async () => {
    expect((await rescue(U_ADMIN, 'photo')).text).toMatch(
      /^\*Licence photo\*: .+ Change it with `\/rescue photo \[modal\|link\]`\.$/,
    );
  });
});

describe('/rescue feed and cards', () => {
  test('take a public channel, which the bot joins when it must', async () => {
    const random = world.slack.addChannel('random', { members: new Set([U_ADMIN, U_SOFIA]) });
    const told = await rescue(U_ADMIN, 'feed', 'random');
    expect(told.text).toContain(`Activity feed: direct messages → <#${random.id}>`);
    expect(told.text).toContain('The activity feed goes to this channel from now on.');
    expect(await settings()).toMatchObject({ feedChannel: random.id, cardChannel: null });
    expect(world.slack.channel('random').members.has(world.slack.bot.userId)).toBe(true);
    await rescue(U_ADMIN, 'cards', 'drives');
    expect(await settings()).toMatchObject({ feedChannel: random.id, cardChannel: 'C0DRIVES' });
    const undo = await (await world.slack.click(U_ADMIN, { message: told }, 'Undo')).modal();
    await world.slack.submit(U_ADMIN, undo, {});
    await rescue(U_ADMIN, 'cards off');
    expect(await settings()).toMatchObject({ feedChannel: null, cardChannel: null });
  });

  test('refuse a channel that is shared with another company', async () => {
    const members = new Set([U_ADMIN, U_STRANGER, world.slack.bot.userId]);
    world.slack.addChannel('partners', { extShared: true, members });
    for (const word of ['feed', 'cards']) {
      expect((await rescue(U_ADMIN, word, 'partners')).text).toContain('shared with another company');
    }
    expect(await settings()).toMatchObject({ feedChannel: null, cardChannel: null });
  });

  test('ask for an invitation to a private channel', async () => {
    world.slack.addChannel('managers', { kind: 'private', members: new Set([U_ADMIN]) });
    expect((await rescue(U_ADMIN, 'feed', 'managers')).text).toContain('/invite @LeadRescue');
    await world.slack.invite(U_ADMIN, 'managers');
    expect((await rescue(U_ADMIN, 'feed', 'managers')).text).toContain('goes to this channel');
    await rescue(U_ADMIN, 'feed off');
  });

  test('do not work in a direct message, and say so when the bot may not join', async () => {
    expect((await rescue(U_ADMIN, 'feed', 'dm')).text).toBe('Run this in the channel that you want to use.');
    world.slack.addChannel('locked', { members: new Set([U_ADMIN]) });
    world.slack.mischief.refuse.set('conversations.join', 'missing_scope');
    expect((await rescue(U_ADMIN, 'feed', 'locked')).text).toContain('/invite @LeadRescue');
    expect((await rescue(U_ADMIN, 'feed to #random')).text).toContain('/rescue feed off');
  });
});

describe('/rescue channels', () => {
  test('lists the senders', async () => {
    expect((await rescue(U_ADMIN, 'channels')).text).toContain('*SMS* from +14155550000 (Twilio), at most 10 a second');
  });

  test('changes a rate once the difference was looked at, with an event, and undoes it the same way', async () => {
    let ahead = 0;
    const rates = async () => {
      ahead += 40_000;
      world.ahead(ahead);
      const { sms, whatsapp } = (await world.rooms.routing.of((await world.tenant()).id)).accounts;
      return [sms?.rate, whatsapp?.rate];
    };
    const check = await (await world.slack.slash(U_ADMIN, '/rescue', 'channels rate sms 5')).modal();
    expect(visibleText(check)).toContain('*Messages a second*\n10 → *5*');
    expect(await rates()).toEqual([10, 10]);
    await world.slack.submit(U_ADMIN, check, {});
    const changed = await world.slack.waitFor(
      () => world.slack.messages(U_ADMIN).find(({ text }) => text.startsWith('*Changed*:')),
      'the change',
    );
    expect(await rates()).toEqual([5, 10]);
    expect((await rescue(U_ADMIN, 'channels rate sms 5')).text).toContain('nothing was changed');
    const [event] = await world.db.system.query<{ data: object }>(
      `select data from events where type = 'sender.changed' order by id desc limit 1`,
    );
    expect(event?.data).toMatchObject({ channel: 'sms', what: 'rated', from: '10', to: '5' });
    const back = await (await world.slack.click(U_ADMIN, { message: changed }, 'Undo')).modal();
    expect(visibleText(back)).toContain('5 → *10*');
    await world.slack.submit(U_ADMIN, back, {});
    expect(await rates()).toEqual([10, 10]);
  });

  test.each(['sms', 'sms 0', 'sms 5000', 'sms fast', 'sms -1', ''])('refuses the rate "%s"', async (text) => {
    expect((await rescue(U_ADMIN, `channels rate ${text}`)).text).toContain('/rescue channels rate sms 5');
  });

  test('has no rate for a channel without a sender, nor for one that other companies share', async () => {
    expect((await rescue(U_ADMIN, 'channels rate email 5')).text).toBe('There is no sender for email here.');
    await world.rooms.tenants.ensure(
      { name: 'Other', slackTeamId: 'T0ELSE', country: 'SE', zone: 'Europe/Stockholm', language: 'sv' },
      'test',
    );
    const check = await (await world.slack.slash(U_ADMIN, '/rescue', 'channels rate whatsapp 5')).modal();
    const { view } = await world.slack.submit(U_ADMIN, check, {});
    expect(JSON.stringify(view)).toContain('Other companies send from this number too.');
  });
});

describe('/rescue templates', () => {
  test('lists every text in every language, submits and follows them', async () => {
    const before = await rescue(U_ADMIN, 'templates');
    expect(visibleText(before)).toContain('drive_follow_up_1');
    expect(visibleText(before)).toContain('`drive_follow_up_1` (marketing)\nnot submitted in 5 languages');
    const submitted = async () => {
      const { id } = await world.tenant();
      return (await world.rooms.templates.list(id, 'test-drive')).filter(({ state }) => state !== 'none').length;
    };
    await world.slack.click(U_ADMIN, { message: before }, 'Submit 40 for approval');
    const after = await world.slack.waitFor(
      () => world.slack.ephemerals(U_ADMIN).find(({ text }) => text.startsWith('Submitted 40 templates.')),
      'the list after submitting',
    );
    expect(after.ts).toBe(before.ts); // in its place
    expect(await submitted()).toBe(40);
    expect(visibleText(after)).toContain('waits for WhatsApp');
    expect(JSON.stringify(after.blocks)).not.toContain('templates_submit');
    await world.slack.click(U_ADMIN, { message: after }, 'Refresh');
    await world.slack.waitFor(
      () => world.slack.ephemerals(U_ADMIN).find(({ text }) => text.startsWith('Asked WhatsApp just now.')),
      'the refreshed list',
    );
  });

  test('a manager sees them and may not submit, whatever they press', async () => {
    const message = await rescue(U_MARIA, 'templates');
    expect(JSON.stringify(message.blocks)).not.toContain('templates_submit');
    const forged = JSON.parse(JSON.stringify(message).replaceAll('templates_refresh', 'templates_submit'));
    const told = await whisperAfter(U_MARIA, () =>
      world.slack.click(U_MARIA, { message: { ...forged, ephemeral_to: undefined } }, 'templates_submit'),
    );
    expect(told.text).toContain('Only admins can do this.');
  });
});

describe('/rescue status', () => {
  test('says that nothing waits', async () => {
    const { text } = await rescue(U_ADMIN, 'status');
    expect(text).toContain('Nothing is due: everything has left.');
    expect(text).not.toContain('parked');
  });

  test('counts what waits, and puts what is parked back in line', async () => {
    await world.drive(U_SOFIA, 'Due Customer +46 70 174 06 50 Saab');
    await world.db.system.query(`update messages set due_at = now() - interval '1 hour' where step_key = 'day_0'`);
    await world.db.system.query(`update messages set state = 'unconfirmed' where step_key = 'day_2'`);
    await world.db.system.query(`update messages set state = 'held', reason = 'no_address' where step_key = 'day_7'`);
    await world.db.system.query(`update effects set parked_at = now(), attempts = 8 where kind = 'card.refresh'`);
    const { id: tenantId } = await world.tenant();
    await world.rooms.webhooks.store('twilio.inbound', 'SM1', { Body: 'x' }, { tenantId });
    await world.db.system.query(`update webhook_log set state = 'parked'`);
    const message = await rescue(U_ADMIN, 'status');
    expect(message.text).toMatch(/1 message is due, the oldest since \w{3} \d+ \w{3}/);
    expect(message.text).toContain('1 message may have left and nobody can say');
    expect(message.text).toContain('1 message waits');
    expect(message.text).toContain('1 incoming message could not be processed and is parked.');
    expect(message.text).toContain('1 update kept failing and is parked: card.refresh');
    await world.slack.click(U_ADMIN, { message }, 'Retry parked');
    const after = await world.slack.waitFor(
      () => world.slack.ephemerals(U_ADMIN).find(({ text }) => text.startsWith('2 parked items are in line again.')),
      'the status after the retry',
    );
    expect(JSON.stringify(after.blocks)).not.toContain('status_retry');
    expect(await world.rooms.webhooks.parked()).toBe(0);
    const [parked] = await world.db.system.query<{ n: number }>(
      'select count(*) as n from effects where parked_at is not null',
    );
    expect(parked?.n).toBe(0);
    const [event] = await world.db.system.query<{ data: object }>(
      `select data from events where type = 'parked.decided' and data->>'what' = 'card.refresh'`,
    );
    expect(event?.data).toEqual({ what: 'card.refresh', decision: 'retried', count: 1 });
  });

  test('an admin gives up what is parked, and decides on all that may have left', async () => {
    const { id } = await world.tenant();
    await world.db.system.query(
      `insert into effects (tenant_id, kind, key, parked_at, error) values ($1, 'card.refresh', 'gone', now(), 'TypeError')`,
      [id],
    );
    const message = await rescue(U_ADMIN, 'status');
    expect(message.text).toContain('parked: card.refresh (TypeError)');
    await world.slack.click(U_ADMIN, { message }, 'Skip');
    const skipped = await world.slack.waitFor(
      () => world.slack.ephemerals(U_ADMIN).find(({ text }) => text.startsWith('1 parked item was given up')),
      'the status after it was skipped',
    );
    expect(await world.db.system.query(`select id from effects where key = 'gone'`)).toEqual([]);

    await world.slack.click(U_ADMIN, { message: skipped }, 'Leave all');
    await world.slack.waitFor(
      () => world.slack.ephemerals(U_ADMIN).find(({ text }) => text.startsWith('1 message is left as they are.')),
      'the status after it was left',
    );
    expect(await world.db.system.query(`select id from messages where state = 'unconfirmed'`)).toEqual([]);
  });

  test('what belongs to none of several businesses is shown to whoever runs us, and to nobody else', async () => {
    const other = { name: 'Other', slackTeamId: 'T0ELSE', country: 'SE', zone: 'Europe/Stockholm', language: 'sv' };
    await world.rooms.tenants.ensure(other, 'test');
    const stranger = { channel: 'sms', from: '+46709990001', body: 'Hej', media: [], accountSid: 'ACnobody' } as const;
    await world.rooms.inbox.receive(
      { ...stranger, media: [], gatewayId: 'SM2', to: '+46701110000' },
      'twilio.inbound',
      {},
    );
    const of = async (user: string) => (await rescue(user, 'status')).text;
    expect(await of(U_MARIA)).not.toContain('parked');
    const message = await rescue(U_ADMIN, 'status');
    expect(message.text).toContain(
      '1 incoming message of no business here is parked (1 × to a number that is not connected). Only you see this: you run LeadRescue.',
    );
    await world.slack.click(U_ADMIN, { message }, 'Skip');
    await world.slack.waitFor(
      () => world.slack.ephemerals(U_ADMIN).find(({ text }) => text.startsWith('1 parked item was given up')),
      'the status after it was skipped',
    );
    expect(await world.rooms.webhooks.parkedOfNobody()).toEqual([]);
    const decided = await world.db.system.query(`select data from events where data->>'what' = 'nobody'`);
    expect(decided).toEqual([{ data: { what: 'nobody', decision: 'skipped', count: 1 } }]);
    // the deed and what is written down of it are one transaction: neither is there without the other
    const transactions = await world.db.system.query(
      `select xmin::text from events where data->>'what' = 'nobody'
       union select xmin::text from webhook_log where external_id like '%SM2'`,
    );
    expect(transactions).toHaveLength(1);
  });

  test('a restored copy says that it is held, and an admin releases it', async () => {
    const { id } = await world.tenant();
    await world.db.system.query(`update tenants set waits_for = 'restored', restored_since = now() where id = $1`, [
      id,
    ]);
    world.rooms.tenants.forget(await world.tenant());
    const message = await rescue(U_ADMIN, 'status');
    expect(message.text).toContain('*Restored from a backup, held.* Nothing is sent by itself.');
    expect((await rescue(U_ADMIN)).text).toContain('This was restored from a backup');
    await world.slack.click(U_ADMIN, { message }, 'Release');
    const after = await world.slack.waitFor(
      () => world.slack.ephemerals(U_ADMIN).find(({ text }) => text.startsWith('Released: follow-ups leave')),
      'the status after the release',
    );
    expect(after.text).not.toContain('held.*');
    const [event] = await world.db.system.query(`select data from events where type = 'tenant.released'`);
    expect(event).toEqual({ data: { released: 0 } });
  });
});

describe('who comes first by another word', () => {
  test('is the admin, may do it, and is welcomed', async () => {
    const other = await startEdge({ noSenders: true });
    try {
      const { shown } = await other.slack.slash(U_ERIK, '/rescue', 'channels');
      expect(shown?.text).toBe('No sender is connected yet, so nothing can be sent.');
      await until(() => other.slack.ephemerals(U_ERIK).some(({ text }) => text.includes('you are its admin')));
      expect((await other.staff(U_ERIK)).role).toBe('admin');
      const templates = await other.slack.slash(U_ERIK, '/rescue', 'templates');
      if (!templates.shown) throw new Error('no list');
      await other.slack.click(U_ERIK, { message: templates.shown }, 'Submit 40 for approval');
      await until(() =>
        other.slack.ephemerals(U_ERIK).some(({ text }) => text.startsWith('Connect a WhatsApp sender first')),
      );
      expect(other.slack.violations).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});
