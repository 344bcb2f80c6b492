import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { violations } from '../support/checker.ts';
import type { AppProcess } from '../support/processes.ts';
import { openSite, phoneOf, type Site, SMS_SENDER } from '../support/site.ts';

jest.setTimeout(240_000);

const PEOPLE = 400;
const DAY_MS = 86_400_000;

describe('going down and coming up', () => {
  let site: Site;
  let web: AppProcess;
  let worker: AppProcess;
  beforeAll(async () => {
    // what is drained is in flight for long; on a busy machine it must not run out of time
    site = await openSite({ httpTimeoutMs: 3000 });
    await site.people(PEOPLE);
    [web, worker] = await Promise.all([site.start('web'), site.start('worker')]);
  });
  afterAll(() => site.close());

  test('SIGTERM while 400 messages leave: drained within ten seconds, nothing uncertain, the rest given back', async () => {
    const { journal, faults } = site.twilio;
    faults.set({ latencyMs: 100, answerDelayMs: 100 });
    await site.turnTo(site.roundAt(0));
    await site.until('it is busy', () => journal.sent.length > 50);
    const { code, ms } = await worker.stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(10_000);
    const open = `select count(*) as value from messages where state in ('claimed', 'sending', 'uncertain')`;
    expect(await site.one(open)).toBe(0);
    expect(journal.sent.length).toBeLessThan(PEOPLE);
    expect(journal.creates).toBe(journal.sent.length);
  });

  test('a STOP that came while everything was dead counts before the next message', async () => {
    const { journal } = site.twilio;
    const rate = (perSecond: number) =>
      site.database.db.system.query('update accounts set rate = $1, tokens = 0, refilled_at = clock_timestamp()', [
        perSecond,
      ]);
    await rate(40); // slow enough that much still waits when it dies
    const before = journal.sent.length;
    worker = await site.start('worker');
    await site.until('it is busy again', () => journal.sent.length > before + 20);
    await Promise.all([web.kill9(), worker.kill9()]);
    await rate(10_000);
    await site.expireClaims(worker);
    const phones = await site.database.db.system.query<{ phone: string }>(
      `select a.value as phone from messages m join addresses a on a.id = m.address_id
       where m.step_key = 'day_0' and m.state in ('scheduled', 'claimed')`,
    );
    const waiting = phones.map(({ phone }) => phone);
    expect(waiting.length).toBeGreaterThan(0);
    // some whose first message waits, and one who has it
    const stopped = [...waiting.slice(0, 5), journal.sent[0]?.to ?? phoneOf(0)];
    for (const from of stopped) {
      const words = { from, to: SMS_SENDER, channel: 'sms', body: 'please stop texting me' } as const;
      expect((await site.twilio.customerSends(words)).status).toBe(0);
    }
    const down = Date.now();

    // the worker is up first, and everything is due
    worker = await site.start('worker');
    await site.until('it has begun', () => journal.sent.some((message) => message.at > down));
    web = await site.start('web');
    await site.untilAllLeft();
    await site.turnTo(new Date(site.clock.now().getTime() + 2 * DAY_MS));
    await site.untilAllLeft();
    await site.twilio.idle();

    expect(await site.one('select count(*) as value from persons where opted_out_at is not null')).toBe(stopped.length);
    const late = journal.sent.filter((message) => message.at > down && stopped.includes(message.to));
    // each of them heard once that it was understood
    expect(late.map((message) => message.to).sort()).toEqual([...stopped].sort());
    expect(late.every((message) => !message.body.includes('/o/'))).toBe(true);
    const acknowledged = stopped.map((phone) => ({ phone, at: down }));
    const sql = site.database.db.system;
    expect(await violations({ sql, journal, now: site.clock.now(), acknowledged })).toEqual([]);
  });
});
