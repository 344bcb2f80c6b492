import { newId } from '../../../src/lib/ids.ts';
import { createRandom } from '../seeds.ts';
import { happen, type Play, type Someone, well } from './acts.ts';
import { factsOf, wrongAfter } from './aftermath.ts';
import type { Stage } from './stage.ts';

/* One random schedule: a few people, their follow-up of two weeks, and whatever happens meanwhile. */

/** Night in Stockholm, and a Monday's morning in the send hours. */
const STARTS = [new Date('2026-11-23T23:00:00+01:00'), new Date('2026-11-23T10:30:00+01:00')];
const DAY_MS = 24 * 3_600_000;
/** How far the clock may be turned at once, in days: to the next step, past one, past all of them. */
const JUMPS = [0.5, 2, 2, 5, 7, 15];
/** Rounds of ticks until everything must be over. */
const PATIENCE = 80;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** What was found, and how it came to that. */
export interface Played {
  wrong: string[];
  told: string[];
  /** Requests and messages of it, so that a schedule in which nothing happens is noticed. */
  requests: number;
}

/** Plays the schedule of a seed to its end. `serial` tells its people from those of others on the same stage. */
export async function playSchedule(stage: Stage, seed: number, serial: number): Promise<Played> {
  const random = createRandom(seed);
  const before = stage.requests.length;
  stage.clock.turnTo(random.pick(STARTS).getTime() - stage.clock.machine());
  const play: Play = { stage, random, people: [], acknowledged: [], beside: [], away: false, told: [] };
  const count = random.between(1, 3);
  for (let n = 0; n < count; n++) play.people.push(await comes(stage, `+4670${1_000_000 + serial * 3 + n}`));

  const rounds = random.between(1, 4);
  for (let round = 0; round < rounds; round++) {
    const acts = random.between(1, 5);
    for (let act = 0; act < acts; act++) {
      await happen(play);
      if (random.next() < 0.5) stage.ring();
      await sleep(random.between(0, 25));
    }
    if (random.next() < 0.4) well(stage, play.people);
    stage.clock.turnTo(stage.clock.offsetMs + random.pick(JUMPS) * DAY_MS);
    play.told.push(`the clock is turned to ${stage.clock.now().toISOString()}`);
    stage.ring();
    await stage.revive();
    await sleep(random.between(0, 40));
  }

  await allEnds(play);
  const wrong = (await untilOver(play)) ?? (await wrongAfter(play));
  return {
    wrong,
    told: wrong.length > 0 ? [...play.told, ...(await factsOf(play))] : play.told,
    requests: stage.requests.length - before,
  };
}

async function comes(stage: Stage, phone: string): Promise<Someone> {
  const { leadId } = await stage.web.rooms.capture.capture(stage.tenant.id, {
    playbook: 'test-drive',
    source: 'slack',
    sourceKey: newId(),
    ownerId: stage.sofia.id,
    actor: `staff:${stage.sofia.id}`,
    name: `Person ${phone.slice(-5)}`,
    phone,
    email: '',
    language: 'sv',
    fields: { car: 'BMW X5' },
    consentGiven: true,
  });
  return { phone, leadId, reopened: false };
}

/** Everything is well again. */
async function allEnds(play: Play): Promise<void> {
  const { stage, people, beside } = play;
  well(stage, people);
  stage.slack.mischief.reset();
  for (const { line } of [stage.web, ...stage.workers]) line.at(Number.POSITIVE_INFINITY, 'before', () => {});
  // something may begin while the rest is waited for: a frozen worker thaws, and what it holds up goes on
  for (let done = 0; done < beside.length; ) {
    const some = beside.slice(done);
    done = beside.length;
    await Promise.all(some);
  }
  for (const worker of stage.workers) worker.thaw();
  await stage.revive();
}

/** Lets everything that is still to happen happen. Null; or what does not come to an end. */
async function untilOver({ stage, people }: Play): Promise<string[] | null> {
  const phones = people.map(({ phone }) => phone);
  let open: Open | undefined;
  for (let round = 0; round < PATIENCE; round++) {
    stage.ring();
    await stage.web.rooms.catchUp.beat().catch(() => {});
    await Promise.all(stage.workers.map((worker) => worker.idle()));
    await stage.twilio.idle();
    [open] = await stage.database.db.system.query<Open>(OPEN, [phones, stage.clock.now()]);
    if (!open) throw new Error('no row');
    if (open.due + open.moving + open.effects + open.webhooks > 0) {
      await stage.pass(61);
    } else if (open.next) {
      stage.clock.turnTo(open.next.getTime() - stage.clock.machine() + 1);
    } else {
      return null;
    }
  }
  return [`it does not come to an end: ${JSON.stringify(open)}`];
}

interface Open {
  due: number;
  moving: number;
  effects: number;
  webhooks: number;
  next: Date | null;
}

const OPEN = `with mine as (select m.* from messages m join addresses a on a.person_id = m.person_id and a.value = any($1::text[]))
  select (select count(*) from mine where state = 'scheduled' and due_at <= $2) as due,
    (select count(*) from mine where state in ('claimed', 'sending', 'uncertain')) as moving,
    (select count(*) from effects where parked_at is null and kind <> 'feed.flush') as effects,
    (select count(*) from webhook_log where state = 'stored') as webhooks,
    (select min(due_at) from mine where state = 'scheduled') as next`;
