import type { Database } from '../../db/index.ts';
import type { TurnableClock } from '../../lib/clock.ts';
import { KnownError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Playbooks } from '../../tenants/index.ts';
import type { SandboxClock } from '../clock.ts';
import type { StandIns } from '../demo.ts';
import type { Guests } from '../guests.ts';
import type { Mischief } from '../mischief.ts';
import type { Clock, Scene } from '../wire.ts';
import { customersOf } from './customers.ts';
import { timelines } from './leads.ts';
import { createLetters, type Letters } from './letters.ts';
import { showPhone } from './phone.ts';
import { showTexts } from './phones.ts';
import { NOTHING, readBooks } from './read.ts';
import { showSlack, slackUsers } from './slack.ts';
import { createStore } from './store.ts';
import { createViolations } from './violations.ts';

/*
 * What the page shows, kept up to date for as long as somebody watches; while nobody does, nothing runs. The stand-ins tell
 * what happens; the database is read when something has happened, and otherwise each second.
 */

export interface Live {
  /**
   * Begins to watch: `everything` is the first patch, as JSON, and `listener` gets those that follow. `end` when the watcher
   * leaves. Throws `unavailable` once it is stopped.
   */
  watch(listener: (patch: string) => void): Promise<{ everything: string; end(): void }>;
  /** Brings up to date what is shown, if it is: what was written before is in it when this resolves. */
  refresh(): Promise<void>;
  stop(): void;
}

export interface LiveDeps {
  db: Database;
  log: Logger;
  clock: TurnableClock;
  turner: SandboxClock;
  playbooks: Playbooks;
  standIns: StandIns;
  mischief: Mischief;
  guests: Guests;
  /** What does not change; the business is read from the database. */
  scene: Omit<Scene, 'business' | 'zone' | 'language'>;
}

/** How often the database is read: just after something happened, and when all is quiet. */
const LIVELY_MS = 120;
const QUIET_MS = 1000;
/** What follows from something that happened is written down within this time. */
const AFTERWARDS_MS = 1500;

export function createLive(deps: LiveDeps): Live {
  const { db, log, clock, turner, standIns, mischief, guests } = deps;
  const store = createStore();
  const violations = createViolations(standIns);
  let letters: Letters | undefined;
  let books = NOTHING;
  let watchers = 0;
  let opening: Promise<void> | undefined;
  let stopped = false;
  let closers: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let reading: Promise<void> | undefined;
  let readingNext: Promise<void> | undefined;
  let stirredAt = Number.NEGATIVE_INFINITY;

  /** All that is not told by events; cheap, and only what is new leaves. */
  function show(): void {
    const { business } = books;
    const scene: Scene = {
      business: business?.name ?? 'LeadRescue',
      zone: business?.zone ?? 'UTC',
      language: business?.language ?? 'en',
      ...deps.scene,
    };
    store.put('scene', scene);
    showClock();
    store.put('mischief', { on: mischief.on });
    if (standIns.slack) store.replace('user/', slackUsers(standIns.slack.standIn, books.roles));
    store.replace('customer/', customersOf(books.people, { guests, mischief, twilio: standIns.twilio }));
    const keys = new Map(books.people.flatMap(({ email, number }) => (email ? [[email, number] as const] : [])));
    letters?.show((mailbox) => keys.get(mailbox) ?? mailbox);
    const businessTime = (at: Date) => new Date(at.getTime() + clock.offsetMs);
    store.replace('lead/', timelines(books, deps.playbooks, businessTime));
    store.replace('violation/', violations());
  }

  function showClock(): void {
    const standing = { offset: clock.offsetMs, turning: turner.turning, next: books.next?.toISOString() ?? null };
    const make = (): Clock => ({ now: clock.now().toISOString(), machine: clock.machine(), ...standing });
    store.putLive('clock', JSON.stringify(standing), make);
  }

  async function readNow(): Promise<void> {
    try {
      books = await readBooks(db.system, clock.now());
      if (watchers > 0) show();
    } catch (error) {
      log.debug({ err: error }, 'the sandbox page could not be brought up to date');
    }
  }

  /** One reading at a time; who asks meanwhile gets the next one. */
  function read(): Promise<void> {
    if (!reading) {
      reading = readNow().finally(() => {
        reading = undefined;
      });
      return reading;
    }
    readingNext ??= reading.then(() => {
      readingNext = undefined;
      return read();
    });
    return readingNext;
  }

  /** The next look at the database: soon after something happened, else in a second. */
  function plan(): void {
    clearTimeout(timer);
    if (watchers === 0 || stopped) return;
    const lively = clock.machine() - stirredAt < AFTERWARDS_MS;
    timer = setTimeout(() => void read().finally(plan), lively ? LIVELY_MS : QUIET_MS);
  }

  function stir(): void {
    const quiet = clock.machine() - stirredAt >= LIVELY_MS;
    stirredAt = clock.machine();
    if (watchers > 0 && quiet) plan();
  }

  async function open(): Promise<void> {
    if (stopped) return;
    const { slack, twilio, mail, phones } = standIns;
    letters = mail && createLetters(store, mail.standIn);
    if (mail) closers.push(mail.standIn.subscribe(stir));
    if (slack) closers.push(showSlack(store, slack.standIn), slack.standIn.subscribe(stir));
    if (twilio) closers.push(showTexts(store, twilio.standIn), twilio.standIn.journal.subscribe(stir));
    if (phones) closers.push(showPhone(store, phones), phones.standIn.subscribe(stir));
    const shown = () => {
      show();
      stir();
    };
    closers.push(turner.subscribe(showClock), mischief.subscribe(shown), guests.subscribe(shown));
    await read();
    plan();
  }

  function close(): void {
    clearTimeout(timer);
    for (const closer of closers) closer();
    closers = [];
    opening = undefined;
    store.clear();
  }

  return {
    async watch(listener) {
      watchers++;
      const isOpen = opening !== undefined;
      opening ??= open();
      await opening;
      if (isOpen) await read();
      if (stopped)
        throw new KnownError('unavailable', 'the page is going', 'It is being stopped. Try again in a moment.');
      const unsubscribe = store.subscribe(listener);
      let over = false;
      return {
        everything: store.everything(),
        end() {
          if (over) return;
          over = true;
          unsubscribe();
          if (--watchers === 0) close();
        },
      };
    },
    refresh: async () => {
      if (watchers > 0) await read();
    },
    stop() {
      stopped = true;
      watchers = 0;
      close();
    },
  };
}
