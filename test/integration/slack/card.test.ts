import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { newId } from '../../../src/lib/ids.ts';
import { U_ADMIN, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';

let world: LeadWorld;
let serial = 10;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
});
afterEach(async () => {
  world.slack.mischief.reset();
  await world.change({ cardChannel: null });
});
afterAll(() => world.close());

/** A customer of their own for each test. */
const customer = () => ({ phone: `+467017406${serial++}`, name: 'Anna Karlsson' });

describe('a lead card in Slack', () => {
  test('comes to the owner when a drive is logged, and follows the lead in place', async () => {
    const { leadId } = await world.drive(world.sofia, customer());
    await world.effects();
    const first = await world.card(leadId);
    expect(first.channel).toBe(world.slack.channel(U_SOFIA).id);
    expect(visibleText(first)).toContain('Active · first message is leaving');
    expect(first.metadata).toEqual({ event_type: 'lead_card', event_payload: { lead_id: leadId } });

    await world.flush();
    const later = await world.card(leadId);
    expect(later.ts).toBe(first.ts);
    expect(visibleText(later)).toContain('*Active · follow-up 1 of 3*');
    expect(visibleText(later)).toMatch(/✓ {2}Day 0 · Mon 23 Nov 10:30 · SMS · (sent|delivered)/);
    expect(visibleText(later)).toContain('▸  *Day 2* · Wed 25 Nov 10:00 · SMS');
  });

  test('brings the lead up to where its message has brought it, when whoever sent it could not', async () => {
    const { leadId } = await world.drive(world.sofia, customer());
    await world.flush();
    const { system } = world.database.db;
    // as somebody leaves it who dies between writing down that it left and moving the lead
    await system.query(`update leads set stage = 'new' where id = $1`, [leadId]);
    await system.query(`insert into effects (tenant_id, kind, key) values ($1, 'card.refresh', $2)`, [
      world.tenant.id,
      leadId,
    ]);
    await world.effects();
    expect(await system.query('select stage from leads where id = $1', [leadId])).toEqual([{ stage: 'contacted' }]);
  });

  test('goes to the channel for cards once that is set', async () => {
    await world.change({ cardChannel: 'C0DRIVES' });
    const { leadId } = await world.drive(world.sofia, customer());
    await world.effects();
    expect((await world.card(leadId)).channel).toBe('C0DRIVES');
  });

  test('never goes to a channel that another organisation shares', async () => {
    world.slack.addChannel('partners', { extShared: true });
    await world.change({ cardChannel: 'C0PARTNERS' });
    const { leadId } = await world.drive(world.sofia, customer());
    await world.effects();
    expect((await world.card(leadId)).channel).toBe(world.slack.channel(U_SOFIA).id);
    expect(world.slack.messages('partners')).toEqual([]);
  });

  test('leaves a channel that has come to be shared, and takes the old one down', async () => {
    const channel = world.slack.addChannel('shared-later');
    await world.change({ cardChannel: channel.id });
    const { leadId } = await world.drive(world.sofia, customer());
    await world.effects();
    const old = await world.card(leadId);
    expect(old.channel).toBe(channel.id);
    channel.extShared = true;
    world.skipMinute();
    await world.rooms.desk.pause(world.sofia, leadId);
    await world.effects();
    expect((await world.card(leadId)).channel).toBe(world.slack.channel(U_SOFIA).id);
    expect(JSON.stringify(world.slack.message(channel.id, old.ts))).not.toContain('Anna');
  });

  test('falls back to the owner where the channel is gone', async () => {
    await world.change({ cardChannel: 'C0NOWHERE' });
    const { leadId } = await world.drive(world.sofia, customer());
    await world.effects();
    expect((await world.card(leadId)).channel).toBe(world.slack.channel(U_SOFIA).id);
  });

  test('is posted anew when it was deleted', async () => {
    const { leadId } = await world.drive(world.sofia, customer());
    await world.effects();
    const first = await world.card(leadId);
    world.slack.mischief.refuse.set('chat.update', 'message_not_found');
    await world.rooms.desk.pause(world.sofia, leadId);
    await world.effects();
    const second = await world.card(leadId);
    expect(second.ts).not.toBe(first.ts);
    expect(visibleText(second)).toContain('*Paused · ');
  });

  test('is not posted twice when the answer to the post was lost', async () => {
    const before = world.direct(U_SOFIA).length;
    world.slack.mischief.loseAnswers = { times: 1, methods: ['chat.postMessage'] };
    const { leadId } = await world.drive(world.sofia, customer());
    await world.effects();
    await world.retryEffects();
    expect(world.direct(U_SOFIA)).toHaveLength(before + 1);
    expect(visibleText(await world.card(leadId))).toContain('Anna Karlsson');
  });

  test('waits when Slack limits the rate, and comes then', async () => {
    world.slack.mischief.rateLimit = { retryAfter: 1, times: 1, methods: ['chat.postMessage'] };
    const { leadId } = await world.drive(world.sofia, customer());
    await world.effects();
    await expect(world.card(leadId)).rejects.toThrow('no card');
    await world.retryEffects();
    expect(visibleText(await world.card(leadId))).toContain('Anna Karlsson');
  });

  test('is posted once when a note and the card itself come at the same time', async () => {
    const { leadId } = await world.drive(world.sofia, customer());
    await world.rooms.desk.stop(world.sofia, leadId);
    const before = world.direct(U_SOFIA).length;
    await world.effects();
    expect(world.direct(U_SOFIA).length - before).toBe(2); // the card and the note
    expect(await world.thread(leadId)).toHaveLength(1);
  });

  test('of a salesperson who has left comes to an admin, without ringing them', async () => {
    const left = await world.hire('Lena Left', null);
    const { leadId } = await world.drive(left, customer());
    await world.effects();
    const card = await world.card(leadId);
    expect(card.channel).toBe(world.slack.channel(U_ADMIN).id);
    expect(visibleText(card)).toContain('nobody looks after this lead');
    expect(world.direct(U_MARIA)).toEqual([]);
  });

  test('of a lead that is gone is nothing to do', async () => {
    const { leadId } = await world.drive(world.sofia, customer());
    await world.effects();
    const posts = () => world.slack.calls.filter((call) => call.method === 'chat.postMessage').length;
    const before = posts();
    await world.database.db.system.query(`insert into effects (tenant_id, kind, key) values ($1, 'card.refresh', $2)`, [
      world.tenant.id,
      newId(),
    ]);
    await world.effects();
    expect(posts()).toBe(before);
    expect(await world.card(leadId)).toBeDefined();
  });

  test('keeps to what Slack takes', () => {
    expect(world.slack.violations).toEqual([]);
  });
});
