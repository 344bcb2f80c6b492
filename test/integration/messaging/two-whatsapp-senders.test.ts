import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { accountsOf, statusPath } from '../../../src/gateways.ts';
import type { LeadId } from '../../../src/lib/ids.ts';
import { newId } from '../../../src/lib/ids.ts';
import { tell, threadOf, type VendorGateway } from '../../../src/messaging/index.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { one } from '../../support/facts.ts';
import { SINCH, SINCH_WHATSAPP, startSinch, type TestSinch } from '../../support/sinch.ts';
import { ACCOUNT_SID, AUTH_TOKEN } from '../../support/twilio.ts';
import { openWorld, SMS_SENDER, WHATSAPP_SENDER, type World } from '../../support/world.ts';

/*
 * Two WhatsApp numbers of two gateways in one list. Window, templates and the limit of new people are each number's own: what the
 * first may not send the second does, where it may, before anything goes by SMS.
 */

const HOUR = 3_600_000;

describe('a second WhatsApp number as the overflow of the first', () => {
  let world: World;
  let sinch: TestSinch;
  let sofia: Staff;
  let people = 0;
  const ask = <T extends object>(sql: string, values: unknown[] = []) => world.database.db.system.query<T>(sql, values);

  beforeAll(async () => {
    sinch = await startSinch({ review: 'later' });
    const platform = new Map<string, VendorGateway>();
    const twilio = {
      accountSid: ACCOUNT_SID,
      authToken: AUTH_TOKEN,
      messagingServiceSid: undefined,
      apiUrl: undefined,
    };
    world = await openWorld({
      gateways: platform,
      accounts: [
        ...accountsOf({ ...twilio, smsFrom: SMS_SENDER, whatsappFrom: WHATSAPP_SENDER }),
        { vendor: 'sinch', channel: 'whatsapp', sender: SINCH_WHATSAPP, gatewayAccount: SINCH.appId, rate: 1 } as const,
      ].map((account) => ({ ...account, rate: 100_000 })),
      statusPath,
      httpTimeoutMs: 3000,
    });
    platform.set('twilio', world.gateway);
    platform.set('sinch', sinch.connect({ httpTimeoutMs: 3000 }));
    sofia = await world.hire('Sofia Lind', 'salesperson');
    await world.rooms.templates.submit(world.tenant.id, null, 'test-drive', ['sv']);
    await follow();
  });
  afterAll(async () => {
    await world.close();
    await sinch.stop();
  });

  async function follow(): Promise<void> {
    await world.rooms.templates.follow(true);
    world.rooms.routing.forget(world.tenant.id);
  }
  const states = async (sender: string) =>
    new Set(
      (await world.rooms.templates.list(world.tenant.id, 'test-drive'))
        .filter((each) => each.sender === sender && each.template.language === 'sv')
        .map(({ state }) => state),
    );
  async function somebody(): Promise<{ phone: string; leadId: LeadId }> {
    const phone = `+4670${4_000_000 + people++}`;
    const { leadId } = await world.drive(sofia, { phone, name: `Anna ${people}` });
    return { phone, leadId };
  }
  /** How a person's messages went, oldest first: channel, number, whether as a template. */
  const sentTo = (phone: string) =>
    [
      ...world.twilio.journal.sent.flatMap(({ to, from, channel, contentSid }) =>
        to === phone ? [{ channel, from, template: contentSid != null }] : [],
      ),
      ...sinch.standIn.journal.sent.flatMap(({ customer, sender, channel, template }) =>
        customer === phone ? [{ channel, from: sender, template: template !== null }] : [],
      ),
    ].map(({ channel, from, template }) => `${channel} ${from}${template ? ' template' : ''}`);
  const rest = async (vendor: string, seconds: number | null) => {
    await ask(
      `update accounts set rests_until = clock_timestamp() + $2 * interval '1 second' where vendor = $1 and channel = 'whatsapp'`,
      [vendor, seconds],
    );
    for (const { account } of (await world.rooms.routing.of(world.tenant.id)).routes ?? [])
      if (account.vendor === vendor && account.channel === 'whatsapp')
        world.rooms.routing.rested(account.id, seconds === null ? null : Date.now() + seconds * 1000);
    world.rooms.routing.forget(world.tenant.id);
  };

  test('each number has its own approvals; until the second has them, what the first cannot carry goes by SMS', async () => {
    expect(await states(WHATSAPP_SENDER)).toEqual(new Set(['approved']));
    expect(await states(SINCH_WHATSAPP)).toEqual(new Set(['pending']));
    await rest('twilio', 60);
    const { phone } = await somebody();
    await world.settle();
    expect(sentTo(phone)).toEqual([`sms ${SMS_SENDER}`]);
    await rest('twilio', null);

    sinch.standIn.templates.approve();
    await follow();
    expect(await states(SINCH_WHATSAPP)).toEqual(new Set(['approved']));
  });

  test('while the first rests the second takes over with its own template, and keeps the conversation', async () => {
    const before = await somebody();
    await world.settle();
    expect(sentTo(before.phone)).toEqual([`whatsapp ${WHATSAPP_SENDER} template`]);

    await rest('twilio', 60);
    const { phone } = await somebody();
    await world.settle();
    expect(sentTo(phone)).toEqual([`whatsapp ${SINCH_WHATSAPP} template`]);
    await rest('twilio', null);
    await world.turnTo(new Date(world.clock.now().getTime() + 49 * HOUR));
    expect(sentTo(phone)).toEqual([`whatsapp ${SINCH_WHATSAPP} template`, `whatsapp ${SINCH_WHATSAPP} template`]);
    expect(sentTo(before.phone)).toEqual([
      `whatsapp ${WHATSAPP_SENDER} template`,
      `whatsapp ${WHATSAPP_SENDER} template`,
    ]);
  });

  test('a text that the first lost goes by the second, and by nobody whose approval it is not', async () => {
    const lose = (vendor: string, state: string) =>
      ask(
        `update whatsapp_templates set state = $2, lost_at = clock_timestamp()
         where account_id in (select id from accounts where vendor = $1) and template_key = 'drive_thanks'`,
        [vendor, state],
      );
    const key = await one<string>(world, `select template_key as value from messages where step_key = 'day_0' limit 1`);
    expect(key).toBe('drive_thanks');
    await lose('twilio', 'paused');
    world.rooms.routing.forget(world.tenant.id);
    const first = await somebody();
    await world.settle();
    expect(sentTo(first.phone)).toEqual([`whatsapp ${SINCH_WHATSAPP} template`]);

    await lose('sinch', 'paused');
    world.rooms.routing.forget(world.tenant.id);
    const second = await somebody();
    await world.settle();
    expect(sentTo(second.phone)).toEqual([`sms ${SMS_SENDER}`]);
    // one thing to look at, though both numbers lost it
    const found = await ask<{ n: number }>(
      `select count(*)::int as n from whatsapp_templates where state = 'paused' and language = 'sv'`,
    );
    expect(found).toEqual([{ n: 2 }]);
    await world.rooms.alerts.run();
    expect(await one(world, `select count(*)::int as value from alert_items where kind = 'template'`)).toBe(1);
    await ask(`update whatsapp_templates set state = 'approved', lost_at = null`);
    world.rooms.routing.forget(world.tenant.id);
  });

  test('the window belongs to the number that the customer wrote to: answers go there, and free text nowhere else', async () => {
    const { phone, leadId } = await somebody();
    await world.settle();
    expect(sentTo(phone)).toEqual([`whatsapp ${WHATSAPP_SENDER} template`]);
    expect(await world.rooms.desk.replyRoute(sofia, leadId)).toMatchObject({ channel: 'sms' });

    await sinch.standIn.customerSends({ from: phone, to: SINCH_WHATSAPP, channel: 'whatsapp', body: 'Hej' });
    await world.rooms.inbox.receive(
      {
        ...{ gatewayId: newId(), accountSid: SINCH.appId, channel: 'whatsapp', body: 'Hej', media: [] },
        ...{ from: phone, to: SINCH_WHATSAPP },
      },
      'sinch.callback',
      {},
    );
    expect(await world.rooms.desk.replyRoute(sofia, leadId)).toMatchObject({ channel: 'whatsapp' });
    await world.rooms.desk.reply(sofia, leadId, 'Hej Anna, hur kan jag hjälpa till?', 'first');
    await world.turnTo(new Date(world.clock.now().getTime() + 11_000));
    expect(sentTo(phone).at(-1)).toBe(`whatsapp ${SINCH_WHATSAPP}`);
    expect(world.twilio.journal.violations).toEqual([]);
    expect(sinch.standIn.journal.violations).toEqual([]);

    // a number that is put away takes its window with it
    await ask(
      `update routes set retired_at = now() where account_id in (select id from accounts where vendor = 'sinch')`,
    );
    world.rooms.routing.forget(world.tenant.id);
    expect(await world.rooms.desk.replyRoute(sofia, leadId)).toMatchObject({ channel: 'sms' });
    await ask('update routes set retired_at = null');
    world.rooms.routing.forget(world.tenant.id);
  });

  test('who finds no place among the new people of the first goes by the second, then by SMS, and says so', async () => {
    await ask(
      `update accounts set new_people_limit = case vendor when 'twilio' then 2 else 3 end where channel = 'whatsapp'`,
    );
    await ask('delete from whatsapp_openings');
    world.rooms.routing.forget(world.tenant.id);
    const many = [];
    for (let n = 0; n < 8; n++) many.push(await somebody());
    await world.settle();
    const ways = many.map(({ phone }) => sentTo(phone).join());
    const by = (way: string) => ways.filter((each) => each === way).length;
    expect(by(`whatsapp ${WHATSAPP_SENDER} template`)).toBe(2);
    expect(by(`whatsapp ${SINCH_WHATSAPP} template`)).toBe(3);
    expect(by(`sms ${SMS_SENDER}`)).toBe(3);

    const moved = many[ways.indexOf(`whatsapp ${SINCH_WHATSAPP} template`)];
    const [day0] = await world.database.db.inTenant(world.tenant.id, (tx) => threadOf(tx, moved?.leadId as LeadId));
    expect(day0 && tell({ ...day0, state: 'scheduled', reason: 'fallback:new_people' }, () => 'now')).toContain(
      'the WhatsApp number before takes no more new people today, so it goes by the next one',
    );
    // the next step stays with the number that the customer knows
    await world.turnTo(new Date(world.clock.now().getTime() + 49 * HOUR));
    expect(sentTo(moved?.phone ?? '')).toEqual([
      `whatsapp ${SINCH_WHATSAPP} template`,
      `whatsapp ${SINCH_WHATSAPP} template`,
    ]);
  });

  test('a gateway that refuses to take texts keeps the other number’s from nothing', async () => {
    await ask('delete from whatsapp_templates');
    await sinch.standIn.faults.down();
    await expect(world.rooms.templates.submit(world.tenant.id, null, 'test-drive', ['en'])).rejects.toMatchObject({
      code: 'unavailable',
    });
    const english = (await world.rooms.templates.list(world.tenant.id, 'test-drive')).filter(
      ({ template }) => template.language === 'en',
    );
    expect(new Set(english.filter(({ sender }) => sender === WHATSAPP_SENDER).map(({ state }) => state))).not.toContain(
      'none',
    );
    expect(new Set(english.filter(({ sender }) => sender === SINCH_WHATSAPP).map(({ state }) => state))).toEqual(
      new Set(['none']),
    );
    await sinch.standIn.faults.up();
  });
});
