import { z } from 'zod';
import type { EffectHandler } from '../../events/index.ts';
import { openMinutes } from '../../inbox/index.ts';
import type { LeadId, MessageId, TenantId } from '../../lib/ids.ts';
import { classify } from '../../people/index.ts';
import {
  type CardDeps,
  type Cards,
  isDirect,
  isGone,
  leaders,
  nameOf,
  type Place,
  type Post,
  post,
  revise,
  subjectOf,
} from '../card/index.ts';
import { knownZone, timesFor } from '../format.ts';
import { type Frame, languageName } from './frame.ts';
import { noteFor } from './note.ts';
import { type Colleague, type Occasion, readTold, type Told } from './read.ts';

const occasion = z.object({
  what: z.enum([
    'replied',
    'opted_out',
    'opted_in',
    'unsure',
    'help',
    'unknown_sender',
    'auto_reply',
    'wrong_number',
    'claimed',
    'owed',
  ]),
  leadId: z.uuid().nullish(),
  messageId: z.uuid().nullish(),
  by: z.string().default(''),
  scope: z.string().default('all'),
  cancelled: z.number().default(0),
  inFlight: z.boolean().default(false),
  since: z.string().default(''),
});

export interface TellDeps extends CardDeps {
  cards: Cards;
  /**
   * A customer's words in another language, for staff; null where nothing should be shown. Absent while nobody translates.
   * It may take seconds, and bounds itself; a note is told without it first.
   */
  translate?(tenantId: TenantId, words: string, from: string, to: string): Promise<string | null>;
}

/** Rung at most. */
const MAX_RUNG = 5;

/**
 * Tells staff what a customer did, in the lead's thread. What belongs to no lead goes to the
 * channel of the activity feed, else to the managers and admins one by one. A note may come twice after a crash. The
 * words in the language of the business are added to it when they are there.
 */
export function createTell(deps: TellDeps): EffectHandler {
  const { cards } = deps;

  /** The note for those who are to be rung. */
  async function noteOf(tenantId: TenantId, told: Told, to: readonly Colleague[], owner: Reading): Promise<Note> {
    const [tenant, settings, closedDays] = await Promise.all([
      deps.tenants.byId(tenantId),
      deps.tenants.settings(tenantId),
      deps.tenants.closedDays(tenantId),
    ]);
    const now = deps.clock.now();
    const reader = { zone: knownZone(owner.zone, tenant.zone), country: tenant.country, now };
    const hours = { opening: settings.opening, closedDays, zone: tenant.zone };
    const frame: Frame = {
      subject: told.playbook ? subjectOf(told, deps.playbooks.get(told.playbook)) : '',
      to: to.map((person) => person.slackUserId),
      reader,
      times: timesFor(reader),
      now,
      language: tenant.language,
      written: writtenIn(told),
      translation: null,
      waited: told.owedSince ? openMinutes(told.owedSince, now, hours) : null,
    };
    return { told, frame };
  }

  async function translated(tenantId: TenantId, { told, frame }: Note): Promise<Frame['translation']> {
    const { written: from, language: to } = frame;
    if (!deps.translate || !told.words?.trim() || from === null || from === to) return null;
    const words = await deps.translate(tenantId, told.words, from, to);
    return words ? { language: languageName(to) || to, words } : null;
  }

  /** Adds the translation to a note wherever it stands. The note has been told: what fails here tells it no second time. */
  async function translate(tenantId: TenantId, { note, places }: Said): Promise<void> {
    try {
      const translation = await translated(tenantId, note);
      if (!translation) return;
      const post = noteFor(note.told, { ...note.frame, translation });
      const client = await deps.clientOf(tenantId);
      for (const place of places) await revise(client, place, post);
    } catch (error) {
      deps.log.warn({ err: error, tenant: tenantId }, 'a note was left without its translation');
    }
  }

  async function toLead(tenantId: TenantId, leadId: LeadId, told: Told, attempt: number): Promise<Said> {
    const view = await cards.view(tenantId, leadId);
    const owner = view?.cover ?? view?.owner ?? null;
    const concerned = [told.takenBy, owner].filter((person) => person !== null);
    const to = concerned.length > 0 ? unique(concerned) : await heads(tenantId);
    const ringing = told.what === 'auto_reply' ? [] : told.what === 'owed' ? to.slice(0, 1) : to;
    const note = await noteOf(tenantId, told, ringing, { owner, zone: view?.reader.zone ?? null });
    const post = noteFor(note.told, note.frame);
    const place = await cards.say(tenantId, leadId, post, attempt);
    const direct = place !== null && isDirect(place.channel);
    let others: readonly Colleague[] = [];
    if (told.what === 'owed') {
      // the card is in a channel, where a note in a thread is easily missed, or with somebody who is away
      if (!direct || view?.cover) others = ringing;
    } else if (direct && told.what !== 'auto_reply') {
      // a lead without an owner has its card with the first of them
      others = view?.cover ? to : to.slice(1);
    }
    return { note, places: [...(place ? [place] : []), ...(await toEach(tenantId, others, post))] };
  }

  const toEach = async (tenantId: TenantId, people: readonly Colleague[], message: Post): Promise<Place[]> =>
    cards.outlets.tell(await deps.clientOf(tenantId), people, message);

  const heads = async (tenantId: TenantId): Promise<Colleague[]> =>
    leaders(await deps.staff.list(tenantId)).slice(0, MAX_RUNG);

  /** In the channel of the feed, else to each of those who look after what nobody owns. */
  async function toLeaders(tenantId: TenantId, note: Note): Promise<Said> {
    const [{ feedChannel }, masthead] = await Promise.all([deps.tenants.settings(tenantId), nameOf(deps, tenantId)]);
    const message = { ...noteFor(note.told, note.frame), masthead };
    if (feedChannel && (await cards.outlets.usable(tenantId, feedChannel))) {
      try {
        return { note, places: [await post(await deps.clientOf(tenantId), feedChannel, message)] };
      } catch (error) {
        if (!isGone(error)) throw error;
        deps.log.warn({ err: error, tenant: tenantId }, 'the feed channel refused a note, managers get it');
      }
    }
    return { note, places: await toEach(tenantId, await heads(tenantId), message) };
  }

  return async ({ tenantId, data, attempt }) => {
    const { leadId, messageId, ...rest } = occasion.parse(data);
    const wanted: Occasion = {
      ...rest,
      leadId: (leadId ?? null) as LeadId | null,
      messageId: (messageId ?? null) as MessageId | null,
    };
    const keys = await deps.tenants.keys(tenantId);
    const told = await deps.db.inTenant(tenantId, (tx) => readTold(tx, keys.data, wanted, deps.clock.now()));
    if (!told) return;
    const said = told.leadId
      ? await toLead(tenantId, told.leadId, told, attempt)
      : await toLeaders(tenantId, await noteOf(tenantId, told, [], { owner: null, zone: null }));
    await translate(tenantId, said);
  };
}

/** The language of the words; the customer's where they are too short to tell. */
function writtenIn({ words, language }: Told): string | null {
  if (!words?.trim()) return language;
  return classify(words, language === null ? {} : { language }).language ?? language;
}

/** What is told, and how it is written. */
interface Note {
  told: Told;
  frame: Frame;
}

/** A note, and wherever it was said. */
interface Said {
  note: Note;
  places: readonly Place[];
}

/** Whose lead it is, and whose clock the times are written for. */
interface Reading {
  owner: Colleague | null;
  zone: string | null;
}

const unique = (people: readonly Colleague[]): Colleague[] => [
  ...new Map(people.map((person) => [person.slackUserId, person])).values(),
];
