import type { lookup as resolve } from 'node:dns';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mailAccountOf } from '../../../src/gateways.ts';
import { type AccountId, newId } from '../../../src/lib/ids.ts';
import { createMailStandIn, type MailStandIn } from '../../../src/sandbox/mail/index.ts';
import type { Account, Staff, Tenant } from '../../../src/tenants/index.ts';
import { createFind } from '../../../src/vendors/hooks/guard.ts';
import { createMail } from '../../../src/vendors/mail/index.ts';
import { createVendors } from '../../../src/vendors.ts';
import { one } from '../../support/facts.ts';
import { letter, until } from '../../support/mail.ts';
import { ACCOUNT_SID, AUTH_TOKEN } from '../../support/twilio.ts';
import { openWorld, SMS_SENDER, type World } from '../../support/world.ts';

const MAILBOX = 'sales@northern.example';
const PLATFORM = 'hello@leads.example';
const DAY_MS = 86_400_000;

describe('businesses with their own access', () => {
  let world: World;
  let vendors: ReturnType<typeof createVendors>;
  let erik: Staff;
  let other: Tenant;
  let bruno: Staff;
  const servers: MailStandIn[] = [];
  const urls: { smtpUrl: string; imapUrl: string }[] = [];
  /** The servers' clocks. */
  let machine = Date.now;

  const mail = (server: number, changes: Record<string, string> = {}, from = MAILBOX) => ({
    vendor: 'mail',
    gatewayAccount: `mail:${from}`,
    secrets: { from, smtpUrl: '', imapUrl: '', ...urls[server], ...changes },
    senders: [{ channel: 'email', sender: from, rate: 5, dailyLimit: 5000 } as const],
  });
  const wrong = (url = '') => url.replace(/:[^:@/]+@/, ':wrong@');
  async function mailboxOf(tenant: Tenant): Promise<Account> {
    const states = await world.rooms.channels.states(tenant.id);
    const found = states.find(({ account }) => account.channel === 'email');
    if (!found) throw new Error('no mailbox');
    return found.account;
  }
  const count = (sql: string, values: unknown[] = []) =>
    one<number>(world, `select count(*)::int as value from ${sql}`, values);

  beforeAll(async () => {
    for (let n = 0; n < 2; n++) {
      const server = createMailStandIn({ sender: MAILBOX, machine: () => machine() });
      servers.push(server);
      urls.push(await server.start());
    }
    vendors = createVendors({
      twilio: {
        accountSid: ACCOUNT_SID,
        authToken: AUTH_TOKEN,
        smsFrom: undefined,
        whatsappFrom: undefined,
        messagingServiceSid: undefined,
        apiUrl: 'http://127.0.0.1:1',
      },
      mail: undefined,
      httpTimeoutMs: 1000,
      clock: { machine: Date.now, now: () => new Date() },
      local: true,
    });
    const own = vendors.own(
      (each) => world.rooms.post.letter(each),
      () => {},
    );
    world = await openWorld({ own, mail: true });
    erik = await world.hire('Erik Berg', 'admin');
    const names = { country: 'SE', zone: 'Europe/Stockholm', language: 'sv' };
    other = await world.rooms.tenants.ensure({ ...names, name: 'Small Cars', slackTeamId: 'T0SMALL' }, 'test');
    const profile = { slackUserId: 'UBRUNO', name: 'Bruno', zone: 'Europe/Stockholm', fullMember: true };
    bruno = { ...(await world.rooms.staff.remember(other.id, profile)), role: 'admin' };
  });
  afterAll(async () => {
    await world.rooms.gateways.close();
    await world.close();
    await vendors.close();
    for (const server of servers) await server.stop();
  });

  test('a wrong password is said at its server, and nothing is kept', async () => {
    const { channels } = world.rooms;
    await expect(channels.connect(erik, mail(0, { imapUrl: wrong(urls[0]?.imapUrl) }))).rejects.toMatchObject({
      code: 'misconfigured',
      problems: [{ field: 'imapUrl' }],
    });
    await expect(channels.connect(erik, mail(0, { smtpUrl: wrong(urls[0]?.smtpUrl) }))).rejects.toMatchObject({
      code: 'misconfigured',
      problems: [{ field: 'smtpUrl' }],
    });
    expect(await count('credentials')).toBe(0);
  });

  test('who wrote to a mailbox before it was connected is no stranger of ours; who writes then is', async () => {
    machine = () => Date.now() - DAY_MS;
    await servers[0]?.customerWrites({ from: 'old@example.com', text: 'Hello', subject: 'Old' });
    machine = Date.now;
    await world.rooms.channels.connect(erik, mail(0));
    const own = await mailboxOf(world.tenant);
    await world.rooms.gateways.of(own); // in use, it listens
    await servers[0]?.customerWrites({ from: 'new@example.com', text: 'Hello', subject: 'New' });
    await world.rooms.catchUp.started(); // whether it was told or has to be asked for: it comes
    const known = (value: string) => count(`addresses where value = $1`, [value]);
    await until(async () => {
      await world.rooms.catchUp.serveable();
      return known('new@example.com').then((found) => found === 1);
    });
    expect(await known('old@example.com')).toBe(0);
  });

  test('two that name the same mailbox stay apart: nobody’s letters go by another’s server', async () => {
    const { channels, gateways } = world.rooms;
    await channels.connect(bruno, mail(1));
    const [first, second] = [await mailboxOf(world.tenant), await mailboxOf(other)];
    expect(first.id).not.toBe(second.id);
    const sent = async (account: Account) =>
      (await gateways.of(account))?.send({ ...letter(), from: MAILBOX }, Date.now() + 2000);
    const arrived = () => servers.map(({ letters }) => letters.filter(({ direction }) => direction === 'in').length);
    expect(await sent(first)).toMatchObject({ kind: 'accepted' });
    expect(arrived()).toEqual([1, 0]);
    expect(await sent(second)).toMatchObject({ kind: 'accepted' });
    expect(arrived()).toEqual([1, 1]);

    // given anew it is the same one
    expect(await channels.connect(erik, mail(0))).toMatchObject({ renewed: true });
    expect(await mailboxOf(world.tenant)).toEqual(first);
    expect(await count(`accounts where sender = $1`, [MAILBOX])).toBe(2);
  });

  test('one whose account was named before businesses stood in it keeps its name', async () => {
    const { channels } = world.rooms;
    const { id } = await mailboxOf(world.tenant);
    const old = `mail:${MAILBOX}`;
    await world.database.db.system.query('update accounts set gateway_account = $2 where id = $1', [id, old]);
    await world.database.db.system.query('update credentials set gateway_account = $2 where tenant_id = $1', [
      world.tenant.id,
      old,
    ]);
    expect(await channels.connect(erik, mail(0))).toMatchObject({ renewed: true });
    expect(await mailboxOf(world.tenant)).toMatchObject({ id, gatewayAccount: old });
  });

  test('the platform’s sender is nobody’s to connect, and one that was taken is the platform’s again at the next start', async () => {
    const { channels, routing } = world.rooms;
    await expect(channels.connect(erik, mail(0, {}, PLATFORM))).rejects.toMatchObject({
      code: 'misconfigured',
      userMessage: expect.stringContaining('the platform'),
    });
    const platforms = [
      { ...mailAccountOf({ from: PLATFORM }) },
      { vendor: 'twilio', channel: 'sms', sender: SMS_SENDER, gatewayAccount: ACCOUNT_SID, rate: 40 } as const,
    ];
    const ids = (accounts: readonly Account[]) => accounts.map(({ id }) => id);
    const register = () => routing.register(platforms, () => newId<AccountId>());
    const before = ids(await register());
    const taken = `update accounts set credential_id = (select id from credentials limit 1) where id = any($1)`;
    await world.database.db.system.query(taken, [before]);
    for (let start = 0; start < 2; start++) {
      const after = await register();
      expect(ids(after)).toEqual(before);
      expect(after.map(({ credentialId }) => credentialId)).toEqual([null, null]);
    }
    // and the account of a number may become one that a tenant had connected
    const moved = { ...platforms[1], vendor: 'twilio', channel: 'sms', sender: SMS_SENDER, rate: 40 } as const;
    await world.database.db.system.query(
      `insert into accounts (id, vendor, channel, sender, gateway_account, rate, credential_id)
       select $1, 'twilio', 'sms', $2, 'ACnew', 1, id from credentials limit 1`,
      [newId(), SMS_SENDER],
    );
    for (let start = 0; start < 2; start++) {
      const [account] = await routing.register([{ ...moved, gatewayAccount: 'ACnew' }], () => newId<AccountId>());
      expect(account).toMatchObject({ gatewayAccount: 'ACnew', credentialId: null });
    }
    await register();
  });

  test('a server inside our network is never reached, by its address or by a name that leads there', async () => {
    const found: Record<string, string> = { 'mail.inside.example': '127.0.0.1', localhost: '127.0.0.1' };
    const look = (host: string, _: object, done: (error: null, all: object[]) => void) =>
      done(null, [{ address: found[host] ?? host, family: 4 }]);
    const find = (local: boolean) => createFind({ local, resolve: look as typeof resolve });
    const at = (host: string, local: boolean) => {
      const [smtpUrl = '', imapUrl] = Object.values(urls[0] ?? {}).map((url) => url.replace('127.0.0.1', host));
      return createMail({ smtpUrl, imapUrl, from: MAILBOX, machine: Date.now, find: find(local) });
    };
    const told = { code: 'misconfigured', userMessage: expect.stringContaining('not one of the public internet') };
    for (const host of ['127.0.0.1', 'localhost', 'mail.inside.example']) {
      const mail = at(host, false);
      await expect(mail.tryAccess()).rejects.toMatchObject(told);
      await expect(mail.letters(new Date())).rejects.toMatchObject(told);
      const sent = await mail.send(letter(), Date.now() + 2000);
      expect(sent).toEqual({ kind: 'refused', reason: 'sender', code: 'address_forbidden' });
      await mail.close();
    }
    // in the sandbox this machine may be named, but no other name leads to it
    await expect(at('mail.inside.example', true).tryAccess()).rejects.toMatchObject(told);
    const here = at('localhost', true);
    await here.tryAccess();
    await here.letters(new Date());
    await here.close();
  });

  test('a sender whose gateway does not answer holds up nobody’s templates', async () => {
    const { templates, credentials } = world.rooms;
    await templates.submit(world.tenant.id, null, 'test-drive', ['sv']);
    await templates.follow(true);
    const pending = () => count(`whatsapp_templates where state <> 'approved' and tenant_id = $1`, [world.tenant.id]);
    await until(async () => {
      await templates.follow(true);
      return (await pending()) === 0;
    });
    const broken = newId<AccountId>();
    await world.database.db.system.transaction(async (sql) => {
      const given = { vendor: 'twilio', gatewayAccount: 'ACbroken', secrets: { authToken: 'gone' } };
      const { id } = await credentials.keep(sql, { tenantId: other.id, staffId: bruno.id }, given);
      await sql.query(
        `insert into accounts (id, vendor, channel, sender, gateway_account, rate, credential_id)
         values ($1, 'twilio', 'whatsapp', '+46700000088', 'ACbroken', 1, $2)`,
        [broken, id],
      );
      await sql.query(
        `insert into whatsapp_templates (tenant_id, account_id, template_key, version, language, name, content_id, state, checked_at)
         select $1, $2, 'k' || n, '1', 'sv', 'n', 'HX1', 'pending', '2020-01-01' from generate_series(1, 60) n`,
        [other.id, broken],
      );
      await sql.query(`update whatsapp_templates set state = 'pending' where tenant_id = $1`, [world.tenant.id]);
    });
    for (let round = 0; round < 3; round++) {
      world.clock.turnTo(world.clock.now().getTime() - Date.now() + 1000);
      await templates.follow();
    }
    expect(await pending()).toBe(0);
    expect(await count(`whatsapp_templates where state = 'pending'`)).toBe(60);
  });
});
