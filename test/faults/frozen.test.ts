import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { violations } from '../support/checker.ts';
import { type DatabaseLine, openLine } from '../support/database-line.ts';
import type { AppProcess } from '../support/processes.ts';
import { MORNING, NIGHT, openSite, phoneOf, type Site } from '../support/site.ts';

jest.setTimeout(240_000);

const PEOPLE = 40;

/** A worker stops in the middle of its work without knowing, for longer than its lease, and then goes on. */
describe('a worker frozen past its lease', () => {
  let site: Site;
  let line: DatabaseLine;
  let frozen: AppProcess;
  let other: AppProcess;
  beforeEach(async () => {
    site = await openSite();
    await site.people(PEOPLE);
    line = await openLine(site.database);
    [frozen, other] = await Promise.all([
      site.start('worker', { settings: line.settings }),
      site.start('worker'),
      site.start('web'),
    ]);
    // what is due in the morning falls to the one that is not frozen yet
    other.freeze();
    await site.turnTo(NIGHT);
  });
  afterEach(async () => {
    await site.close();
    await line.close();
  });

  const count = (state: string) => site.one<number>('select count(*) as value from messages where state = $1', [state]);

  async function allIsWell(): Promise<void> {
    await site.untilAllLeft();
    await site.twilio.idle();
    const { journal } = site.twilio;
    expect(await violations({ sql: site.database.db.system, journal, now: site.clock.now() })).toEqual([]);
    expect(journal.sent.length).toBe(PEOPLE);
  }

  test('while it holds claims: another sends them, and it finds that they are no longer its own', async () => {
    const claimed = line.hold('messages-read');
    await site.turnTo(MORNING);
    await site.until('claims are held', async () => claimed.sent && (await count('claimed')) === PEOPLE);
    frozen.freeze();
    claimed.release();

    other.thaw();
    await site.expireClaims(frozen);
    await site.until('the other has sent them', () => site.twilio.journal.sent.length === PEOPLE);
    frozen.thaw();
    await allIsWell();
    expect(site.twilio.journal.creates).toBe(PEOPLE);
  });

  test('after "sending" is written and before the request leaves: nobody guesses, and its deadline has passed', async () => {
    const begun = line.hold('messages-begin');
    await site.turnTo(MORNING);
    await site.until('the attempts are written down', async () => begun.sent && (await count('sending')) > 0);
    frozen.freeze();
    begun.release();
    const attempts = await count('sending');

    other.thaw();
    await site.expireClaims(frozen);
    await site.ageAttempts(frozen);
    // it might still write: the gateway's list cannot say that nothing will come
    await site.until('people are asked', async () => (await count('unconfirmed')) === attempts);
    const others = PEOPLE - attempts;
    await site.until('the rest has left', () => site.twilio.journal.sent.length === others);
    expect(site.twilio.journal.creates).toBe(others);

    frozen.thaw();
    await site.until('it says that nothing was written', async () => (await count('unconfirmed')) === 0);
    await allIsWell();
    expect(site.twilio.journal.creates).toBe(PEOPLE);
  });

  test('while requests are with the gateway: what was taken is found, what was not waits for its word', async () => {
    const lost = 10;
    for (let n = 0; n < PEOPLE; n++) {
      site.twilio.faults.setFor(phoneOf(n), {
        latencyMs: 250,
        ...(n < lost ? { dropBeforeAccept: 1 } : { callbacks: n % 2 ? 'none' : 'posted' }),
      });
    }
    await site.turnTo(MORNING);
    await site.until('the requests are there', () => site.twilio.journal.creates === PEOPLE);
    frozen.freeze();
    await site.until('the gateway has taken them', () => site.twilio.journal.sent.length === PEOPLE - lost);

    other.thaw();
    await site.ageAttempts(frozen);
    await site.until('all are judged', async () => (await count('sending')) === 0);
    expect(await count('unconfirmed')).toBe(lost);
    expect(site.twilio.journal.creates).toBe(PEOPLE);

    site.twilio.faults.clear();
    frozen.thaw();
    await site.until('it says that they are over', async () => (await count('unconfirmed')) === 0);
    await allIsWell();
    expect(site.twilio.journal.creates).toBe(PEOPLE + lost);
  });
});
