import type { Sql } from '../db/index.ts';
import type { TenantId } from '../lib/ids.ts';

/*
 * The outbox: what should follow from something that happened (refresh a card, tell a salesperson, fetch a file). An
 * effect is a row written in the same transaction; it is unique while due, and says which thing to look at, never what
 * to say: the handler reads the state when it runs.
 */

/** Each kind of effect, and whether running it twice is harmless. */
export const EFFECTS = {
  /** Post or update the lead's card. Key: lead id. Reconcilable: the card carries the lead id as metadata. */
  'card.refresh': { priority: 5 },
  /** Bring a lead's card to who looks after it now, and say so. Key: lead id; data says by whom. May repeat after a crash. */
  'lead.given': { priority: 3 },
  /** Give a colleague's open leads to another, batch by batch. Key: whose they are; data says to whom. May repeat. */
  'leads.give': { priority: 6 },
  /** Tell managers that somebody has left Slack, and of what is still theirs. Key: staff id. May repeat after a crash. */
  'staff.left': { priority: 4 },
  /** Empty the place that a card has left. Key: channel and time of the post. Idempotent. */
  'card.clear': { priority: 6 },
  /** Tell the lead's owner what a customer did. Key: message or event; data says what. May repeat after a crash. */
  'staff.tell': { priority: 1 },
  /** Stop what goes to somebody whom a gateway blocks. Key: person id; data names the message. Idempotent. */
  'person.blocked': { priority: 0 },
  /** Tell managers in Slack of a lead that cannot wait. Key: lead id. Reconcilable: the lead's events say it was done. */
  'alert.slack': { priority: 0 },
  /** Show on its posts who looks after an urgent lead by now. Key: lead id. Posts are kept. */
  'alert.keep': { priority: 4 },
  /** The same by SMS to the phones of managers. Key: lead id. May repeat after a crash. */
  'alert.sms': { priority: 0 },
  /** Score a tenant's leads anew after the weights have changed. Key: `all`. Idempotent. */
  'scores.refresh': { priority: 6 },
  /** Bring in the next rows of a tenant's files, or take them back. Key: `all`. A batch is one transaction; may repeat. */
  'import.run': { priority: 7 },
  /** Show how far an import has got. Key: import id. Its post is kept; may repeat after a crash. */
  'import.show': { priority: 4 },
  /** Post an alert, or show on its posts how it stands. Key: alert id. Posts are kept; may repeat after a crash. */
  'alert.show': { priority: 1 },
  /** Post what is new in the tenant's activity feed. Key: `feed`. The cursor moves with the post; may repeat. */
  'feed.flush': { priority: 8 },
  /** Let the agent answer a customer's message. Key: person id; data names the message. Repeats find their turn taken. */
  'agent.turn': { priority: 2 },
  /** Show the agent's draft in the lead's thread, or what became of it. Key: draft id. Reconcilable. */
  'draft.show': { priority: 2 },
  /** Tell staff of a booking made, moved or cancelled. Key: booking id and what. May repeat after a crash. */
  'booking.tell': { priority: 3 },
  /** Tell both that somebody stands in for somebody, or that it is over. Key: who and when. May repeat after a crash. */
  'cover.tell': { priority: 3 },
  /** Fetch a customer's pictures and voice notes, then show them in the thread. Key: message id. Idempotent. */
  'media.fetch': { priority: 3 },
  /** Show on a note in Slack how far its message got. Key: message id. Idempotent. */
  'note.tick': { priority: 7 },
  /** Fetch a licence photo from Slack into the vault. Key: lead id. Idempotent. */
  'licence.fetch': { priority: 3 },
  /** Get rid of the original of a stored photo. Key: id of the file in Slack. Idempotent. */
  'licence.clear': { priority: 6 },
  /** Ask approvers about a change of settings, and say what came of it. Key: change id. Reconcilable: posts are kept. */
  'settings.show': { priority: 3 },
  /** After its access or its place changed, was asked to, or does not: whose access it leaves by, its rest, what shows it. Key: account id. Idempotent. */
  'sender.settle': { priority: 1 },
  /** Move running follow-ups to a version of the settings. Key: playbook; data names the version. Idempotent. */
  'plan.move': { priority: 6 },
  /** Bring a lead's follow-up to the band that it has now. Key: lead id. Idempotent. */
  'plan.refit': { priority: 6 },
  /** Let go what was held because the hours left no time for it. Key: `all`. Idempotent. */
  'hours.widened': { priority: 6 },
  /** Remove a deleted photo's bytes from every bucket. Key: blob id. Idempotent. */
  'blob.delete': { priority: 6 },
  /** Forget a person, as two people agreed. Key: erasure id. Idempotent: done once. */
  'person.erase': { priority: 3 },
  /** Ask colleagues about an erasure, or show them what became of it. Key: erasure id. Places are kept; may repeat. */
  'erasure.show': { priority: 3 },
  /** Have a service delete what it keeps of an erased person. Key: receipt id. Idempotent. */
  'erasure.forget': { priority: 6 },
  /** Tell whoever asked for an erasure what services answered. Key: erasure id. May repeat after a crash. */
  'erasure.receipts': { priority: 6 },
  /** Empty an erased person's card and thread in Slack. Key: lead id. Idempotent. */
  'erasure.clean': { priority: 3 },
  /** Ask for a phone that was linked to be used, a change of settings, then show how it stands. Key: phone id. Idempotent. */
  'phone.use': { priority: 1 },
  /** Show a phone's code to scan, and what became of the link. Key: phone id. Reconcilable: its place is kept. */
  'phone.show': { priority: 1 },
  /** Count a tenant's leads again after its zone has changed. Key: `all`. Idempotent. */
  'figures.recount': { priority: 8 },
  /** Post a digest. Key: kind, day and for whom. Reconcilable: the post carries the key as metadata. */
  'digest.post': { priority: 6 },
  /** Show the head of the audit log to people outside. Key: `head`. May repeat after a crash. */
  'audit.witness': { priority: 7 },
} as const;

export type EffectKind = keyof typeof EFFECTS;

export interface NewEffect {
  kind: EffectKind;
  key: string;
  /** Ids and codes only. */
  data?: Record<string, string | number | boolean | null>;
}

export const WAKE_CHANNEL = 'leadrescue_wake';

const REQUEST = {
  name: 'effects-request',
  text: `insert into effects (tenant_id, kind, key, data, priority)
    select distinct on (e.kind, e.key) $1, e.kind, e.key, e.data, e.priority
    from unnest($2::text[], $3::text[], $4::jsonb[], $5::smallint[]) as e(kind, key, data, priority)
    order by e.kind, e.key
    on conflict (tenant_id, kind, key) do update
      set requested = effects.requested + 1, data = excluded.data, parked_at = null`,
};

/** Asks for effects in the caller's transaction and wakes the relay when that commits. */
export async function request(sql: Sql, tenantId: TenantId, effects: readonly NewEffect[]): Promise<void> {
  if (effects.length === 0) return;
  await sql.write(REQUEST, [
    tenantId,
    effects.map((effect) => effect.kind),
    effects.map((effect) => effect.key),
    effects.map((effect) => JSON.stringify(effect.data ?? {})),
    effects.map((effect) => EFFECTS[effect.kind].priority),
  ]);
  await wake(sql, 'effects');
}

/** Asks for an effect that a tick asks for again and again: one that is in line, or parked, stays as it is. */
export async function requestOnce(sql: Sql, tenantId: TenantId, { kind, key }: NewEffect): Promise<void> {
  await sql.query(
    'insert into effects (tenant_id, kind, key, priority) values ($1, $2, $3, $4) on conflict (tenant_id, kind, key) do nothing',
    [tenantId, kind, key, EFFECTS[kind].priority],
  );
}

/** What kept failing for these tenants is due again, parked or not: whatever it waited for is back. */
export async function tryAgain(sql: Sql, tenantIds: readonly TenantId[]): Promise<void> {
  await sql.query(
    `update effects set parked_at = null, attempts = 0, outages = 0, failing_since = null, due_at = clock_timestamp()
     where id in (select id from effects where tenant_id = any($1::uuid[]) and (parked_at is not null or failing_since is not null)
       and lease_until is null order by id for update skip locked)`,
    [tenantIds],
  );
  await wake(sql, 'effects');
}

/**
 * Asks for the activity feed of every tenant in which something has happened since it was last posted. Asked by a tick
 * and not by whoever writes an event: one row that all of a tenant's transactions touch would make them wait in line.
 */
export async function requestFeeds(sql: Sql): Promise<void> {
  await sql.query(
    `insert into effects (tenant_id, kind, key, priority)
     select f.tenant_id, 'feed.flush', 'feed', $1 from feeds f
     where exists (select from events e where e.tenant_id = f.tenant_id and e.id > f.posted_until)
     on conflict (tenant_id, kind, key) do nothing`,
    [EFFECTS['feed.flush'].priority],
  );
}

/** What a worker may be woken for. */
export type WakeReason =
  | 'messages'
  | 'leads'
  | 'effects'
  | 'housekeeping'
  | 'alerts'
  | 'templates'
  | 'retention'
  | 'reports'
  | 'clock'
  | 'phones'
  | 'slack'
  | 'seal';

/** Wakes every worker when the caller's transaction commits. */
export async function wake(sql: Sql, reason: WakeReason): Promise<void> {
  await sql.notify(WAKE_CHANNEL, reason);
}
