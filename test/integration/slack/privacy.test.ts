import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createSealing, newSigningKey, readSigningKey, verifyDatabase } from '../../../src/audit/index.ts';
import type { Tx } from '../../../src/db/index.ts';
import { appendOne, keepDetail, newDetail } from '../../../src/events/index.ts';
import { type LeadId, newId, type PersonId, type TenantId } from '../../../src/lib/ids.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { REGISTER } from '../../../src/privacy/index.ts';
import { type SlackMessage, U_ADMIN, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { ACCOUNT_SID } from '../../support/twilio.ts';
import { tablesOf, walk } from '../../support/walk.ts';
import { MONDAY, WHATSAPP_SENDER } from '../../support/world.ts';
import { untilTrue } from '../audit/log-world.ts';

const key = readSigningKey(newSigningKey());
const JPEG = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), randomBytes(500)]);
const photo = { bytes: JPEG, mime: 'image/jpeg', by: 'slack' } as const;
/** Letters only: they pass for a name and a word of a search, and cannot be compressed. */
const marker = () =>
  randomBytes(12)
    .toString('hex')
    .replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? 'q');

let world: LeadWorld;
let serial = 10;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
  await world.rooms.staff.found(world.tenant.id, world.admin);
});
beforeEach(() => world.clock.turnTo(MONDAY.getTime() - Date.now()));
afterEach(async () => {
  for (const user of [U_SOFIA, U_MARIA, U_ADMIN]) {
    await world.slack.closeView(user, { everything: true }).catch(() => {});
  }
  expect(world.slack.violations).toEqual([]);
});
afterAll(() => world.close());

const log = createLogger('silent');
const inTenant = <T>(work: (tx: Tx) => Promise<T>) => world.database.db.inTenant(world.tenant.id, work);

async function aLead(changes: object = {}): Promise<{ leadId: LeadId; personId: PersonId; phone: string }> {
  const phone = `+467017413${serial++}`;
  const { leadId, personId } = await world.drive(world.sofia, { phone, ...changes });
  await world.flush();
  return { leadId, personId, phone };
}

/** Presses a button; gives what is whispered then, or takes the place of a whisper. */
async function press(message: SlackMessage, button: string, userId: string): Promise<SlackMessage> {
  const last = () => world.slack.ephemerals(userId).at(-1);
  const before = JSON.stringify(last());
  await world.slack.click(userId, { message }, button);
  return world.slack.waitFor(() => (JSON.stringify(last()) === before ? undefined : last()), `what ${button} says`);
}

async function say(text: string, user = U_MARIA): Promise<SlackMessage> {
  const { shown } = await world.slack.slash(user, '/rescue', `privacy ${text}`.trim());
  if (!shown) throw new Error(`privacy ${text} showed nothing`);
  return shown;
}

/** Somebody with something in every table: all of it holds the marker, or is sealed. */
async function everything(mark: string): Promise<{ leadId: LeadId; personId: PersonId; phone: string }> {
  const { leadId, personId, phone } = await aLead({
    name: `Erna ${mark}`,
    email: `${mark}@example.com`,
    fields: { car: `BMW ${mark}` },
  });
  const sent = { from: phone, to: WHATSAPP_SENDER, channel: 'whatsapp', body: `Hello, this is ${mark}` } as const;
  await world.twilio.customerSends({ ...sent, media: [{ bytes: JPEG, contentType: 'image/jpeg' }] });
  await world.effects();
  await world.rooms.desk.reply(world.sofia, leadId, `Dear ${mark}`, newId(), null);
  await world.turnTo(new Date(world.clock.now().getTime() + 11_000));
  await world.flush();
  await world.rooms.vault.store(world.tenant.id, leadId, photo);
  await world.rooms.vault.createUploadLink(world.tenant.id, leadId);
  await world.rooms.licences.link(world.sofia, leadId);
  const { data } = await world.rooms.tenants.keys(world.tenant.id);
  await inTenant(async (tx) => {
    const detail = newDetail({ words: mark });
    const moved = { type: 'lead.moved', leadId, personId, data: { from: 'new', to: 'contacted' } } as const;
    const id = await appendOne(tx, tx.tenantId, world.clock.now(), 'system', {
      ...moved,
      commitment: detail.commitment,
    });
    await keepDetail(tx, data, id, detail, personId);
    await tx.query(
      `insert into bookings (id, tenant_id, person_id, lead_id, staff_id, kind, starts_at, ends_at, zone, state, source, created_at)
       values ($1, $2, $3, $4, $5, 'test_drive', $6::timestamptz, $6::timestamptz + interval '45 minutes', 'Europe/Stockholm',
         'booked', 'customer', $7)`,
      [newId(), tx.tenantId, personId, leadId, world.sofia.id, new Date('2026-12-01T09:00Z'), world.clock.now()],
    );
    await tx.query(
      `insert into drafts (id, tenant_id, person_id, lead_id, inbound_id, body, language, agent, reason, detail, state, created_at)
       select gen_random_uuid(), $1, $2, $3, m.id, m.body, 'sv', 'rules', 'suggest', null, 'open', $4
       from messages m where m.person_id = $2 and m.direction = 'in'`,
      [tx.tenantId, personId, leadId, world.clock.now()],
    );
  });
  return { leadId, personId, phone };
}

async function verified(): Promise<unknown[]> {
  const { db } = world.database;
  const sealing = createSealing({ db, clock: world.clock, log, key });
  const [{ last } = { last: 0 }] = await db.system.query<{ last: number }>('select max(id) as last from events');
  await untilTrue(async () => {
    await sealing.run();
    return (await db.system.query('select from seals where $1 = any(event_ids)', [last])).length > 0;
  });
  const findings: unknown[] = [];
  const trust = { keys: key.trusted, witnesses: [] };
  await verifyDatabase(db, [world.tenant], trust, (report) => findings.push(...report.findings));
  return findings;
}

/** Asks for the erasure in Slack, as Maria; gives what the admin is asked. */
async function ask(name: string): Promise<SlackMessage> {
  const form = await (await world.slack.slash(U_MARIA, '/rescue', `privacy erase ${name}`)).modal();
  await world.slack.submit(U_MARIA, form, {});
  await world.effects();
  const asked = world.direct(U_ADMIN).findLast((message) => visibleText(message).includes('*forget*'));
  if (!asked) throw new Error('nobody was asked');
  return asked;
}

describe('a licence photo', () => {
  test('is shown by a link of ten minutes to its salesperson, not to a colleague', async () => {
    const { leadId } = await aLead({ name: 'Lars Foto' });
    await world.rooms.vault.store(world.tenant.id, leadId, photo);
    await world.effects();
    const card = await world.card(leadId);
    const whisper = await press(card, 'Licence', U_SOFIA);
    expect(visibleText(whisper)).toMatch(/licence photo of Lars: this link shows it once, within 10 minutes/);
    expect(JSON.stringify(whisper.blocks)).toMatch(/\/l\/[\w-]{32}"/);
    await expect(world.rooms.licences.link(world.erik, leadId)).rejects.toMatchObject({ code: 'forbidden' });

    expect(visibleText(await press(whisper, 'Delete it now', U_SOFIA))).toContain('Deleted: the licence photo of Lars');
    await world.effects();
    expect(visibleText(await world.card(leadId))).not.toContain('Licence photo');
    await expect(world.rooms.licences.link(world.sofia, leadId)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('of finished follow-ups go all at once where an admin says so', async () => {
    const [over, running] = [await aLead(), await aLead()];
    for (const { leadId } of [over, running]) await world.rooms.vault.store(world.tenant.id, leadId, photo);
    await world.rooms.desk.move(world.sofia, over.leadId, 'lost');
    const overview = await say('', U_ADMIN);
    expect(visibleText(overview)).toContain('*Licence photos*: 2 are stored.');
    expect(visibleText(overview)).toContain('Not checked, because nothing tells it reliably');
    expect(visibleText(await say(''))).not.toContain('Delete finished photos now'); // a manager's
    await world.slack.click(U_ADMIN, { message: overview }, 'Delete finished photos now');
    await world.slack.waitFor(
      () => world.slack.ephemerals(U_ADMIN).some((each) => visibleText(each).includes('Deleted: 1 licence photo.')),
      'the photos are deleted',
    );
    await expect(world.rooms.licences.link(world.sofia, running.leadId)).resolves.toBeDefined();
  });
});

describe('erasing a person', () => {
  test('COMPLIANCE T7.3 leaves nothing of them in any table, and the log still verifies', async () => {
    const [kept, mark] = [marker(), marker()];
    const other = await everything(kept);
    const before = await walk(world.database.settings);
    const erna = await everything(mark);
    const held = await walk(world.database.settings);
    const theirs = [...held.sealed].filter(([bytes]) => !before.sealed.has(bytes));
    expect(held.holding([mark])).toEqual(expect.arrayContaining(['addresses', 'lead_terms', 'leads', 'persons']));
    expect(new Set(theirs.map(([, place]) => place.split('.')[0]))).toEqual(
      new Set([
        'assets',
        'drafts',
        'event_details',
        'media',
        'messages',
        'private_links',
        'upload_links',
        'webhook_log',
      ]),
    );
    const thread = await world.thread(erna.leadId);
    expect(thread.map((each) => visibleText(each)).join()).toContain(mark);
    const { channel, ts } = await world.card(erna.leadId);

    const asked = await ask(mark);
    expect(visibleText(asked)).toContain('the words of ');
    expect(visibleText(asked)).toMatch(/They must have an answer by \w{3} \d+ \w{3}( \d{4})? \(GDPR: one month\)\./);
    expect(visibleText(asked)).toContain('1 appointment, 1 still to come');
    // whoever asked cannot agree; of two who agree at once one does
    const [erasure] = await world.rooms.erasures.recent(world.maria, 1);
    const id = erasure?.id ?? '';
    await expect(world.rooms.erasures.decide(world.maria, id, 'approved')).rejects.toMatchObject({ code: 'forbidden' });
    await world.setRole(world.erik, 'manager');
    const both = await Promise.allSettled([
      world.rooms.erasures.decide(world.admin, id, 'approved'),
      world.rooms.erasures.decide({ ...world.erik, role: 'manager' }, id, 'approved'),
    ]);
    await world.setRole(world.erik, 'salesperson');
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    world.slack.mischief.pageSize = 2; // a thread comes in many pages
    await world.effects();
    await world.retryEffects();
    world.slack.mischief.reset();

    const after = await walk(world.database.settings);
    expect(after.holding([mark, erna.phone, erna.phone.slice(1)])).toEqual([]);
    const left = theirs.filter(([bytes]) => after.sealed.has(bytes)).map(([, place]) => place);
    // of raw webhooks a keyed hash stays; the gateway may have listed the other person's message once more meanwhile
    const raw = left.filter((place) => place.startsWith('webhook_log.'));
    expect(left.filter((place) => !raw.includes(place))).toEqual([]);
    const kinds = await world.database.db.system.query(
      `select length(body) as length from webhook_log where sender_hash = $1 and body <> ''`,
      [world.rooms.webhooks.senderHash(erna.phone)],
    );
    expect(kinds).toEqual([]);
    expect(after.holding([kept])).toEqual(before.holding([kept]));
    expect(await world.rooms.desk.lead(world.sofia, other.leadId)).toMatchObject({ name: `Erna ${kept}` });
    expect(await verified()).toEqual([]);

    // in Slack: the card says so, our notes and the customer's picture are gone, whoever asked and who agreed are told
    const shown = world.slack.thread(channel, ts);
    expect(shown.map((each) => visibleText(each))).toEqual([expect.stringMatching(/^\*Erased\.\*/)]);
    await untilTrue(async () => {
      await world.twilio.idle();
      await world.retryEffects();
      return (await world.rooms.erasures.receipts(world.tenant.id, id)).every(({ state }) => state !== 'asked');
    });
    await world.effects();
    const heard = world.direct(U_MARIA).map((each) => visibleText(each));
    expect(heard.filter((each) => each.startsWith('*Erased:* the person you asked about'))).toEqual([
      expect.stringContaining('Asked to delete what they keep: Twilio (SMS), Twilio (WhatsApp).'),
    ]);
    expect(heard.filter((each) => each.includes('What services answered'))).toEqual([
      expect.stringMatching(
        /Twilio \(SMS\): \d+ messages? deleted\n.*Twilio \(WhatsApp\): 1 file, \d+ messages? deleted/,
      ),
    ]);
    expect(visibleText(await say(''))).toContain('Twilio (SMS): ');
    expect(visibleText(world.slack.message(asked.channel, asked.ts) as SlackMessage)).not.toContain(mark);
  });

  test('keeps them from being written to, until they come back themselves', async () => {
    const mark = marker();
    const { phone, leadId } = await aLead({ name: `Bo ${mark}` });
    const asked = await ask(mark);
    await press(asked, 'Erase', U_ADMIN);
    await world.effects();
    await expect(world.rooms.desk.lead(world.sofia, leadId)).rejects.toMatchObject({ code: 'not_found' });
    await expect(aLead({ phone })).rejects.toMatchObject({ code: 'opted_out' });
    await world.turnTo(new Date('2026-12-20T10:00Z'));
    const before = world.twilio.journal.sent.length;
    await world.writes('START', phone);
    await world.flush();
    await expect(world.drive(world.sofia, { phone })).resolves.toBeDefined();
    expect(world.twilio.journal.sent.slice(0, before).filter(({ to }) => to === phone).length).toBeLessThan(3);
  });

  test('is refused by a colleague, or asked for twice, without anything happening', async () => {
    const mark = marker();
    const { leadId, personId } = await aLead({ name: `Cia ${mark}` });
    const asked = await ask(mark);
    await expect(world.rooms.erasures.ask(world.admin, personId)).rejects.toMatchObject({ code: 'conflict' });
    await expect(world.rooms.erasures.ask(world.sofia, personId)).rejects.toMatchObject({ code: 'forbidden' });
    await press(asked, 'Refuse', U_ADMIN);
    await world.effects();
    expect(visibleText(world.direct(U_MARIA).at(-1) as SlackMessage)).toContain('refused the erasure');
    expect(visibleText(await world.card(leadId))).toContain(mark);
    await expect(world.rooms.erasures.ask(world.admin, personId)).resolves.toBeDefined();
  });

  test('does not bring them back when the gateway delivers an old message once more', async () => {
    const mark = marker();
    const { phone, personId } = await aLead({ name: `Dag ${mark}` });
    const message = { from: phone, to: WHATSAPP_SENDER, channel: 'whatsapp', body: 'Hej', profileName: mark } as const;
    const inbound = { accountSid: ACCOUNT_SID, gatewayId: `SM${mark}`, media: [], ...message };
    await world.rooms.inbox.receive(inbound as never, 'twilio.inbound', { Body: mark });
    const id = await world.rooms.erasures.ask(world.maria, personId);
    await world.rooms.erasures.decide(world.admin, id, 'approved');
    await world.effects();
    await world.rooms.inbox.receive(inbound as never, 'listed', { Body: 'Hej' });
    await world.rooms.inbox.receive(inbound as never, 'twilio.inbound', { Body: mark });
    const after = await walk(world.database.settings);
    expect(after.holding([phone])).toEqual([]);
    const raw = await world.database.db.system.query(
      `select id from webhook_log where sender_hash = $1 and body <> ''`,
      [world.rooms.webhooks.senderHash(phone)],
    );
    expect(raw).toEqual([]);
    expect(await inTenant((tx) => tx.query('select from persons where name = $1', [mark]))).toEqual([]);
  });

  test('empties their raw webhooks that are parked too, and leaves those of another business', async () => {
    const mark = marker();
    const { phone, personId } = await aLead({ name: `Eli ${mark}` });
    const { webhooks, tenants } = world.rooms;
    const names = { country: 'SE', zone: 'Europe/Stockholm', language: 'sv' };
    const keep = async (sender: string, name: string, tenantId?: TenantId) => {
      const { id } = await webhooks.store('twilio.inbound', `${mark}/${name}`, { Body: name }, { sender });
      await (name.startsWith('done') ? webhooks.done(id, { tenantId }) : webhooks.park(id, 'x', { tenantId }));
      return id;
    };
    const forget = async (id: PersonId) => {
      const erasure = await world.rooms.erasures.ask(world.maria, id);
      await world.rooms.erasures.decide(world.admin, erasure, 'approved');
      await world.effects();
    };
    const left = async (...ids: string[]) =>
      Promise.all(ids.map(async (id) => (await webhooks.body(id))?.Body ?? 'gone'));
    const [own, nobodys] = [await keep(phone, 'own', world.tenant.id), await keep(phone, 'nobody’s')];
    await forget(personId);
    expect(await left(own, nobodys)).toEqual(['gone', 'gone']);
    const query = 'select state, error from webhook_log where id = any($1)';
    const over = { state: 'done', error: 'erased' };
    expect(await world.database.db.system.query(query, [[own, nobodys]])).toEqual([over, over]);
    // a worker that still held it parks nothing that is empty
    await webhooks.park(own, 'x');
    expect(await world.database.db.system.query(query, [[own]])).toEqual([over]);

    const other = await tenants.ensure({ ...names, name: 'Small Cars', slackTeamId: `T${mark}` }, 'test');
    const again = await aLead({ name: `Eva ${mark}` });
    const ids = [
      await keep(again.phone, 'done, own', world.tenant.id),
      await keep(again.phone, 'done, other', other.id),
      await keep(again.phone, 'parked, other', other.id),
      await keep(again.phone, 'parked, nobody'),
    ];
    await forget(again.personId);
    expect(await left(...ids)).toEqual(['gone', 'done, other', 'parked, other', 'parked, nobody']);
  });
});

describe('what a business can say', () => {
  test('COMPLIANCE T7.6 the register names every table, so that none is forgotten', async () => {
    expect(Object.keys(REGISTER).sort()).toEqual(await tablesOf(world.database.settings));
  });

  test('COMPLIANCE T7.1 the consent ledger: what was agreed to, in which words, and what was taken back', async () => {
    const { phone } = await aLead({ name: 'Eva Samtycke' });
    await world.writes('STOP', phone);
    await world.effects();
    const text = visibleText(await say('consent Samtycke'));
    expect(text).toContain('What *Eva Samtycke* agreed to\nOpted out of everything since');
    expect(text).toMatch(/for WhatsApp.*withdrawn/);
    expect(text).toContain('recorded by Sofia Lindqvist');
    expect(text).toContain('opted out of everything (told by the customer)');
  });

  test('records of processing, from how it is set up, by direct message', async () => {
    expect(visibleText(await say('records'))).toContain('come by direct message');
    const file = await world.slack.waitFor(
      () => world.slack.files().find(({ name }) => name.startsWith('records-of-processing')),
      'the records',
    );
    const words = Buffer.from(file.bytes).toString();
    expect(words).toContain('# Records of processing: Nordic Motors');
    expect(words).toContain('- Twilio: carries WhatsApp messages and SMS');
    expect(words).toContain('- Words of messages: 24 months');
    expect(words).toContain('Photos may be stored in the EU only');
    expect(words).not.toContain('Language model');
  });

  test('an export asks whom, where several fit, and gives a link that stays out of Slack', async () => {
    const mark = marker();
    await aLead({ name: `Filip ${mark}`, fields: { car: 'Volvo' } });
    await aLead({ name: `Frida ${mark}`, fields: { car: 'Saab' } });
    expect(visibleText(await say(`export ${mark}`))).toMatch(/^Only admins can do this\./);
    const form = await (await world.slack.slash(U_ADMIN, '/rescue', 'privacy export')).modal();
    const { view } = await world.slack.submit(U_ADMIN, form, { who: mark });
    expect(JSON.stringify(view?.view.blocks)).toMatch(/Frida.*Saab.*Filip.*Volvo/);
    const page = await say(`export Frida ${mark}`, U_ADMIN);
    expect(JSON.stringify(page.blocks)).toMatch(/\/l\/[\w-]{32}"/);
  });

  test('how long things are kept, and where, can be changed by admins in words', async () => {
    const check = await (await world.slack.slash(U_ADMIN, '/rescue', 'privacy retention messages 12')).modal();
    expect(visibleText(check)).toMatch(/words of messages 24,.+becomes.+words of messages 12,/s);
    expect(visibleText(check)).toContain('What is older goes with the next daily run, for good.');
    const kept = async () => (await world.rooms.tenants.settings(world.tenant.id)).retention.messages;
    expect(await kept()).toBe(24);
    await world.slack.submit(U_ADMIN, check, {});
    expect(await kept()).toBe(12);
    expect((await say('retention messages 12', U_ADMIN)).text).toContain('nothing was changed');
    expect((await say('retention letters 12', U_ADMIN)).text).toContain('There are messages, media, notes');
    expect((await say('residency any', U_ADMIN)).text).toContain('in the EU only, because of your country → anywhere');
    expect((await say('residency country', U_ADMIN)).text).toContain('in the EU only, because of your country');
    expect((await say('residency eu')).text).toMatch(/^Only admins/);
  });
});
