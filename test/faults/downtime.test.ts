import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { violations } from '../support/checker.ts';
import type { AppProcess } from '../support/processes.ts';
import { openSite, phoneOf, type Site, SMS_SENDER } from '../support/site.ts';

jest.setTimeout(240_000);

const PEOPLE = 520;
const ROUNDS = 2;
const DUE = PEOPLE / ROUNDS;
const DAY_MS = 86_400_000;

describe('going down and coming up', () => {
  let site: Site;
  let web: AppProcess;
  let worker: AppProcess;
  beforeAll(async () => {
    site = await openSite();
    await site.people(PEOPLE, ROUNDS);
    [web, worker] = await Promise.all([site.start('web'), site.start('worker')]);
  });
  afterAll(() => site.close());

  const wrong = () => violations({ sql: site.database.db.system, journal: site.twilio.journal, now: site.clock.now() });

  test('SIGTERM in the middle of the morning: drained within ten seconds, nothing uncertain, the rest left to others', async () => {
    const { journal } = site.twilio;
    site.twilio.faults.set({ latencyMs: 100, answerDelayMs: 100 });
    await site.turnTo(site.roundAt(0));
    await site.until('it is busy', () => journal.sent.length > DUE / 10);
    const { code, ms } = await worker.stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
    const left = await site.one<number>(
      `select count(*) as value from messages where state in ('claimed', 'sending', 'uncertain')`,
    );
    expect(left).toBe(0);
    expect(journal.sent.length).toBeLessThan(DUE);
    expect(journal.creates).toBe(journal.sent.length);

    worker = await site.start('worker');
    await site.untilAllLeft();
    await site.twilio.idle();
    expect(await wrong()).toEqual([]);
    expect(journal.creates).toBe(DUE);
  });

  test('a STOP that came while everything was dead counts before the first message', async () => {
    await Promise.all([web.kill9(), worker.kill9()]);
    const stopped = [3, 50, 51, 200, PEOPLE - 1].map(phoneOf);
    for (const from of stopped) {
      const answer = await site.twilio.customerSends({
        from,
        to: SMS_SENDER,
        channel: 'sms',
        body: 'please stop texting me',
      });
      expect(answer.status).toBe(0);
    }
    const down = Date.now();

    // everything is due, and the worker is up first
    await site.turnTo(site.roundAt(1));
    worker = await site.start('worker');
    await site.until('it has begun', () => site.twilio.journal.sent.some((message) => message.at > down));
    web = await site.start('web');
    await site.untilAllLeft();
    await site.turnTo(new Date(site.clock.now().getTime() + 2 * DAY_MS));
    await site.untilAllLeft();
    await site.twilio.idle();

    expect(await site.one('select count(*) as value from persons where opted_out_at is not null')).toBe(stopped.length);
    process.stderr.write(JSON.stringify(await site.database.db.system.query(`select state, reason, due_at, expires_at, sent_at, created_at from messages where purpose='notice'`)) + site.clock.now().toISOString());
    const late = site.twilio.journal.sent.filter((message) => message.at > down && stopped.includes(message.to));
    // each of them heard once that it was understood
    expect(late.map((message) => message.to).sort()).toEqual([...stopped].sort());
    expect(late.every((message) => !message.body.includes('/o/'))).toBe(true);
    const acknowledged = stopped.map((phone) => ({ phone, at: down }));
    const { db } = site.database;
    expect(
      await violations({ sql: db.system, journal: site.twilio.journal, now: site.clock.now(), acknowledged }),
    ).toEqual([]);
  });
});
