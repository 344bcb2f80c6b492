import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import { type SlackMessage, U_ERIK, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { MONDAY } from '../../support/world.ts';

let world: LeadWorld;
let serial = 10;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
});
beforeEach(async () => {
  world.clock.turnTo(MONDAY.getTime() - Date.now());
  await world.database.db.system.query('delete from busy_times');
  await pass(0);
});
afterAll(async () => {
  expect(world.slack.violations).toEqual([]);
  await world.close();
});

/** So many hours after Monday morning, with everything that is due then. */
async function pass(hours: number): Promise<number> {
  world.clock.turnTo(MONDAY.getTime() + hours * 3_600_000 - Date.now());
  const handed = await world.rooms.covers.run();
  await world.effects();
  return handed;
}

async function aLead(name: string): Promise<{ leadId: LeadId; phone: string }> {
  const phone = `+467017431${serial++}`;
  const { leadId } = await world.drive(world.sofia, { phone, name });
  await world.flush();
  return { leadId, phone };
}

/** Sofia is away from now on, for a day; Erik stands in. */
async function sofiaLeaves(): Promise<void> {
  const form = await (await world.slack.slash(U_SOFIA, '/rescue', 'away')).modal();
  await world.slack.submit(U_SOFIA, form, {
    from: '2026-11-23',
    until: '2026-11-23',
    cover: world.erik.slackUserId,
    reason: 'Fishing',
  });
}
const saidTo = (userId: string) => world.direct(userId).map((message) => visibleText(message));
const sees = (leadId: LeadId) =>
  world.rooms.desk.lead(world.erik, leadId).then(
    () => true,
    () => false,
  );

describe('somebody who stands in', () => {
  test('hears of it with the one who is away, and again when it is over', async () => {
    await sofiaLeaves();
    expect(await pass(0.1)).toBe(1);
    expect(saidTo(U_ERIK).at(-1)).toContain('You stand in for *Sofia Lindqvist* until Tue 24 Nov 00:00');
    expect(saidTo(U_SOFIA).at(-1)).toContain('*Erik Holm* stands in for you until Tue 24 Nov 00:00');
    expect(await pass(0.2)).toBe(0);
    expect(await pass(24)).toBe(1);
    expect(saidTo(U_ERIK).at(-1)).toContain('You no longer stand in for *Sofia Lindqvist*');
    expect(saidTo(U_SOFIA).at(-1)).toContain('You are back');
  });

  test('gets what customers write, is reminded, sees and answers the leads, and no longer after that', async () => {
    const { leadId, phone } = await aLead('Nora Berg');
    expect(await sees(leadId)).toBe(false);
    await sofiaLeaves();
    await pass(0.1);
    await world.writes('Is it still there?', phone);
    await world.effects();
    expect(saidTo(U_ERIK).at(-1)).toContain('<@U0ERIK> *Nora Berg* (BMW X5) replied');
    expect(visibleText(await world.card(leadId))).toContain('<@U0ERIK> stands in');

    world.clock.turnTo(MONDAY.getTime() + 0.5 * 3_600_000 - Date.now());
    await world.rooms.reminders.run();
    await world.effects();
    expect(saidTo(U_ERIK).at(-1)).toContain('<@U0ERIK> *Nora Berg* (BMW X5) *waits for an answer*');
    await world.slack.openHome(U_ERIK);
    await world.slack.waitFor(() => {
      const home = world.slack.home(U_ERIK);
      return home && visibleText(home).includes('*Nora Berg* · BMW X5');
    }, 'App Home with her');
    const found = await world.slack.slash(U_ERIK, '/leads', '');
    expect(visibleText(found.shown as SlackMessage)).toContain('Nora Berg');
    await world.rooms.desk.reply(world.erik, leadId, 'It is!', 'k1');

    await pass(24);
    expect(await sees(leadId)).toBe(false);
    await world.writes('Thanks!', phone);
    await world.effects();
    const [row] = await world.database.db.system.query<{ owner: string }>(
      'select owner_id as owner from leads where id = $1',
      [leadId],
    );
    expect(row?.owner).toBe(world.sofia.id);
  });

  test('ends at once when the time is given back, or the role is taken', async () => {
    const { leadId } = await aLead('Bo Ek');
    await sofiaLeaves();
    await pass(0.1);
    expect(await sees(leadId)).toBe(true);
    const [busy] = await world.rooms.bookings.busyTimes(world.sofia);
    if (busy) await world.rooms.bookings.unblock(world.sofia, busy.id);
    await Promise.all([world.rooms.covers.run(), world.rooms.covers.run()]);
    expect(await sees(leadId)).toBe(false);

    await sofiaLeaves();
    await pass(0.2);
    await world.setRole(world.erik, null);
    expect(await pass(0.3)).toBe(1);
    await world.setRole(world.erik, 'salesperson');
    expect(await pass(0.4)).toBe(1);
    expect(await sees(leadId)).toBe(true);
  });

  test('is somebody else, who is there', async () => {
    const stretch = { startsAt: MONDAY, endsAt: new Date(MONDAY.getTime() + 3_600_000), reason: '' };
    const away = (coverId: typeof world.erik.id) =>
      world.rooms.bookings.blockOut(world.sofia, { ...stretch, staffId: world.sofia.id, coverId });
    await expect(away(world.sofia.id)).rejects.toMatchObject({ problems: [{ field: 'cover' }] });
    await world.rooms.bookings.blockOut(world.erik, { ...stretch, staffId: world.erik.id });
    await expect(away(world.erik.id)).rejects.toMatchObject({
      problems: [{ field: 'cover', message: 'They are away then as well. Choose somebody else.' }],
    });
    await away(world.maria.id);
    await pass(0.1);
    expect(saidTo(U_MARIA).at(-1)).toContain('You stand in for *Sofia Lindqvist*');
  });
});
