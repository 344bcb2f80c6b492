import type { AppProcess } from './processes.ts';
import type { Random } from './seeds.ts';
import { phoneOf, type Site } from './site.ts';

export interface Killing {
  people: number;
  kills: number;
  /** Workers side by side. */
  workers: number;
  /** The process that receives webhooks may be hit too. */
  web?: boolean;
}

/**
 * Lets everybody's first message leave, a share of them in each round, and ends a process in the middle of every round
 * but the last, as a power cut would. Resolves when nothing is open any more.
 */
export async function killing(site: Site, random: Random, plan: Killing): Promise<void> {
  const { twilio } = site;
  const rounds = plan.kills + 1;
  await site.people(plan.people, rounds);
  misbehave(site, random, plan.people);
  const [web, ...workers] = await Promise.all([
    site.start('web'),
    ...Array.from({ length: plan.workers }, () => site.start('worker')),
  ]);
  const targets = plan.web ? [web, ...workers] : workers;

  for (let round = 0; round < rounds; round++) {
    const before = twilio.journal.creates;
    await site.turnTo(site.roundAt(round));
    if (round === plan.kills) break;
    const moment = before + random.between(1, Math.floor((plan.people / rounds) * 0.9));
    await site.until(`request ${moment}`, () => twilio.journal.creates >= moment);
    await killOne(site, random, targets);
  }
  await site.untilAllLeft();
  await twilio.idle();
}

async function killOne(site: Site, random: Random, targets: AppProcess[]): Promise<void> {
  // the moment is random; nothing is waited for
  await new Promise((resolve) => setTimeout(resolve, random.between(0, 40)));
  const [victim] = targets.splice(random.between(0, targets.length - 1), 1);
  if (!victim) throw new Error('there is nobody to kill');
  await victim.kill9();
  await site.expireClaims(victim);
  targets.push(await site.start(victim.role === 'web' ? 'web' : 'worker'));
}

/** Slow, and one request in five ends in doubt: taken or not, cut or answered 500. Half of the phones report nothing. */
function misbehave({ twilio }: Site, random: Random, people: number): void {
  const pace = { latencyMs: 30, answerDelayMs: 30 };
  const doubt = { dropAfterAccept: 0.06, dropBeforeAccept: 0.05, error500: 0.05, error500AfterAccept: 0.05 };
  twilio.faults.set({ ...pace, ...doubt });
  for (let n = 0; n < people; n++) if (random.next() < 0.5) twilio.faults.setFor(phoneOf(n), { callbacks: 'none' });
}
