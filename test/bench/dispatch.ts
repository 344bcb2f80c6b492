import { newId } from '../../src/lib/ids.ts';
import { type Backlog, createBacklog } from './backlog.ts';
import { type Contender, type Timing, timed } from './contender.ts';
import type { House, Lab } from './lab.ts';
import { createAgendaPeer } from './peers/agenda.ts';
import { createBossPeer } from './peers/boss.ts';
import { createGraphilePeer } from './peers/graphile.ts';
import { createLoop } from './peers/loop.ts';
import { bareWork, dueIds, wholeWork } from './work.ts';

/** What one contender did at one backlog, all rounds together. */
export interface DispatchResult extends Timing {
  backlog: number;
  who: string;
  /** Messages a second of each round. */
  rounds: number[];
}

export interface DispatchOptions {
  backlogs: readonly number[];
  rounds: number;
  log(line: string): void;
}

/** Messages due in one round of ours and of the fast queues; the floor posts twice as many. */
const DUE = 10_000;
const FLOOR = 20_000;
/** Agenda is slow: fewer messages, the same seconds. */
const AGENDA_BARE = 2500;
const AGENDA_WHOLE = 1500;
/** From here on the backlog is also measured with all of it due. */
const LARGE = 100_000;
/** To a Monday three weeks on, when the last planned step is due. */
const ALL_DUE_MS = 21 * 86_400_000;

interface Entry {
  who: string;
  contender?: Contender;
  whole: boolean;
  messages: number;
}

export async function benchDispatch(lab: Lab, options: DispatchOptions): Promise<DispatchResult[]> {
  const results: DispatchResult[] = [];
  for (const backlog of options.backlogs) results.push(...(await atBacklog(lab, backlog, options)));
  return results;
}

async function atBacklog(lab: Lab, planned: number, options: DispatchOptions): Promise<DispatchResult[]> {
  const house = await lab.openHouse();
  const loop = createLoop();
  const peers = [createAgendaPeer(house), await createGraphilePeer(house), await createBossPeer(house)];
  try {
    const backlog = await createBacklog(house);
    const later = Math.max(0, planned - DUE);
    options.log(`loading ${later} messages for later days, for us and for each queue`);
    if (later > 0) {
      await backlog.addPlanned(later);
      for (const peer of peers) await peer.plan(later);
    }
    const entries: Entry[] = [
      { who: 'loop, posts only', contender: loop, whole: false, messages: FLOOR },
      { who: 'LeadRescue', whole: true, messages: DUE },
      ...peers.flatMap((contender) => [
        { who: contender.name, contender, whole: true, messages: contender.name === 'agenda' ? AGENDA_WHOLE : DUE },
        {
          who: `${contender.name}, bare`,
          contender,
          whole: false,
          messages: contender.name === 'agenda' ? AGENDA_BARE : DUE,
        },
      ]),
    ];
    const results = entries.map(({ who }) => ({
      backlog: planned,
      who,
      messages: 0,
      seconds: 0,
      rounds: [] as number[],
    }));
    await warmUp(house, backlog, loop);
    await house.tidy('analyse');
    for (let round = 1; round <= options.rounds; round++) {
      for (const [index, entry] of entries.entries()) {
        const timing = await once(house, backlog, entry);
        const result = results[index];
        if (!result) continue;
        result.messages += timing.messages;
        result.seconds += timing.seconds;
        result.rounds.push(timing.messages / timing.seconds);
        options.log(`round ${round}, ${entry.who}: ${Math.round(timing.messages / timing.seconds)} messages/s`);
      }
    }
    if (later >= LARGE) results.push(await allDue(house, planned, options));
    return results;
  } finally {
    for (const peer of peers) await peer.close();
    await house.close();
  }
}

/** The first thousands are compiled, planned and cached; nobody is measured on them. */
async function warmUp(house: House, backlog: Backlog, loop: Contender): Promise<void> {
  await once(house, backlog, { who: 'loop', contender: loop, whole: false, messages: FLOOR / 2 });
  await once(house, backlog, { who: 'LeadRescue', whole: true, messages: DUE / 2 });
}

async function once(house: House, backlog: Backlog, entry: Entry): Promise<Timing> {
  const { contender, whole, messages } = entry;
  if (whole) await backlog.addDue(messages);
  const before = await house.taken();
  let timing: Timing;
  if (contender) {
    const ids = whole ? await dueIds(house) : Array.from({ length: messages }, () => newId());
    await contender.enqueue(ids);
    await house.tidy();
    timing = await timed(contender, whole ? wholeWork(house) : bareWork(house), messages);
  } else {
    await house.tidy();
    timing = await dispatchAll(house, messages);
  }
  await check(house, entry, timing, before);
  return timing;
}

/** Wakes the dispatcher and waits until everything that was due has left and is recorded. */
async function dispatchAll({ rooms }: House, messages: number): Promise<Timing> {
  const from = performance.now();
  rooms.dispatcher.wake();
  await rooms.dispatcher.idle();
  return { messages, seconds: (performance.now() - from) / 1000 };
}

/** With everything due: the first `DUE` of the whole backlog. The last run of a house, its dispatcher is stopped. */
async function allDue(house: House, backlog: number, options: DispatchOptions): Promise<DispatchResult> {
  await house.tidy('analyse');
  house.clock.turnTo(house.clock.offsetMs + ALL_DUE_MS);
  const before = house.sent();
  const from = performance.now();
  house.rooms.dispatcher.wake();
  while (house.sent() - before < DUE) await new Promise((resolve) => setTimeout(resolve, 5));
  const messages = house.sent() - before;
  const seconds = (performance.now() - from) / 1000;
  await house.rooms.dispatcher.stop();
  options.log(`all due: ${Math.round(messages / seconds)} messages/s`);
  return { backlog, who: 'LeadRescue, all of it due', messages, seconds, rounds: [messages / seconds] };
}

/** A figure counts only when the gateway and the database agree with it. */
async function check(house: House, entry: Entry, timing: Timing, takenBefore: number): Promise<void> {
  const taken = (await house.taken()) - takenBefore;
  const cut = timing.messages < entry.messages;
  if (taken < timing.messages || (taken > timing.messages && !cut)) {
    throw new Error(`${entry.who}: the gateway took ${taken} messages, ${timing.messages} were counted`);
  }
  if (!entry.whole) return;
  const open = await dueIds(house);
  if (open.length > 0 && !cut) throw new Error(`${entry.who}: ${open.length} due messages were left`);
  // what a run cut by time has left over is taken out of the way
  await house.db.system.query('delete from messages where id = any($1::uuid[])', [open]);
}
