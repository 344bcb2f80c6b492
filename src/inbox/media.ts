import type { Database, Tx } from '../db/index.ts';
import { append, ComeBackLater, type NewEvent } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { isKnown } from '../lib/errors.ts';
import type { LeadId, MessageId, PersonId, TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import { open, seal } from '../lib/secrets.ts';
import type { GatewayBook } from '../messaging/index.ts';
import type { Tenants } from '../tenants/index.ts';
import { mediaTypeOf } from './media-type.ts';
import { mediaPlace } from './store.ts';

/** As large as WhatsApp takes media, and more than any carrier does for MMS. */
export const MAX_MEDIA_BYTES = 16 * 1024 * 1024;
/** Twilio has been seen to answer 404 for the first seconds after its webhook. */
const PATIENT_ATTEMPTS = 4;
const LAST_ATTEMPT = 7;
/** The rest comes in the next round: what takes longer than its lease would be taken by somebody else as well. */
const LONG_MS = 25_000;
/** A linked phone that is connected elsewhere or not at all: how often it is looked for, and for how long. */
const PHONE_LOOK_SECONDS = 2;
const PHONE_AWAY_MS = 86_400_000;

/**
 * Why a file is not kept, for good.
 * - `too_large` over 16 MB
 * - `not_allowed` neither a picture, a voice note, a video nor a PDF, whatever it calls itself
 * - `gone` the gateway does not have it
 * - `elsewhere` its address is not the gateway's
 * - `unreachable` the gateway did not hand it out, however often it was asked
 */
export type MediaRefusal = 'too_large' | 'not_allowed' | 'gone' | 'elsewhere' | 'unreachable';

export interface Media {
  id: string;
  place: number;
  state: 'waiting' | 'stored' | 'refused' | 'shown';
  mime: string | null;
  size: number | null;
  reason: MediaRefusal | null;
}

/** What a message brought along, and what it is about. */
export interface Album {
  leadId: LeadId | null;
  name: string;
  media: Media[];
}

export interface MediaBook {
  /** Fetches what waits. Throws when something has to be tried again; `attempt` counts from 1. */
  fetch(tenantId: TenantId, messageId: MessageId, attempt: number): Promise<void>;
  album(tenantId: TenantId, messageId: MessageId): Promise<Album | null>;
  /** A stored file, opened; null when there is none (any more). */
  content(tenantId: TenantId, id: string): Promise<Buffer | null>;
  /** What was shown of a lead is to be shown again, elsewhere; returns the messages that it belongs to. */
  showAgain(tx: Tx, leadId: LeadId): Promise<MessageId[]>;
  /** Staff have seen it, or have been told why not. */
  shown(tenantId: TenantId, id: string): Promise<void>;
}

interface Waiting {
  id: string;
  url: Buffer;
  vendor: string;
  credentialId: string | null;
  sender: string;
  receivedAt: Date;
  personId: PersonId;
  leadId: LeadId | null;
}

export function createMedia(deps: {
  db: Database;
  clock: Clock;
  log: Logger;
  tenants: Tenants;
  gateways: Pick<GatewayBook, 'of'>;
}): MediaBook {
  const { db, clock, log, tenants, gateways } = deps;

  async function settle(tx: Tx, messageId: MessageId, row: Waiting, outcome: Outcome): Promise<void> {
    const { id, personId, leadId } = row;
    const stored = outcome.kind === 'stored';
    const changed = await tx.query(
      `update media set state = $2, mime = $3, size = $4, content = $5, reason = $6 where id = $1 and state = 'waiting' returning id`,
      stored
        ? [id, 'stored', outcome.mime, outcome.size, outcome.content, null]
        : [id, 'refused', null, null, null, outcome.reason],
    );
    if (changed.length === 0) return;
    const ids = { personId, leadId, messageId };
    const event: NewEvent = stored
      ? { type: 'media.stored', ...ids, data: { mediaId: id, mime: outcome.mime } }
      : { type: 'media.refused', ...ids, data: { mediaId: id, reason: outcome.reason } };
    await append(tx, tx.tenantId, clock.now(), 'gateway', [event]);
  }

  /** The bytes, or why there will never be any; throws when it is worth another try. */
  async function load(url: string, row: Waiting, attempt: number): Promise<Buffer | MediaRefusal> {
    const gateway = await gateways.of(row);
    if (!gateway) return 'elsewhere';
    if (gateway.holds?.(row.sender) === false) {
      // another process has the phone, or soon will; one that stays away is not waited for
      if (clock.now().getTime() - row.receivedAt.getTime() > PHONE_AWAY_MS) return 'unreachable';
      throw new ComeBackLater(PHONE_LOOK_SECONDS);
    }
    try {
      return await gateway.fetchMedia(url, MAX_MEDIA_BYTES);
    } catch (error) {
      const refusal = refusalOf(error, attempt);
      if (!refusal) throw error;
      log.warn({ err: error, refusal }, 'a file of a customer is not kept');
      return refusal;
    }
  }

  return {
    async fetch(tenantId, messageId, attempt) {
      const { data } = await tenants.keys(tenantId);
      const waiting = await db.inTenant(tenantId, (tx) =>
        tx.query<Waiting>(
          `select g.id, g.url, a.vendor, a.credential_id as "credentialId", a.sender, g.created_at as "receivedAt",
             m.person_id as "personId", m.lead_id as "leadId"
           from media g join messages m on m.id = g.message_id join accounts a on a.id = m.account_id
           where g.message_id = $1 and g.state = 'waiting' order by g.place`,
          [messageId],
        ),
      );
      const until = clock.machine() + LONG_MS;
      let failure: unknown;
      for (const row of waiting) {
        if (clock.machine() > until) throw new ComeBackLater(1);
        try {
          const url = open(data, mediaPlace({ tenantId, id: row.id }, 'url'), row.url).toString();
          const loaded = await load(url, row, attempt);
          const outcome = outcomeOf(loaded, (bytes) =>
            seal(data, mediaPlace({ tenantId, id: row.id }, 'content'), bytes),
          );
          await db.inTenant(tenantId, (tx) => settle(tx, messageId, row, outcome));
        } catch (error) {
          failure ??= error; // the others need not wait for this one
        }
      }
      if (failure) throw failure;
    },
    album: (tenantId, messageId) =>
      db.inTenant(tenantId, async (tx) => {
        const [message] = await tx.query<Pick<Album, 'leadId' | 'name'>>(
          `select m.lead_id as "leadId", p.name from messages m join persons p on p.id = m.person_id where m.id = $1`,
          [messageId],
        );
        if (!message) return null;
        const media = await tx.query<Media>(
          'select id, place, state, mime, size, reason from media where message_id = $1 order by place',
          [messageId],
        );
        return { ...message, media };
      }),
    async content(tenantId, id) {
      const { data } = await tenants.keys(tenantId);
      const [row] = await db.inTenant(tenantId, (tx) =>
        tx.query<{ content: Buffer | null }>('select content from media where id = $1', [id]),
      );
      return row?.content ? open(data, mediaPlace({ tenantId, id }, 'content'), row.content) : null;
    },
    async showAgain(tx, leadId) {
      const rows = await tx.query<{ id: MessageId }>(
        `with again as (update media g set state = 'stored' from messages m
           where m.id = g.message_id and m.lead_id = $1 and g.state = 'shown' and g.content is not null returning g.message_id)
         select distinct message_id as id from again order by id`,
        [leadId],
      );
      return rows.map(({ id }) => id);
    },
    async shown(tenantId, id) {
      await db.inTenant(tenantId, (tx) =>
        tx.query(`update media set state = 'shown' where id = $1 and state in ('stored', 'refused')`, [id]),
      );
    },
  };
}

type Outcome =
  | { kind: 'stored'; mime: string; size: number; content: Buffer }
  | { kind: 'refused'; reason: MediaRefusal };

function outcomeOf(loaded: Buffer | MediaRefusal, sealed: (bytes: Buffer) => Buffer): Outcome {
  if (typeof loaded === 'string') return { kind: 'refused', reason: loaded };
  const type = mediaTypeOf(loaded);
  if (!type) return { kind: 'refused', reason: 'not_allowed' };
  return { kind: 'stored', mime: type.mime, size: loaded.length, content: sealed(loaded) };
}

/** Why no further try would help; undefined when one may. Pure. */
function refusalOf(error: unknown, attempt: number): MediaRefusal | undefined {
  if (isKnown(error) && error.code === 'validation_error') return 'too_large';
  if (isKnown(error) && error.code === 'forbidden') return 'elsewhere';
  if (isKnown(error) && error.code === 'not_found' && attempt >= PATIENT_ATTEMPTS) return 'gone';
  return attempt >= LAST_ATTEMPT ? 'unreachable' : undefined;
}
