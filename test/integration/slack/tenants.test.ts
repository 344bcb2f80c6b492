import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import type { Tenant } from '../../../src/tenants/index.ts';
import { U_ADMIN, U_ERIK, U_MARIA, U_SOFIA } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { until } from '../../support/until.ts';

/* A dealer group: a second business is made in chat, and people with several places work in both. */

let world: LeadWorld;
let south: Tenant;
beforeAll(async () => {
  const pictures = { draw: () => Promise.reject(new Error('nothing is drawn here')), stop() {} };
  world = await openLeadWorld({ quiet: true, pictures });
  await world.rooms.staff.found(world.tenant.id, world.admin);
});
afterAll(() => world.close());

const say = async (user: string, text: string) => (await world.slack.slash(user, '/rescue', text)).shown?.text ?? '';
const form = async (values: Record<string, string>) => {
  const view = await (await world.slack.slash(U_ADMIN, '/rescue', 'tenant new')).modal();
  return world.slack.submit(U_ADMIN, view, values);
};

describe('a further business', () => {
  test('is made by an admin only', async () => {
    expect(await say(U_SOFIA, 'tenant new')).toContain('Only admins can do this');
  });

  test('wants a name that is free, a country that exists, and a zone where there are several', async () => {
    const answers = [
      await form({ name: 'nordic motors', country: 'Sweden' }),
      await form({ name: 'South', country: 'Atlantis' }),
      await form({ name: 'South', country: 'United States of America' }),
    ];
    const errors = answers.map(({ body }) => JSON.parse(body).errors);
    expect(errors).toEqual([
      { name: expect.stringContaining('already') },
      { country: expect.stringContaining('English name') },
      { zone: expect.stringContaining('America/') },
    ]);
  });

  test('belongs to whoever made it, is not live, and their commands act there', async () => {
    await form({ name: 'South Cars', country: 'de' });
    const found = (await world.rooms.tenants.ofTeam(world.slack.team.id)).find(({ name }) => name === 'South Cars');
    if (!found) throw new Error('no second tenant');
    south = found;
    expect(south).toMatchObject({ country: 'DE', zone: 'Europe/Berlin', waitsFor: 'go_live', firstInTeam: false });
    const told = await world.slack.waitFor(
      () => world.direct(U_ADMIN).find(({ text }) => text.includes('South Cars')),
      'a word about it',
    );
    expect(told.text).toContain('nothing is sent before you go live');
    expect(await say(U_ADMIN, '')).toContain('South Cars');
    expect(await say(U_SOFIA, '')).toContain('Nordic Motors');
  });

  test('nobody else hears of it', async () => {
    const text = await say(U_SOFIA, 'tenant');
    expect(text).toContain('Nordic Motors');
    expect(text).not.toContain('South Cars');
    expect(await say(U_SOFIA, 'tenant south')).toContain('You have no such place. You have: Nordic Motors.');
  });
});

describe('somebody with two places', () => {
  test('is given the second by its admin, and switches by name or by button', async () => {
    const view = await (await world.slack.slash(U_ADMIN, '/rescue', 'people')).shown;
    if (!view) throw new Error('no list of people');
    const clicked = await world.slack.click(U_ADMIN, { message: view }, 'Change a role');
    await world.slack.submit(U_ADMIN, await clicked.modal(), { person: U_ERIK, role: 'manager' });
    expect(await say(U_ERIK, 'tenant south')).toContain('act at *South Cars* now, where you are manager');
    const shown = (await world.slack.slash(U_ERIK, '/rescue', 'tenant')).shown;
    if (!shown) throw new Error('no list of places');
    expect(shown.text).toContain('*South Cars*: you are manager. Your commands act here.');
    await world.slack.click(U_ERIK, { message: shown }, 'Switch');
    await world.slack.waitFor(
      () => world.slack.ephemerals(U_ERIK).find(({ text }) => text.includes('*Nordic Motors* now')),
      'the switch',
    );
    expect(await say(U_ERIK, '')).toContain('Nordic Motors');
  });

  test('a card and its windows act in the business they belong to, whatever is chosen', async () => {
    const erik = await world.rooms.staff.bySlackUser(south.id, U_ERIK);
    if (!erik) throw new Error('no Erik in the south');
    const { leadId } = await world.rooms.capture.capture(south.id, {
      playbook: 'test-drive',
      source: 'slack',
      sourceKey: 'south-1',
      ownerId: erik.id,
      actor: `staff:${erik.id}`,
      name: 'Greta Weber',
      phone: '+4915112345678',
      email: '',
      language: 'de',
      fields: { car: 'Audi Q5' },
      consentGiven: true,
    });
    await world.effects();
    const card = await world.card(leadId as LeadId);
    const clicked = await world.slack.click(U_ERIK, { message: card }, 'Reply');
    const window = await clicked.modal();
    expect(window.view.callback_id).toMatch(/^lead_reply@[\w-]{22}$/);
    // Sofia has no place there: the same button tells her so, and opens nothing
    await world.slack.click(U_SOFIA, { message: card }, 'Reply');
    await world.slack.waitFor(
      () => world.slack.ephemerals(U_SOFIA).find(({ text }) => text.includes('in which you have no place')),
      'a refusal',
    );
    expect(world.slack.stack(U_SOFIA)).toEqual([]);
    expect(world.slack.violations).toEqual([]);
  });
});

describe('the set-up of a further business', () => {
  const open = async () => (await world.slack.slash(U_ADMIN, '/rescue', 'setup')).modal();
  const words = () => JSON.stringify(world.slack.stack(U_ADMIN).at(-1)?.view.blocks);

  test('is for its admins, and shows what is so', async () => {
    await world.slack.slash(U_ADMIN, '/rescue', 'tenant south');
    expect(await say(U_SOFIA, 'setup')).toContain('Only admins can do this');
    await world.settle();
    await open();
    expect(words()).toContain('South Cars, Germany, times of Berlin');
    expect(words()).toContain('1 message waits');
    await world.slack.waitFor(() => /Rehearsal.*(without a|\d) problem/.test(words() ?? ''), 'the rehearsal');
    expect((await world.slack.slash(U_ADMIN, '/rescue', 'rehearse')).shown?.text).not.toContain('not live');
    expect(await say(U_ADMIN, '')).toContain('You are not live');
  });

  test('stands first in App Home, which says of which business it is', async () => {
    await world.slack.openHome(U_ADMIN);
    const home = await world.slack.waitFor(() => world.slack.home(U_ADMIN), 'App Home');
    const [whose, setup] = home.view.blocks;
    expect(JSON.stringify(whose)).toContain('*South Cars* · `/rescue tenant`');
    expect(JSON.stringify(setup)).toContain('Not live: nothing leaves by itself.');
  });

  test('changes what the business is known by, and the checklist behind it', async () => {
    const view = world.slack.stack(U_ADMIN).at(-1);
    if (!view) throw new Error('no checklist');
    const form = await (await world.slack.click(U_ADMIN, { view }, 'Change')).modal();
    const look = await world.slack.submit(U_ADMIN, form, { name: 'Süd <Autos> & Söhne' });
    expect(JSON.stringify(look.view?.view.blocks)).toContain('→ *Süd &lt;Autos&gt; &amp; Söhne*');
    expect((await world.rooms.tenants.byId(south.id)).name).toBe('South Cars');
    await world.slack.submit(U_ADMIN, look.view ?? form, {});
    await world.slack.waitFor(() => words().includes('Süd &lt;Autos&gt; &amp; Söhne'), 'the new name');
    expect(await world.rooms.tenants.byId(south.id)).toMatchObject({ name: 'Süd <Autos> & Söhne', country: 'DE' });
    const events = await world.database.db.system.query<{ data: object }>(
      `select data from events where type = 'tenant.described' and tenant_id = $1`,
      [south.id],
    );
    expect(events).toEqual([{ data: { keys: ['name'], facts: [] } }]);
  });

  test('each step is taken from the checklist, which follows', async () => {
    const checklist = () => {
      const view = world.slack.stack(U_ADMIN).at(-1);
      if (!view) throw new Error('no checklist');
      return view;
    };
    const terms = await (await world.slack.click(U_ADMIN, { view: checklist() }, 'Own page')).modal();
    await world.slack.submit(U_ADMIN, terms, { terms: 'https://example.com/agb' });
    await world.slack.submit(U_ADMIN, checklist(), {});
    await world.slack.waitFor(() => words().includes('links to your page'), 'the terms');
    const feed = await (await world.slack.click(U_ADMIN, { view: checklist() }, 'Channels')).modal();
    await world.slack.submit(U_ADMIN, feed, { feedChannel: 'drives' });
    await world.slack.submit(U_ADMIN, checklist(), {});
    await world.slack.waitFor(() => words().includes('It has a channel'), 'the feed');
    const role = await (await world.slack.click(U_ADMIN, { view: checklist() }, 'Give a role')).modal();
    await world.slack.submit(U_ADMIN, role, { person: U_MARIA, role: 'manager' });
    await world.slack.waitFor(() => /[12] managers?/.test(words()), 'the role');
    expect(world.slack.stack(U_ADMIN)).toHaveLength(1);
  });

  test('goes live: what waited leaves, and the other business was live all the time', async () => {
    const state = async () =>
      world.database.db.system.query<{ state: string; reason: string | null }>(
        'select state, reason from messages where tenant_id = $1 order by due_at, id limit 1',
        [south.id],
      );
    await world.settle();
    expect(await state()).toEqual([{ state: 'held', reason: 'not_live' }]);
    const view = world.slack.stack(U_ADMIN).at(-1);
    if (!view) throw new Error('no checklist');
    await world.slack.click(U_ADMIN, { view }, 'Go live');
    await world.slack.waitFor(() => words().includes('✓ *Live*'), 'that it is live');
    await world.settle();
    expect(await state()).toEqual([{ state: expect.stringMatching(/^(sent|delivered)$/), reason: null }]);
    expect((await world.rooms.tenants.byId(south.id)).waitsFor).toBeNull();
    expect(world.tenant.waitsFor).toBeNull();
    expect(world.slack.violations).toEqual([]);
  });
});

describe('numbers of all businesses', () => {
  const all = async (user: string) => {
    const before = world.slack.ephemerals(user).length;
    const { shown } = await world.slack.slash(user, '/kpi', 'month all');
    return (shown ?? (await world.slack.waitFor(() => world.slack.ephemerals(user)[before], 'numbers'))).text;
  };

  test('are those where somebody is manager or admin, and of no other', async () => {
    const theirs = await all(U_ADMIN);
    expect(theirs).toContain('all 2 businesses');
    expect(theirs).toMatch(/\*Together\*\n\d+ leads?/);
    expect(theirs).toContain('*Nordic Motors*');
    expect(theirs).toContain('*Süd &lt;Autos&gt; &amp; Söhne*');
    // without a place in the other one, or only as a salesperson, somebody sees none of it
    expect(await all(U_SOFIA)).toContain('Only managers and admins can do this');
    await world.setRole(world.erik, 'manager');
    await world.database.db.system.query(
      `update staff set role = 'salesperson' where tenant_id = $1 and slack_user_id = $2`,
      [south.id, U_ERIK],
    );
    // who somebody is may be remembered for a second
    let his = '';
    await until(async () => {
      his = await all(U_ERIK);
      return his.includes('Nordic Motors');
    }, 'his new role');
    expect(his).not.toContain('Söhne');
  });
});
