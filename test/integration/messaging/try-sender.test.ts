import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Account, Staff } from '../../../src/tenants/index.ts';
import { openWorld, WHATSAPP_SENDER, type World } from '../../support/world.ts';

const MINE = '+46709999999';

describe('a sender that is tried', () => {
  let world: World;
  let admin: Staff;
  async function sender(channel: Account['channel']): Promise<string> {
    world.rooms.routing.forget(world.tenant.id);
    const { accounts } = await world.rooms.routing.of(world.tenant.id);
    return accounts[channel]?.id ?? '';
  }
  const toMe = () => world.twilio.journal.sent.filter(({ to }) => to === MINE);

  beforeAll(async () => {
    world = await openWorld({ mail: true });
    admin = await world.hire('Erik Berg', 'admin');
  });
  afterAll(() => world.close());

  test('on WhatsApp says when it was no approved text, which reaches only who wrote before', async () => {
    const { outcome, by } = await world.rooms.channels.test(admin, await sender('whatsapp'), MINE);
    expect([outcome.kind, by]).toEqual(['accepted', 'text']);
    await world.twilio.idle();
    expect(toMe().map(({ contentSid }) => contentSid)).toEqual([null]);
  });

  test('on WhatsApp leaves by a text that is approved, which is delivered at any hour', async () => {
    await world.rooms.templates.submit(world.tenant.id, null, 'test-drive', ['sv', 'en']);
    await world.rooms.templates.follow();
    const { outcome, by } = await world.rooms.channels.test(admin, await sender('whatsapp'), MINE);
    expect([outcome.kind, by]).toEqual(['accepted', 'template']);
    await world.twilio.idle();
    const since = new Date(Date.now() - 3_600_000);
    const listed = await world.gateway.findSent({
      channel: 'whatsapp',
      to: MINE,
      from: WHATSAPP_SENDER,
      createdAfter: since,
    });
    expect(listed.map(({ status }) => status).sort()).toEqual(['delivered', 'failed']);
    // in the business's language, with the details of an example
    expect(toMe().at(-1)?.body).toMatch(/^Hej /);
    expect(toMe().at(-1)?.body).not.toMatch(/[{}]/);
  });

  test('is a mailbox as well, to which one short letter is sent; none of it is a message to a customer', async () => {
    const { outcome, by } = await world.rooms.channels.test(admin, await sender('email'), 'erik@nordic.example');
    expect([outcome.kind, by]).toEqual(['accepted', 'letter']);
    const letters = world.mail?.standIn.letters ?? [];
    expect(letters.map(({ mailbox, subject }) => [mailbox, subject])).toEqual([
      ['erik@nordic.example', 'LeadRescue: this sender works.'],
    ]);
    const rows = await world.database.db.system.query('select from messages');
    expect(rows).toHaveLength(0);
  });

  test('is tried by admins alone', async () => {
    const sofia = await world.hire('Sofia Lind', 'salesperson');
    await expect(world.rooms.channels.test(sofia, await sender('sms'), MINE)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});
