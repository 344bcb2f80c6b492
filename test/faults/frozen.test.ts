import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { violations } from '../support/checker.ts';
import { type DatabaseLine, openLine } from '../support/database-line.ts';
import type { AppProcess } from '../support/processes.ts';
import { openSite, phoneOf, type Site } from '../support/site.ts';

jest.setTimeout(240_000);

/** Long, so that on a busy machine nothing runs out of time but what is frozen. */
const HTTP_TIMEOUT_MS = 3000;
const PEOPLE = 72;
const ROUNDS = 3;
/** Due in one round. */
const DUE = PEOPLE / ROUNDS;

/** A worker stops in the middle of its work without knowing, for longer than its lease, and then goes on. */
describe('a worker frozen past its lease', () => {
  let site: Site;
  let line: DatabaseLine;
  let frozen: AppProcess;
  let other: AppProcess;
  let round = 0;
  beforeAll(async () => {
    site = await openSite({ httpTimeoutMs: HTTP_TIMEOUT_MS });
    await site.people(PEOPLE, ROUNDS);
    line = await openLine(site.database);
    [frozen, other] = await Promise.all([
      site.start('worker', { settings: line.settings }),
      site.start('worker'),
      site.start('web'),
    ]);
  });
  afterAll(async () => {
    await site.close();
    await line.close();
  });
  afterEach(async () => {
    await site.untilAllLeft();
    await site.twilio.idle();
    const { journal } = site.twilio;
    expect(await violations({ sql: site.database.db.system, journal, now: site.clock.now() })).toEqual([]);
    expect(journal.sent.length).toBe(round * DUE);
  });

  const count = (state: string) => site.one<number>('select count(*) as value from messages where state = $1', [state]);

  /** What is due now falls to the one that will be frozen. Returns what the gateway had seen before. */
  async function nextRound(): Promise<{ taken: number; requests: number }> {
    const { sent, creates } = site.twilio.journal;
    const before = { taken: sent.length, requests: creates };
    other.freeze();
    await site.turnTo(site.roundAt(round++));
    return before;
  }

  test('while it holds claims: another sends them, and it finds that they are no longer its own', async () => {
    const claims = line.hold('messages-read');
    const before = await nextRound();
    await site.until('claims are held', async () => claims.sent && (await count('claimed')) === DUE);
    frozen.freeze();
    claims.release();

    other.thaw();
    await site.expireClaims(frozen);
    await site.until('the other has sent them', () => site.twilio.journal.sent.length === before.taken + DUE);
    frozen.thaw();
    await site.untilAllLeft();
    expect(site.twilio.journal.creates).toBe(before.requests + DUE);
  });

  test('after "sending" is written and before the request leaves: nobody guesses, and its deadline has passed', async () => {
    const begun = line.hold('messages-begin');
    const before = await nextRound();
    const since = Date.now();
    await site.until('attempts are written down', async () => begun.sent && (await count('sending')) > 0);
    frozen.freeze();
    begun.release();
    const attempts = await count('sending');

    other.thaw();
    await site.expireClaims(frozen);
    await site.ageAttempts(frozen);
    // it might still write: that the gateway does not have it says nothing
    await site.until('people are asked', async () => (await count('unconfirmed')) === attempts);
    const rest = before.requests + DUE - attempts;
    await site.until('the rest has left', () => site.twilio.journal.creates === rest);

    await site.until('its deadline has passed', () => Date.now() > since + HTTP_TIMEOUT_MS);
    frozen.thaw();
    await site.until('it says that nothing was written', async () => (await count('unconfirmed')) === 0);
    await site.untilAllLeft();
    expect(site.twilio.journal.creates).toBe(rest + attempts);
  });

  test('while requests are with the gateway: what was taken is found, what was not waits for its word', async () => {
    const { twilio } = site;
    const cut = new Set(Array.from({ length: PEOPLE / 4 }, (_, n) => phoneOf(4 * n)));
    twilio.faults.set({ latencyMs: 1000 });
    for (const phone of cut) twilio.faults.setFor(phone, { dropBeforeAccept: 1 });
    for (let n = 1; n < PEOPLE; n += 4) twilio.faults.setFor(phoneOf(n), { callbacks: 'none' });
    const before = await nextRound();
    await site.until('the requests are there', () => twilio.journal.creates === before.requests + DUE);
    frozen.freeze();
    const phones = await site.database.db.system.query<{ phone: string }>(
      `select a.value as phone from messages m join addresses a on a.id = m.address_id where m.state = 'sending'`,
    );
    const lost = phones.filter(({ phone }) => cut.has(phone)).length;
    expect(lost).toBeGreaterThan(0);
    await site.until('the gateway has the others', () => twilio.journal.sent.length === before.taken + DUE - lost);

    other.thaw();
    await site.ageAttempts(frozen);
    await site.until('all are judged', async () => (await count('sending')) === 0);
    expect(await count('unconfirmed')).toBe(lost);
    expect(twilio.journal.creates).toBe(before.requests + DUE);

    twilio.faults.clear();
    frozen.thaw();
    await site.until('it says that they are over', async () => (await count('unconfirmed')) === 0);
    await site.ageAttempts(frozen);
    await site.untilAllLeft();
    expect(twilio.journal.creates).toBe(before.requests + DUE + lost);
  });
});
