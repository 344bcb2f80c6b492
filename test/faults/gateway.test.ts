import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { StandInMessage } from '../../src/sandbox/twilio/index.ts';
import { violations } from '../support/checker.ts';
import { createRandom } from '../support/seeds.ts';
import { openSite, phoneOf, type Site, SMS_SENDER } from '../support/site.ts';
import { inboundForm, postSigned, statusForm } from '../support/twilio.ts';

jest.setTimeout(240_000);

const PEOPLE = 54;
const ROUNDS = 3;
const DUE = PEOPLE / ROUNDS;

describe('a gateway and its webhooks at their worst', () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
    await site.people(PEOPLE, ROUNDS);
    await Promise.all([site.start('web'), site.start('worker')]);
  });
  afterAll(() => site.close());
  afterEach(async () => {
    site.twilio.faults.clear();
    await site.untilAllLeft();
    await site.twilio.idle();
    const { journal } = site.twilio;
    expect(await violations({ sql: site.database.db.system, journal, now: site.clock.now() })).toEqual([]);
  });

  const count = (state: string) => site.one<number>('select count(*) as value from messages where state = $1', [state]);

  test('it hangs, then cannot be reached at all, then is back: what it took is found, what it did not take leaves', async () => {
    const { faults, journal } = site.twilio;
    faults.set({ hang: 'before', callbacks: 'none' });
    for (let n = 0; n < PEOPLE; n += 2) faults.setFor(phoneOf(n), { hang: 'after' });
    await site.turnTo(site.roundAt(0));
    await site.until('every request hangs', () => journal.creates >= DUE);
    await faults.down();
    await site.until('all that can be said is that nobody knows', async () => (await count('sending')) === 0);
    const doubtful = await count('uncertain');
    expect(doubtful).toBeGreaterThan(0);
    // the list cannot be read either: nothing is decided
    const asked = 'select bool_and(check_at > clock_timestamp()) as value from sends where state = $1';
    await site.until('it was asked in vain', () => site.one<boolean>(asked, ['uncertain']));
    expect(await count('uncertain')).toBe(doubtful);

    await faults.up();
    faults.clear();
    await site.untilAllLeft();
    expect(journal.sent.length).toBe(DUE);
  });

  test('reports and messages arrive several times, at once and in any order: each has one effect', async () => {
    const random = createRandom(11);
    const { journal, faults } = site.twilio;
    faults.set({ callbacks: 'none' });
    const before = journal.sent.length;
    await site.turnTo(site.roundAt(1));
    await site.until('they have left', () => journal.sent.length === before + DUE);
    const fresh = journal.sent.slice(before);
    const reports = fresh.flatMap((message) =>
      ['sent', 'delivered', 'sent', 'delivered'].map((status) => () => report(message, status)),
    );
    expect(await atOnce(random.shuffle(reports))).toEqual(new Set([200]));

    const told = await site.database.db.system.query<{ n: number; d: number }>(
      `select count(*) filter (where type = 'message.sent') as n, count(*) filter (where type = 'message.delivered') as d
       from events where message_id = any($1::uuid[]) group by message_id`,
      [fresh.map(idOf)],
    );
    expect(told).toEqual(Array.from({ length: DUE }, () => ({ n: 1, d: 1 })));

    // a third of them writes, a third asks to stop, a third stops and starts again
    const words = [['Hej! Finns den i blått?'], ['please stop texting me'], ['please stop texting me', 'START']];
    for (const turn of [0, 1]) {
      const arriving = fresh.flatMap((message, n) => {
        const body = words[n % 3]?.[turn];
        return body ? Array.from({ length: 4 }, () => () => arrive(message, turn, body)) : [];
      });
      expect(await atOnce(random.shuffle(arriving))).toEqual(new Set([200]));
    }
    // what came first comes once more when all is over
    const again = fresh.map((message, n) => () => arrive(message, 0, words[n % 3]?.[0] ?? ''));
    expect(await atOnce(random.shuffle(again))).toEqual(new Set([200]));

    expect(await site.one(`select count(*) as value from messages where direction = 'in'`)).toBe(DUE + DUE / 3);
    expect(await site.one(`select count(*) as value from events where type = 'message.received'`)).toBe(DUE + DUE / 3);
    expect(await site.one(`select count(*) as value from events where type = 'person.opted_out'`)).toBe((2 * DUE) / 3);
    expect(await site.one('select count(*) as value from persons where opted_out_at is not null')).toBe(DUE / 3);
    await site.untilAllLeft();
    const confirmations = await site.one(
      `select count(*) as value from messages where step_key = 'opt_out_confirmation' and state <> 'scheduled'`,
    );
    expect(confirmations).toBe((2 * DUE) / 3);
  });

  test('the clock is turned by two weeks while messages are in flight: every step once, in order', async () => {
    const { journal, faults } = site.twilio;
    faults.set({ latencyMs: 100, answerDelayMs: 100 });
    const before = journal.creates;
    await site.turnTo(site.roundAt(2));
    await site.until('requests are with the gateway', () => journal.creates > before);
    const turned = await fetch(`${site.url}/sandbox/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advance: 'P15D' }),
    });
    expect(turned.status).toBe(200);
    const { now } = (await turned.json()) as { now: string };
    await site.turnTo(new Date(now));
    await site.untilAllLeft();

    const steps = await stepOf();
    const completed = await site.database.db.system.query<{ phone: string }>(
      `select a.value as phone from enrolments e join addresses a on a.person_id = e.person_id where e.state = 'completed'`,
    );
    expect(completed.length).toBe(2 * DUE);
    for (const { phone } of completed) {
      const read = journal.sent.filter((message) => message.to === phone).map((message) => steps.get(idOf(message)));
      expect(read).toEqual(['day_0', 'day_2', 'day_7', 'day_14']);
    }
  });

  async function stepOf(): Promise<Map<string, string>> {
    const rows = await site.database.db.system.query<{ id: string; step: string }>(
      'select id, step_key as step from messages where step_key is not null',
    );
    return new Map(rows.map(({ id, step }) => [id, step]));
  }

  function report({ sid, to, statusCallback }: StandInMessage, status: string) {
    const form = statusForm({
      MessageSid: sid,
      SmsSid: sid,
      MessageStatus: status,
      SmsStatus: status,
      To: to,
      From: SMS_SENDER,
    });
    return postSigned({ url: statusCallback ?? '', form });
  }

  function arrive({ sid, to }: StandInMessage, turn: number, body: string) {
    const id = `SM${turn}${sid.slice(3)}`;
    const form = inboundForm({ MessageSid: id, SmsSid: id, SmsMessageSid: id, From: to, To: SMS_SENDER, Body: body });
    return postSigned({ url: `${site.url}/webhooks/twilio/inbound`, form });
  }
});

/** Makes all calls together; the statuses they were answered with. */
async function atOnce(calls: readonly (() => Promise<{ status: number }>)[]): Promise<Set<number>> {
  const answers = await Promise.all(calls.map((call) => call()));
  return new Set(answers.map((answer) => answer.status));
}

/** Our id of a message that the gateway took. */
const idOf = ({ statusCallback }: StandInMessage) => new URL(statusCallback ?? '').searchParams.get('message') ?? '';
