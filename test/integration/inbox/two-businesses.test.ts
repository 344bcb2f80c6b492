import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type AccountId, newId } from '../../../src/lib/ids.ts';
import type { InboundMessage } from '../../../src/messaging/index.ts';
import type { Staff, Tenant } from '../../../src/tenants/index.ts';
import { one } from '../../support/facts.ts';
import { openWorld, type World } from '../../support/world.ts';

const ANNA = 'anna@example.com';

let world: World;
let sofia: Staff;
let other: Tenant;

beforeAll(async () => {
  world = await openWorld({ whatsapp: false });
  sofia = await world.hire('Sofia Lind', 'salesperson');
  const names = { country: 'SE', zone: 'Europe/Stockholm', language: 'sv' };
  other = await world.rooms.tenants.ensure({ ...names, name: 'Small Cars', slackTeamId: 'T0SMALL' }, 'test');
  for (const { id, slackTeamId } of [world.tenant, other]) {
    const account = newId<AccountId>();
    await world.database.db.system.transaction(async (sql) => {
      await sql.query(
        `insert into accounts (id, vendor, channel, sender, gateway_account, rate) values ($1, 'mail', 'email', $2, $2, 100)`,
        [account, `mail@${slackTeamId}`],
      );
      await sql.query(`insert into routes (tenant_id, channel, account_id, place) values ($1, 'email', $2, 1)`, [
        id,
        account,
      ]);
    });
  }
});
afterAll(() => world.close());

const drive = (tenant: Tenant, email: string, phone: string) =>
  world.rooms.capture.capture(tenant.id, {
    playbook: 'test-drive',
    source: 'slack',
    sourceKey: newId(),
    ownerId: tenant.id === world.tenant.id ? sofia.id : null,
    actor: 'system',
    name: 'Anna',
    phone,
    email,
    language: 'sv',
    fields: { car: 'BMW X5' },
    consentGiven: true,
  });

const letter = (to: Tenant, changes: Partial<InboundMessage>): InboundMessage => ({
  gatewayId: '<one@example.com>',
  accountSid: `mail@${to.slackTeamId}`,
  channel: 'email',
  from: ANNA,
  to: `mail@${to.slackTeamId}`,
  body: 'STOP',
  media: [],
  ...changes,
});
const receive = (message: InboundMessage) =>
  world.rooms.inbox.receive(message, 'mail.inbound', { message: JSON.stringify(message) });
const received = (tenant: Tenant, lead: string) =>
  one<number>(
    world,
    `select count(*)::int as value from messages where tenant_id = $1 and lead_id = $2 and direction = 'in'`,
    [tenant.id, lead],
  );

test('a letter with a stop to two businesses stops both, and each copy has one effect', async () => {
  const both = [world.tenant, other];
  const leads = [];
  for (const tenant of both) leads.push(await drive(tenant, ANNA, '+46701112233'));
  for (const tenant of [...both, ...both]) await receive(letter(tenant, {}));
  for (const [at, tenant] of both.entries()) {
    expect(await received(tenant, leads[at]?.leadId ?? '')).toBe(1);
    const out = 'select opted_out_at is not null as value from persons where id = $1';
    expect(await one(world, out, [leads[at]?.personId])).toBe(true);
  }
});

test('a copy of an answer that comes to another business’s mailbox is that business’s, and is not told twice', async () => {
  const bo = 'bo@example.com';
  const first = await drive(world.tenant, bo, '+46701112244');
  const second = await drive(other, bo, '+46701112244');
  await world.settle();
  const messageId = await one<string>(
    world,
    `select m.id as value from messages m join sends s on s.message_id = m.id where m.lead_id = $1`,
    [first.leadId],
  );
  await world.database.db.system.query(`update messages set channel = 'email' where id = $1`, [messageId]);
  const answers = { messageId: messageId ?? '', attempt: 1, id: '<ours>' };
  const said = { id: '<two@example.com>', references: [], subject: 'Re: BMW', answers };
  const copy = { gatewayId: '<two@example.com>', from: bo, body: 'Tack!', letter: said };
  for (const tenant of [world.tenant, other]) await receive(letter(tenant, copy));
  expect(await received(world.tenant, first.leadId)).toBe(1);
  expect(await received(other, second.leadId)).toBe(1);
});

test('an e-mail address that belongs to somebody else is closed to e-mail', async () => {
  const cia = 'cia@example.com';
  const { personId } = await drive(world.tenant, cia, '+46701112255');
  const body = 'Du har fel mejladress, jag heter inte Cia.';
  await receive(letter(world.tenant, { gatewayId: '<three@example.com>', from: cia, body }));
  const closed = `select unreachable as value from addresses where person_id = $1 and kind = $2`;
  expect(await one(world, closed, [personId, 'email'])).toEqual(['email']);
  expect(await one(world, closed, [personId, 'phone'])).toEqual([]);
});
