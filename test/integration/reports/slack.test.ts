import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type LeadId, newId } from '../../../src/lib/ids.ts';
import type { Pictures } from '../../../src/reports/index.ts';
import { settled } from '../../support/settled.ts';
import { type SlackMessage, U_ADMIN, U_ERIK, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { ANNA, type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';

/** A PNG that is a picture to Slack; how real ones look is tested where they are drawn. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let world: LeadWorld;
let leadId: LeadId;
let drawn = 0;
let broken = false;
const pictures: Pictures = {
  async draw() {
    if (broken) throw new Error('no letters');
    drawn++;
    return PNG;
  },
  stop() {},
};

beforeAll(async () => {
  // Monday 23 November, 10:30 in Stockholm
  world = await openLeadWorld({ quiet: true, pictures });
  ({ leadId } = await world.drive(world.sofia));
  await world.drive(world.erik, { phone: '+46701234599', name: 'Lars Olsson' });
  await world.flush();
  await world.writes('Hej! Finns den i blått?');
  await world.flush();
  await keepUp();
});
afterEach(() => {
  expect(world.slack.violations).toEqual([]);
});
afterAll(() => world.close());

/** What `/kpi` whispers, at once or when its picture is there. */
async function kpi(user: string, text = ''): Promise<SlackMessage> {
  const before = world.slack.ephemerals(user).length;
  const { shown } = await world.slack.slash(user, '/kpi', text);
  return shown ?? world.slack.waitFor(() => world.slack.ephemerals(user)[before], 'numbers');
}
async function next(user: string, act: () => Promise<unknown>): Promise<SlackMessage> {
  const before = world.slack.ephemerals(user).length;
  await act();
  return world.slack.waitFor(() => world.slack.ephemerals(user)[before], 'an answer');
}

async function keepUp(): Promise<void> {
  await settled(world.database.db);
  await world.rooms.counting.keepUp();
}

describe('/kpi', () => {
  test("shows a manager everybody's week, with a picture and all numbers as text", async () => {
    const message = await kpi(U_MARIA);
    const words = visibleText(message);
    expect(words).toContain('Week 48 · Nordic Motors');
    expect(words).toContain('Mon 23 Nov, so far');
    expect(message.text).toContain('Leads: 2 (▲ up 2)');
    expect(message.text).toContain('Replied: 50 % (1 of 2)');
    expect(message.text).toContain('Owed answers now: 1 (since Mon 23 Nov 10:30)');
    expect(words).toMatch(/Day 0.*SMS.*2 sent, 50 % replied, 0 % opted out/);
    expect(words).toMatch(/1\. \*Sofia Lindqvist\* 1 lead, 0 deals, 0 % under 5 min\n2\. \*Erik Holm\*/);
    const image = message.blocks?.find((block) => block.type === 'image');
    expect(JSON.stringify(image)).toMatch(/"slack_file":\{"id":"F\w+"\}/);
    expect(JSON.stringify(image)).toContain('Leads: 2');
  });

  test('shows a salesperson their own numbers, and nobody else', async () => {
    const message = await kpi(U_SOFIA);
    expect(visibleText(message)).toContain('your numbers');
    expect(message.text).toContain('Leads: 1');
    expect(message.text).not.toContain('Erik');
    expect((await kpi(U_SOFIA, 'team')).text).toBe('Only managers and admins can do this. Ask one of your admins.');
  });

  test('a wrong word gets a helpful answer', async () => {
    expect((await kpi(U_MARIA, 'last wek')).text).toContain('Did you mean “week”?');
  });

  test('comes without a picture when it cannot be drawn', async () => {
    broken = true;
    const message = await kpi(U_MARIA, 'today');
    broken = false;
    expect(message.text).toContain('Leads: 2');
    expect(message.blocks?.some((block) => block.type === 'image')).toBe(false);
  });

  test('the answer of a person stops the clock, and a deal counts once', async () => {
    await world.turnTo(new Date('2026-11-23T09:34:00Z'));
    await world.database.db.inTenant(world.tenant.id, (tx) =>
      tx.query(
        `insert into events (tenant_id, type, at, actor, lead_id, data)
         values ($1, 'message.sent', $2, 'system', $3, '{"channel":"sms","attempt":1,"purpose":"reply"}'),
           ($1, 'lead.moved', $2, 'system', $3, '{"from":"replied","to":"won"}')`,
        [tx.tenantId, world.clock.now(), leadId],
      ),
    );
    await settled(world.database.db);
    const message = await kpi(U_MARIA);
    expect(message.text).toMatch(/First answer: median 4 min \(average [34] min/);
    expect(message.text).toContain('Under 5 minutes: 100 % (of 1 question)');
    expect(message.text).toContain('Deals: 1 (▲ up 1)');
    expect(message.text).not.toContain('Return');
  });

  test('returns are shown once the tenant has said what a deal brings', async () => {
    await world.slack.slash(U_ADMIN, '/rescue margin', '28 000 sek');
    const { shown } = await world.slack.slash(U_ADMIN, '/rescue margin', '28 000 sek');
    expect(shown?.text).toContain('28,000 kr → 28,000 kr');
    // nobody has entered a price: what the senders charge counts, where it is in the business's currency
    const { system } = world.database.db;
    expect((await kpi(U_MARIA)).text).toContain('0 kr for messages, SMS not counted: no price is known');
    await system.query(`update accounts set told_price = 0.5, told_currency = 'USD' where channel = 'sms'`);
    expect((await kpi(U_MARIA)).text).toContain('SMS not counted: its price is in USD');
    await system.query(`update accounts set price = 0.5, price_currency = 'SEK' where channel = 'sms'`);
    expect((await kpi(U_MARIA)).text).toMatch(/− \d+\.\d\d kr for messages, SMS at the price of the sender/);
    expect((await world.slack.slash(U_ADMIN, '/rescue cost', 'sms 0.85')).shown?.text).toContain('SMS 0.85 kr');
    expect((await kpi(U_MARIA)).text).toContain('Return: -2.55 kr (0 kr − 2.55 kr for messages)');
  });

  test('the period is switched in place, and leads open behind a number', async () => {
    const message = await kpi(U_MARIA);
    const list = await next(U_MARIA, () => world.slack.select(U_MARIA, { message }, 'kpi_leads', 'Won: 1'));
    expect(visibleText(list)).toContain('Won, Week 48');
    expect(visibleText(list)).toContain('Anna Karlsson');
    expect(visibleText(list)).not.toContain('Lars Olsson');
    await world.slack.select(U_MARIA, { message }, 'kpi_period', 'Last week');
    const turned = await world.slack.waitFor(
      () => world.slack.ephemerals(U_MARIA).find(({ text }) => text.startsWith('Week 47')),
      'last week',
    );
    expect(turned.text).toMatch(/Leads: 0$/m);
  });

  test("a button that was forged for somebody else's numbers is refused", async () => {
    const message = await kpi(U_SOFIA, 'me');
    const forged = JSON.parse(JSON.stringify(message).replaceAll(world.sofia.id, world.erik.id));
    const answer = await next(U_SOFIA, () =>
      world.slack.click(U_SOFIA, { message: { ...forged, ephemeral_to: undefined } }, 'CSV'),
    );
    expect(answer.text).toContain('Only managers and admins');
  });

  test('the table comes as a file by direct message', async () => {
    const message = await kpi(U_MARIA);
    const answer = await next(U_MARIA, () => world.slack.click(U_MARIA, { message }, 'CSV'));
    expect(answer.text).toContain('numbers-2026-11-23-2026-11-23.csv');
    const file = world.slack.files().findLast(({ name }) => name === 'numbers-2026-11-23-2026-11-23.csv');
    expect(file?.bytes?.toString()).toContain('2026-11-23,captured,slack,,,2,');
    expect(world.direct(U_MARIA).some(({ files }) => files?.length === 1)).toBe(true);
  });
});

describe('digests', () => {
  const digests = (user: string) => world.direct(user).filter(({ metadata }) => metadata?.event_type === 'digest');

  test('come on Monday at eight, once, also with two workers at it, and are quiet when there is nothing to say', async () => {
    await world.turnTo(new Date('2026-11-30T06:59:00Z'));
    await keepUp();
    await world.rooms.digests.run();
    await world.effects();
    expect(digests(U_MARIA)).toHaveLength(0);

    await world.turnTo(new Date('2026-11-30T07:00:00Z'));
    await keepUp();
    const asked = await Promise.all([world.rooms.digests.run(), world.rooms.digests.run(), world.rooms.digests.run()]);
    expect(asked.reduce((sum, n) => sum + n, 0)).toBe(1);
    await world.effects();
    await world.rooms.digests.run();
    await world.effects();
    const [digest, ...more] = digests(U_MARIA);
    expect(more).toEqual([]);
    const words = visibleText(digest ?? ({ text: '' } as SlackMessage));
    expect(words).toContain('Week 48 · Nordic Motors');
    expect(words).toMatch(/Leads 2/);
    expect(words).toMatch(/median 4 min, 100 % under 5 min/);
    expect(digests(U_SOFIA)).toEqual([]);
  });

  test('after a crash the one that is there is found again', async () => {
    const before = drawn;
    await world.database.db.system.query(
      `insert into effects (tenant_id, kind, key, data, attempts)
       values ($1, 'digest.post', 'weekly/2026-11-30/' || $2, jsonb_build_object('digest', 'weekly', 'day', '2026-11-30', 'receiver', $2::text), 1)`,
      [world.tenant.id, world.maria.id],
    );
    await world.effects();
    expect(digests(U_MARIA)).toHaveLength(1);
    expect(drawn).toBe(before);
    const left = await world.database.db.system.query(`select from effects where kind = 'digest.post'`);
    expect(left).toEqual([]);
  });

  test('go to the channel where an admin asked for them', async () => {
    const { shown } = await world.slack.slash(U_ADMIN, '/rescue digest', 'both here', { channel: 'general' });
    expect(shown?.text).toMatch(
      /\*Digests\*: .+ → every day at 08:00, and on Mondays of the week, in <#C\w+>; the next one Tue 1 Dec 08:00/,
    );
    expect((await world.slack.slash(U_ADMIN, '/rescue digest', 'sometimes')).shown?.text).toContain(
      'Write it like this',
    );
    expect((await world.slack.slash(U_ERIK, '/rescue digest', 'off')).shown?.text).toContain('Only admins');
    await world.turnTo(new Date('2026-12-01T08:00:00Z'));
    await world.writes('Är den kvar?', ANNA, 'sms');
    await world.turnTo(new Date('2026-12-02T07:00:00Z'));
    await keepUp();
    await world.rooms.digests.run();
    await world.effects();
    const general = world.slack.channel('general');
    const posted = world.slack.messages(general.id).filter(({ metadata }) => metadata?.event_type === 'digest');
    expect(posted.map(({ text }) => text.split('\n')[0])).toEqual(['Tuesday 1 December · Nordic Motors:']);
  });

  test('that were missed come late, until the next one: of days that were jumped over the latest alone', async () => {
    const general = world.slack.channel('general');
    const titles = () =>
      world.slack
        .messages(general.id)
        .flatMap(({ metadata, text }) => (metadata?.event_type === 'digest' ? [text] : []));
    const came = async (at: string) => {
      const before = titles().length;
      await world.turnTo(new Date(at));
      await keepUp();
      await world.rooms.digests.run();
      await world.effects();
      return titles()
        .slice(before)
        .map((text) => text.split(' · ')[0]);
    };
    await world.turnTo(new Date('2026-12-03T09:00:00Z'));
    await world.writes('Finns den?', ANNA, 'sms');
    // nobody was there on Friday at eight, and on Saturday it is two in the morning
    expect(await came('2026-12-05T01:00:00Z')).toEqual(['Thursday 3 December']);
    expect(await came('2026-12-05T06:59:00Z')).toEqual([]);
    expect(await came('2026-12-05T07:00:00Z')).toEqual(['Friday 4 December']);
    expect((await came('2026-12-09T09:00:00Z')).sort()).toEqual(['Tuesday 8 December', 'Week 49']);
    // what was asked for and could not be posted meanwhile
    const before = titles().length;
    for (const [digest, day] of [
      ['daily', '2026-12-08'],
      ['weekly', '2026-11-30'],
    ]) {
      await world.database.db.system.query(
        `insert into effects (tenant_id, kind, key, data)
         values ($1, 'digest.post', $2 || '/' || $3 || '/channel', jsonb_build_object('digest', $2::text, 'day', $3::text, 'receiver', 'channel'))`,
        [world.tenant.id, digest, day],
      );
    }
    await world.effects();
    expect(titles()).toHaveLength(before);
    expect(await world.database.db.system.query(`select from effects where kind = 'digest.post'`)).toEqual([]);
  });

  test('of a business that fail hold up nobody else’s', async () => {
    const { system } = world.database.db;
    const bad = newId();
    await system.query(
      `insert into tenants (id, name, slack_team_id, country, zone, language, data_key, suppression_key, created_at)
       values ($1, 'Elsewhere', 'T0ELSEWHERE', 'SE', 'Europe/Stockholm', 'sv', '', '', $2)`,
      [bad, world.clock.now()],
    );
    await system.query(
      `insert into settings (tenant_id, version, values, changed_at) values ($1, 1, '{"digest": "never"}', $2)`,
      [bad, world.clock.now()],
    );
    await system.query('update tenants set name = name where id = $1', [world.tenant.id]); // read after the other one
    await world.turnTo(new Date('2026-12-10T08:00:00Z'));
    await world.writes('Hallå?', ANNA, 'sms');
    await world.turnTo(new Date('2026-12-11T07:00:00Z'));
    await keepUp();
    await expect(world.rooms.digests.run()).rejects.toThrow('digest');
    const decided = await system.query<{ tenant: string; state: string }>(
      `select tenant_id as tenant, state from digests where day = '2026-12-11'`,
    );
    expect(decided).toEqual([{ tenant: world.tenant.id, state: 'asked' }]);
  });
});
