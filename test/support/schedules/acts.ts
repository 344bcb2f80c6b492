import type { LeadId } from '../../../src/lib/ids.ts';
import type { NumberFaultChanges } from '../../../src/sandbox/twilio/index.ts';
import type { Acknowledged } from '../checker.ts';
import type { Random } from '../seeds.ts';
import { SMS_SENDER } from '../world.ts';
import type { Stage } from './stage.ts';

/* What may happen at a random moment of a schedule. */

export interface Someone {
  phone: string;
  leadId: LeadId;
  /** They opted out and opted in again: they do so once. */
  reopened: boolean;
}

/** A schedule that is being played. */
export interface Play {
  stage: Stage;
  random: Random;
  people: Someone[];
  acknowledged: Acknowledged[];
  /** What goes on beside the acts; waited for before the end. */
  beside: Promise<unknown>[];
  /** The gateway cannot be reached at the moment: it goes away once at a time. */
  away: boolean;
  /** What happened, for whoever reads a failure. */
  told: string[];
}

/** Faults of the gateway towards one person. */
const FAULTS: readonly NumberFaultChanges[] = [
  { error500: 0.6 },
  { error500AfterAccept: 0.6 },
  { dropBeforeAccept: 0.6 },
  { dropAfterAccept: 0.6 },
  { rateLimited: 0.6 },
  { hang: 'before' },
  { hang: 'after' },
  { refuseWith: 20003 },
  { latencyMs: 40 },
  { answerDelayMs: 60 },
  // slower than we wait: it takes the message when we have given up
  { latencyMs: 260 },
  { answerDelayMs: 260 },
];

const REPORTS: readonly NumberFaultChanges[] = [
  { callbacks: 'none' },
  { duplicateCallbacks: true },
  { reverseCallbacks: true },
  { callbackDelayMs: 120 },
  { duplicateCallbacks: true, reverseCallbacks: true, callbackDelayMs: 30 },
];

const HEALTHY: NumberFaultChanges = Object.fromEntries(
  [...FAULTS, ...REPORTS].flatMap((faults) => Object.keys(faults).map((key) => [key, undefined])),
);

type Act = (play: Play) => Promise<void> | void;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** The same happens more often when it is named more often. */
const ACTS: readonly [name: string, times: number, act: Act][] = [
  [
    'the gateway misbehaves',
    5,
    ({ stage, random, people }) => {
      const { phone } = random.pick(people);
      stage.twilio.faults.setFor(phone, {
        ...HEALTHY,
        ...random.pick(FAULTS),
        ...(random.next() < 0.5 && random.pick(REPORTS)),
      });
    },
  ],
  [
    'the gateway reports badly',
    2,
    ({ stage, random, people }) => {
      stage.twilio.faults.setFor(random.pick(people).phone, { ...HEALTHY, ...random.pick(REPORTS) });
    },
  ],
  ['the gateway is well', 1, ({ stage, people }) => well(stage, people)],
  [
    'the gateway cannot be reached',
    1,
    (play) => {
      if (play.away) return;
      play.away = true;
      const { faults } = play.stage.twilio;
      const ms = play.random.between(5, 60);
      play.beside.push(
        faults
          .down()
          .then(() => sleep(ms))
          .then(() => faults.up())
          .then(() => {
            play.away = false;
          }),
      );
    },
  ],
  ['a worker is killed', 3, (play) => strike(play, (at) => play.stage.workers[at]?.kill())],
  ['a worker loses its connections', 3, (play) => strike(play, (at) => play.stage.workers[at]?.line.cut())],
  [
    'a worker is frozen',
    3,
    (play) => {
      const ms = play.random.between(10, 80);
      strike(play, (at) => {
        const worker = play.stage.workers[at];
        worker?.freeze();
        play.beside.push(sleep(ms).then(() => worker?.thaw()));
      });
    },
  ],
  [
    'the web process loses its connections',
    1,
    ({ stage, random }) => {
      stage.web.line.at(random.between(1, 12), random.pick(['before', 'after']), () => stage.web.line.cut());
    },
  ],
  ['the database ends sessions', 1, ({ stage, random }) => stage.endSessions(random.between(1, 6))],
  [
    'the database refuses everybody',
    1,
    (play) => {
      const { stage, random } = play;
      const lines = [stage.web.line, ...stage.workers.map(({ line }) => line)];
      for (const line of lines) {
        line.refuse(true);
        line.cut();
      }
      play.beside.push(
        sleep(random.between(10, 120)).then(() => {
          for (const line of lines) line.refuse(false);
        }),
      );
    },
  ],
  ['time passes', 3, (play) => void play.beside.push(play.stage.pass(play.random.pick([31, 61, 301])))],
  [
    'Slack asks to wait',
    1,
    ({ stage, random }) => {
      stage.slack.mischief.rateLimit = { retryAfter: random.between(1, 30), times: random.between(1, 4) };
    },
  ],
  [
    'Slack loses answers',
    1,
    ({ stage, random }) => {
      stage.slack.mischief.loseAnswers = { times: random.between(1, 2), methods: ['chat.update', 'chat.getPermalink'] };
    },
  ],
  [
    'Slack is away',
    1,
    (play) => {
      const { mischief } = play.stage.slack;
      mischief.outage = play.random.pick(['unavailable', 'reset']);
      play.beside.push(
        sleep(play.random.between(10, 60)).then(() => {
          mischief.outage = 'none';
        }),
      );
    },
  ],
  ['a customer replies', 2, (play) => void writes(play, play.random.pick(play.people), 'Hej! Finns den i blått?')],
  [
    'a customer opts out',
    4,
    (play) => {
      const someone = play.random.pick(play.people);
      if (!someone.reopened) void writes(play, someone, play.random.pick(['STOP', 'sluta skicka sms']));
    },
  ],
  [
    'a customer opts in again',
    1,
    (play) => {
      const someone = play.random.pick(play.people);
      const out = play.acknowledged.filter(({ phone }) => phone === someone.phone);
      if (out.length === 0 || someone.reopened) return;
      someone.reopened = true;
      for (const stop of out) stop.until = Date.now();
      void writes(play, someone, 'START');
    },
  ],
  [
    'the salesperson stops it',
    2,
    (play) => {
      const someone = play.random.pick(play.people);
      if (someone.reopened) return;
      const since = play.stage.clock.machine();
      const { desk } = play.stage.web.rooms;
      desks(
        play,
        desk
          .stop(play.stage.sofia, someone.leadId)
          .then((stopped) => acknowledge(play, someone, since, stopped.settled)),
      );
    },
  ],
  [
    'the salesperson pauses it',
    2,
    (play) => {
      desks(play, play.stage.web.rooms.desk.pause(play.stage.sofia, play.random.pick(play.people).leadId));
    },
  ],
  [
    'the salesperson resumes it',
    2,
    (play) => {
      desks(play, play.stage.web.rooms.desk.resume(play.stage.sofia, play.random.pick(play.people).leadId));
    },
  ],
  [
    'the salesperson writes',
    2,
    (play) => {
      const { stage, random, people } = play;
      const words = `Hej, jag ringer dig ${stage.requests.length}.${random.between(1, 1_000_000)}!`;
      desks(play, stage.web.rooms.desk.reply(stage.sofia, random.pick(people).leadId, words, words));
    },
  ],
  [
    'the salesperson closes it',
    1,
    (play) => {
      desks(play, play.stage.web.rooms.desk.move(play.stage.sofia, play.random.pick(play.people).leadId, 'closed'));
    },
  ],
];

const LOTS = ACTS.flatMap((act) => Array.from({ length: act[1] }, () => act));

/** Lets something happen. */
export async function happen(play: Play): Promise<void> {
  const [name, , act] = play.random.pick(LOTS);
  play.told.push(`${play.stage.clock.now().toISOString()} ${name}`);
  await act(play);
}

/** Nothing that was set for these people is left. */
export function well(stage: Stage, people: readonly Someone[]): void {
  for (const { phone } of people) stage.twilio.faults.setFor(phone, HEALTHY);
}

/** A worker is struck at one of its next statements. */
function strike({ stage, random, told }: Play, blow: (at: number) => void): void {
  const at = random.between(0, stage.workers.length - 1);
  const nth = random.between(1, 25);
  const when = random.pick(['before', 'after'] as const);
  told.push(`  worker ${at}, ${when} statement ${nth}`);
  stage.workers[at]?.line.at(nth, when, () => {
    told.push(`  ${stage.clock.now().toISOString()} worker ${at} is struck`);
    blow(at);
  });
}

/** What people do in Slack may be refused, or fail with the database: then it has not happened. */
function desks(play: Play, work: Promise<unknown>): void {
  play.beside.push(work.catch((error: Error) => play.told.push(`  refused: ${error.message}`)));
}

function writes(play: Play, someone: Someone, body: string): void {
  const since = play.stage.clock.machine();
  const written = play.stage.twilio.customerSends({ from: someone.phone, to: SMS_SENDER, channel: 'sms', body });
  play.beside.push(
    written.then(({ status }) => {
      play.told.push(`  ${someone.phone} wrote ${body}: ${status}`);
      if (status === 200 && /^(STOP|sluta)/.test(body)) acknowledge(play, someone, since);
    }),
  );
}

function acknowledge(play: Play, { phone, reopened }: Someone, since: number, settled?: boolean): void {
  const waitedMs = play.stage.clock.machine() - since;
  const at = Date.now();
  // one that was on its way while they opted in again came before that, or after it: nobody can say
  const until = reopened ? { until: at } : {};
  play.acknowledged.push({ phone, at, waitedMs, ...until, ...(settled !== undefined && { settled }) });
}
