import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { owedAnswers } from '../../../src/inbox/index.ts';
import type { LeadId, StaffId } from '../../../src/lib/ids.ts';
import { periodOf } from '../../../src/reports/index.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { type SlackMessage, U_ERIK, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';

let world: LeadWorld;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
});
afterEach(() => {
  expect(world.slack.violations).toEqual([]);
});
afterAll(() => world.close());

let serial = 0;
const phone = () => `+4670${1_334_100 + serial++}`;
const logged = async (owner: Staff | null, changes: Parameters<LeadWorld['drive']>[1] = {}): Promise<LeadId> => {
  const { leadId } = await world.drive(world.sofia, { phone: phone(), ...changes });
  if (owner !== world.sofia) {
    await world.database.db.system.query('update leads set owner_id = $2 where id = $1', [leadId, owner?.id ?? null]);
  }
  await world.effects();
  return leadId;
};
const ownerOf = async (id: LeadId) => {
  const [row] = await world.database.db.system.query<{ owner: StaffId | null }>(
    'select owner_id as owner from leads where id = $1',
    [id],
  );
  return row?.owner;
};
const gifts = (id: LeadId) =>
  world.database.db.system.query<{ actor: string; data: object }>(
    `select actor, data from events where lead_id = $1 and type = 'lead.amended' order by id`,
    [id],
  );
const said = (messages: readonly SlackMessage[]) => messages.map(visibleText).join('\n');
/** What somebody alone was told since then. */
function whispers(userId: string): { next(): Promise<SlackMessage> } {
  const before = world.slack.ephemerals(userId).length;
  return { next: () => world.slack.waitFor(() => world.slack.ephemerals(userId)[before], 'a whisper') };
}
const typed = async (userId: string, words: string): Promise<SlackMessage> => {
  const [command = '', ...rest] = words.split(' ');
  const { shown } = await world.slack.slash(userId, command, rest.join(' '));
  if (!shown) throw new Error(`${words} showed nothing`);
  return shown;
};
/** Opens App Home and waits until it shows, or no longer shows, somebody. */
const homeShows = async (userId: string, name: string, there: boolean): Promise<string> => {
  const before = world.slack.home(userId)?.view.hash;
  await world.slack.openHome(userId);
  const home = await world.slack.waitFor(
    () => {
      const now = world.slack.home(userId);
      return now && now.view.hash !== before && visibleText(now).includes(name) === there ? now : null;
    },
    `App Home ${there ? 'with' : 'without'} ${name}`,
  );
  return visibleText(home);
};
/** A lead as a list opens it. */
const opened = async (userId: string, id: LeadId) => {
  const list = await typed(userId, '/leads');
  return (await world.slack.click(userId, { message: list }, { actionId: 'lead_open', value: id })).modal();
};
const give = async (userId: string, id: LeadId, to: string) => {
  const acted = await world.slack.click(userId, { view: await opened(userId, id) }, 'lead_give');
  return world.slack.submit(userId, await acted.modal(), { to });
};

describe('a lead that nobody looks after', () => {
  beforeAll(() => world.change({ cardChannel: 'C0DRIVES' }));
  afterAll(() => world.change({ cardChannel: null }));

  test('is taken by whoever presses first; the other is told', async () => {
    const id = await logged(null);
    const card = await world.card(id);
    expect(visibleText(card)).toContain('nobody looks after this lead');
    const told = [U_SOFIA, U_ERIK].map(whispers);
    await Promise.all([U_SOFIA, U_ERIK].map((user) => world.slack.click(user, { message: card }, 'lead_take')));
    const answers = await Promise.all(told.map(({ next }) => next()));
    const owner = await ownerOf(id);
    const [won, lost] = owner === world.sofia.id ? answers : answers.toReversed();
    expect(won?.text).toContain('You look after Anna from now on');
    expect(lost?.text).toBe(
      `${owner === world.sofia.id ? 'Sofia Lindqvist' : 'Erik Holm'} looks after this lead already.`,
    );
    expect(await gifts(id)).toEqual([{ actor: `staff:${owner}`, data: { changed: ['owner'], staffId: owner } }]);
    await world.effects();
    expect(visibleText(await world.card(id))).toContain(
      `<@${owner === world.sofia.id ? U_SOFIA : U_ERIK}> looks after it`,
    );
  });

  test('is shown to salespeople in /leads and in App Home, but not opened before it is taken', async () => {
    const id = await logged(null, { name: 'Quentin Adams' });
    const list = await typed(U_ERIK, '/leads');
    expect(list.text).not.toContain('Quentin');
    expect(await homeShows(U_ERIK, 'Quentin Adams', true)).toContain('Nobody looks after these leads');
    const told = whispers(U_ERIK);
    await world.slack.click(U_ERIK, { message: await world.card(id) }, 'lead_pause');
    expect((await told.next()).text).toContain('Press “I take it” first');
    await world.rooms.whose.take(world.erik, id);
    await homeShows(U_ERIK, 'Quentin Adams', false);
    expect(await world.rooms.desk.lead(world.erik, id)).toMatchObject({ ownerId: world.erik.id });
  });

  test('is also one whose owner has no role any more', async () => {
    const former = await world.hire('Karl Former', 'salesperson');
    const id = await logged(former);
    await expect(world.rooms.whose.take(world.erik, id)).rejects.toMatchObject({ code: 'conflict' });
    await world.setRole(former, null);
    expect(await world.rooms.whose.take(world.erik, id)).toBe(true);
    expect(await ownerOf(id)).toBe(world.erik.id);
  });
});

describe('Give to …', () => {
  test('is for managers, and gives to somebody with a role', async () => {
    const id = await logged(world.sofia);
    const shown = async () => JSON.stringify(await world.card(id));
    expect(await shown()).not.toContain('lead_give'); // in her direct message
    expect(JSON.stringify(await opened(U_SOFIA, id))).not.toContain('lead_give');
    const stranger = await give(U_MARIA, id, 'U0STRANGER');
    expect(stranger.errors).toEqual({ to: expect.stringContaining('no role in LeadRescue here') });
    expect(await give(U_MARIA, id, U_ERIK)).toMatchObject({ errors: {}, closed: true });
    expect(await ownerOf(id)).toBe(world.erik.id);
    // who logged it is somebody else
    const list = visibleText(await typed(U_ERIK, '/leads'));
    expect(list).toMatch(/logged \w{3} \d+ \w{3} \d\d:\d\d · you look after it/);
    expect(list).not.toContain('logged by you');
    await expect(world.rooms.desk.lead(world.sofia, id)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('is there for everybody in a channel, where whoever may not is told who may, and for a manager who looks after it', async () => {
    await world.change({ cardChannel: 'C0DRIVES' });
    const id = await logged(world.sofia);
    const told = whispers(U_SOFIA);
    await world.slack.click(U_SOFIA, { message: await world.card(id) }, 'lead_give');
    expect((await told.next()).text).toBe('Only managers and admins can do this. Ask one of your admins.');
    expect(JSON.stringify(world.slack.stack(U_SOFIA))).not.toContain('Colleague');
    await world.change({ cardChannel: null });
    const { leadId } = await world.drive(world.maria, { phone: phone() });
    await world.effects();
    expect(JSON.stringify(await world.card(leadId))).toContain('lead_give');
  });

  test('brings card, thread, pending answer and signature along', async () => {
    const mine = phone();
    const id = await logged(world.sofia, { phone: mine });
    await world.flush();
    await world.writes('Is the car still there?', mine);
    await world.flush();
    const { channel, ts } = await world.card(id);
    expect(channel).toBe(world.slack.channel(U_SOFIA).id);
    expect(said(world.slack.thread(channel, ts))).toContain('Is the car still there?');
    await world.rooms.takeover.take(world.sofia, id);

    await give(U_MARIA, id, U_ERIK);
    await world.flush();
    await world.flush();
    const moved = await world.card(id);
    expect(moved.channel).toBe(world.slack.channel(U_ERIK).id);
    const thread = said(await world.thread(id));
    expect(thread).toContain(`<@${U_ERIK}> looks after this lead from now on, says Maria Nyström.`);
    expect(thread).toContain('Is the car still there?');
    const old = world.slack.message(channel, ts);
    expect(old && visibleText(old)).toContain('A colleague looks after this lead now');
    expect(old && visibleText(old)).not.toContain('Anna');
    expect(said(world.slack.thread(channel, ts))).not.toContain('Is the car still there?');
    const [talk] = await world.database.db.system.query<{ by: string }>(
      'select c.taken_by as by from conversations c join leads l on l.person_id = c.person_id where l.id = $1',
      [id],
    );
    expect(talk?.by).toBe(world.erik.id);
  });

  test('signs what has not left yet with the name of whoever looks after it now', async () => {
    const mine = phone();
    const id = await logged(world.sofia, { phone: mine });
    await world.settle();
    await world.rooms.whose.give(world.maria, id, world.erik.id);
    const [planned] = await world.database.db.system.query<{ at: Date }>(
      `select min(due_at) as at from messages where lead_id = $1 and state = 'scheduled'`,
      [id],
    );
    if (planned) await world.turnTo(planned.at);
    const bodies = world.twilio.journal.sent.filter(({ to }) => to === mine).map(({ body }) => body);
    expect(bodies.at(0)).toContain('Sofia');
    expect(bodies.at(-1)).toContain('Erik');
  });
});

describe('the leads of somebody who has no role any more', () => {
  test('are offered where the role is taken away, and given on as a whole', async () => {
    const leaver = await world.hire('Lena Leaver', 'salesperson');
    const ids = [await logged(leaver), await logged(leaver), await logged(leaver)];
    const [closed] = ids;
    if (closed) await world.rooms.desk.move(world.maria, closed, 'lost', { reason: 'Bought elsewhere' });
    await world.setRole(leaver, null);
    const list = await typed(U_MARIA, '/rescue people');
    expect(visibleText(list)).toContain('*Lena Leaver* has no role any more, and 2 open leads are still theirs');
    const acted = await world.slack.click(U_MARIA, { message: list }, 'people_leads');
    const done = await world.slack.submit(U_MARIA, await acted.modal(), { to: U_ERIK });
    expect(done).toMatchObject({ errors: {}, closed: true });
    await world.effects();
    await world.retryEffects();
    expect(await Promise.all(ids.map(ownerOf))).toEqual([leaver.id, world.erik.id, world.erik.id]);
    expect(visibleText(await typed(U_MARIA, '/rescue people'))).not.toContain('Lena Leaver* has no role');
  });
});

describe('an answer that is owed', () => {
  test('counts for the same person in the figures as on App Home: whoever took over, and who stands in', async () => {
    const [owner, taker] = [await world.hire('Olle Owner', 'salesperson'), await world.hire('Tea Taker', 'manager')];
    const standIn = await world.hire('Ida Standin', 'salesperson');
    const phones = [phone(), phone()];
    const [theirs, taken] = await Promise.all(phones.map((mine) => logged(owner, { phone: mine })));
    await world.flush();
    for (const mine of phones) await world.writes('Hello?', mine);
    if (taken) await world.rooms.takeover.take(taker, taken);
    const period = periodOf('today', world.clock.now(), 'Europe/Stockholm');
    const owes = async ({ id }: Staff) => {
      const { owed } = await world.rooms.reports.read(world.tenant.id, id, period);
      const home = await world.database.db.inTenant(world.tenant.id, (tx) => owedAnswers(tx, { by: id, limit: 1 }));
      expect(owed).toEqual({ n: home.total, since: home.owed[0]?.since ?? null });
      return home.owed.map(({ leadId }) => leadId);
    };
    const cover = (by: StaffId | null) =>
      world.database.db.system.query('update staff set covered_by = $2 where id = $1', [owner.id, by]);
    expect(await owes(taker)).toEqual([taken]);
    expect(await owes(owner)).toEqual([theirs]);
    await cover(standIn.id);
    expect(await owes(owner)).toEqual([]);
    expect(await owes(standIn)).toEqual([theirs]);
  });
});
