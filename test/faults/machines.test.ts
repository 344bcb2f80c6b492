import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { violations } from '../support/checker.ts';
import {
  expireLeases,
  killWithWork,
  logLead,
  type Machines,
  openMachines,
  shares,
  undone,
} from '../support/machines.ts';
import type { AppProcess } from '../support/processes.ts';
import { phoneOf, SMS_SENDER } from '../support/site.ts';
import { U_SOFIA } from '../support/slack.ts';

jest.setTimeout(400_000);

const PEOPLE = 400;
const ROUNDS = 5;

describe('two web and three worker processes on one database', () => {
  let machines: Machines;
  beforeAll(async () => {
    machines = await openMachines({ people: PEOPLE, rounds: ROUNDS, patient: false });
  });
  afterAll(() => machines?.site.close());

  test('the workers share what is due; each message leaves once', async () => {
    const { site } = machines;
    site.twilio.faults.set({ latencyMs: 60, answerDelayMs: 60 });
    let each = [0];
    for (let round = 0; round < ROUNDS - 1 && each.includes(0); round++) {
      await site.turnTo(site.roundAt(round));
      await site.untilQuiet();
      each = await shares(machines);
    }
    expect(each).not.toContain(0);
  });

  test('a web process dies: the other one answers customers and Slack, and nothing is lost', async () => {
    const { site, web } = machines;
    const stop = async (person: number) => {
      const words = { from: phoneOf(person), to: SMS_SENDER, channel: 'sms', body: 'STOP' } as const;
      const { status } = await site.twilio.customerSends(words);
      // over a connection that the dead process had: the gateway tries again
      return status || (await site.twilio.customerSends(words)).status;
    };
    const before = await Promise.all([0, 1, 2, 3].map(stop));
    await web[0].kill9();
    const after = await Promise.all([4, 5, 6, 7].map(stop));
    expect([...before, ...after]).toEqual(Array(8).fill(200));
    expect(await site.one('select count(*) as value from persons where opted_out_at is not null')).toBe(8);
    expect((await site.slack.slash(U_SOFIA, '/leads')).status).toBe(200);
  });

  test('two workers die with work in hand: the third has all of their duties once their leases are over', async () => {
    const { site, workers } = machines;
    site.twilio.faults.set({ latencyMs: 150, answerDelayMs: 150 });
    await site.turnTo(site.roundAt(ROUNDS - 1));
    const dead: AppProcess[] = [];
    let at = new Date(0);
    while (dead.length < 2) {
      const alive = workers.filter((worker) => !dead.includes(worker));
      const killed = await killWithWork(machines, alive);
      dead.push(killed.victim);
      at = killed.at;
    }
    await logLead(machines, PEOPLE);
    for (const victim of dead) {
      await site.expireClaims(victim);
      await site.ageAttempts(victim, 30); // its requests are over: the gateway's list may say what it took
    }
    await expireLeases(machines);
    let left: string[] = [];
    const everything = site.until('the third worker does everything', async () => {
      left = await undone(machines, dead, at);
      return left.length === 0;
    });
    await everything.catch((cause) => {
      throw new Error(`not done by anybody: ${left.join(', ')}`, { cause });
    });
    await site.untilAllLeft();
    await site.twilio.idle();
    const { journal } = site.twilio;
    expect(await violations({ sql: site.database.db.system, journal, now: site.clock.now() })).toEqual([]);
  });
});
