import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { violations } from '../support/checker.ts';
import { type DatabaseLine, openLine } from '../support/database-line.ts';
import type { AppProcess } from '../support/processes.ts';
import { openSite, phoneOf, type Site, SMS_SENDER } from '../support/site.ts';

jest.setTimeout(400_000);

const PEOPLE = 40;

/** As in `frozen.test.ts`, but nothing is hurried: leases, verdicts and ticks take the time that they really take. */
describe('a worker frozen for minutes', () => {
  let site: Site;
  let line: DatabaseLine;
  let frozen: AppProcess;
  let other: AppProcess;
  beforeEach(async () => {
    site = await openSite({ patient: true });
    await site.people(PEOPLE);
    line = await openLine(site.database);
    [frozen, other] = await Promise.all([
      site.start('worker', { settings: line.settings }),
      site.start('worker'),
      site.start('web'),
    ]);
    other.freeze();
  });
  afterEach(async () => {
    await site.close();
    await line.close();
  });

  const count = (state: string) => site.one<number>('select count(*) as value from messages where state = $1', [state]);
  const wrong = () => violations({ sql: site.database.db.system, journal: site.twilio.journal, now: site.clock.now() });

  test('while it holds claims', async () => {
    const claims = line.hold('messages-read');
    await site.turnTo(site.roundAt(0));
    await site.until('claims are held', async () => claims.sent && (await count('claimed')) === PEOPLE);
    frozen.freeze();
    claims.release();
    other.thaw();
    await site.until('the other has sent them', () => site.twilio.journal.sent.length === PEOPLE);
    frozen.thaw();
    await site.untilAllLeft();
    await site.twilio.idle();
    expect(await wrong()).toEqual([]);
    expect(site.twilio.journal.creates).toBe(PEOPLE);
  });

  test('after "sending" is written: the verdict comes within a minute, and is put right when it goes on', async () => {
    const begun = line.hold('messages-begin');
    await site.turnTo(site.roundAt(0));
    await site.until('attempts are written down', async () => begun.sent && (await count('sending')) > 0);
    const since = Date.now();
    frozen.freeze();
    begun.release();
    const attempts = await count('sending');
    other.thaw();
    await site.until('people are asked', async () => (await count('unconfirmed')) === attempts);
    expect(Date.now() - since).toBeLessThan(60_000);
    expect(site.twilio.journal.creates).toBe(PEOPLE - attempts);
    frozen.thaw();
    await site.until('it says that nothing was written', async () => (await count('unconfirmed')) === 0);
    await site.untilAllLeft();
    await site.twilio.idle();
    expect(await wrong()).toEqual([]);
    expect(site.twilio.journal.creates).toBe(PEOPLE);
  });

  test('in the middle of a transaction that has locked a person: their STOP still counts', async () => {
    const stubborn = phoneOf(0);
    site.twilio.faults.setFor(stubborn, { refuseWith: 21610 });
    const locked = line.hold('persons-lock');
    await site.turnTo(site.roundAt(0));
    await site.until('the person is locked', () => locked.sent);
    await site.until('the others have left', () => site.twilio.journal.sent.length === PEOPLE - 1);
    frozen.freeze();
    locked.release();
    other.thaw();
    const answer = site.twilio.customerSends({
      from: stubborn,
      to: SMS_SENDER,
      channel: 'sms',
      body: 'sluta skicka sms',
    });
    const out = 'select count(*) as value from persons where opted_out_at is not null';
    await site.until('it counts', async () => (await site.one(out)) === 1);
    await answer;
    frozen.thaw();
    await site.untilAllLeft();
    await site.twilio.idle();
    expect(await wrong()).toEqual([]);
  });
});
