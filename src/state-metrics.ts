import type { Database } from './db/index.ts';
import type { GaugeInfo, GaugeValues } from './http/index.ts';
import type { Clock } from './lib/clock.ts';

/*
 * What an operator asks of the whole installation, read from the database at each scrape; every process gives the same
 * answers but for its own pools. No tenant is named: a dashboard is seen by people who run the machine.
 */

export const STATE_GAUGES = [
  { name: 'leadrescue_messages_open', help: 'Outbound messages by a state that should not last.', label: 'state' },
  { name: 'leadrescue_messages_lost', help: 'Messages still to be looked up after a restore.' },
  { name: 'leadrescue_effects_due', help: 'Effects in the outbox that are due.' },
  { name: 'leadrescue_effects_oldest_due_seconds', help: 'How long the oldest due effect has been waiting.' },
  { name: 'leadrescue_urgent_untold_seconds', help: 'How long managers have not been told of the oldest urgent lead.' },
  { name: 'leadrescue_parked', help: 'What kept failing and waits for a person.', label: 'what' },
  { name: 'leadrescue_senders', help: 'Senders that work, and that rest (their breaker is open).', label: 'state' },
  { name: 'leadrescue_inbound_unknown_seconds', help: 'For how long inbound messages of some sender are not known.' },
  { name: 'leadrescue_seal_lag_seconds', help: 'Age of the oldest event that is not sealed.' },
  { name: 'leadrescue_tenants_held_after_restore', help: 'Tenants that wait to be released after a restore.' },
  { name: 'leadrescue_db_connections', help: "Connections of this process's pools.", label: 'pool_state' },
  { name: 'leadrescue_db_restarts', help: 'Transactions that this process ran again since it started.', label: 'why' },
] as const satisfies readonly GaugeInfo[];

interface Row {
  claimed: number;
  open: number;
  uncertain: number;
  unconfirmed: number;
  held: number;
  lost: number;
  effects: number;
  oldestEffect: number;
  untold: number;
  parkedEffects: number;
  parkedWebhooks: number;
  parkedHooks: number;
  works: number;
  rests: number;
  unknown: number;
  seal: number;
  restored: number;
}

const STATE = {
  name: 'state-metrics',
  // messages_leased, sends_open, messages_waiting, messages_lost, effects_due, effects_parked, scores_urgent, tenants_waiting: partial
  // indexes over what should be few rows
  text: `select
      (select count(*) from messages where state = 'claimed') as claimed,
      (select count(*) from sends where state = 'sending') as open,
      (select count(*) from sends where state = 'uncertain') as uncertain,
      (select count(*) from messages where state = 'unconfirmed') as unconfirmed,
      (select count(*) from messages where state = 'held') as held,
      (select count(*) from messages where lost_since is not null) as lost,
      e.n as effects, coalesce(e.oldest, 0)::float as "oldestEffect",
      (select count(*) from effects where parked_at is not null) as "parkedEffects",
      coalesce((select greatest(0, extract(epoch from clock_timestamp() - min(s.alert_asked_at))) from scores s
        where s.alert_asked_at > clock_timestamp() - interval '1 day' and exists (select from effects x
          where x.tenant_id = s.tenant_id and x.kind in ('alert.slack', 'alert.sms') and x.key = s.lead_id::text)), 0)::float as untold,
      (select count(*) from webhook_log where state = 'parked') as "parkedWebhooks",
      (select count(*) from hook_deliveries where state = 'parked') as "parkedHooks",
      a.works, a.rests, coalesce(a.unknown, 0)::float as unknown,
      coalesce((select greatest(0, extract(epoch from $1 - at)) from events
        where id > coalesce((select top_id from seal_rounds order by round desc limit 1), 0) order by id limit 1), 0)::float as seal,
      (select count(*) from tenants where waits_for = 'restored') as restored
    from (select count(*) as n, extract(epoch from clock_timestamp() - min(due_at)) as oldest from effects
        where parked_at is null and due_at <= clock_timestamp()) e,
      (select count(*) filter (where rests_until > clock_timestamp()) as rests,
        count(*) filter (where rests_until is null or rests_until <= clock_timestamp()) as works,
        greatest(0, extract(epoch from clock_timestamp() - min(seen_until))) as unknown from accounts) a`,
};

/** The values of `STATE_GAUGES` now. */
export async function readState(db: Database, clock: Clock): Promise<GaugeValues> {
  const [row] = await db.system.query<Row>(STATE, [clock.now()]);
  if (!row) throw new Error('the state was not read');
  const { app, system } = db.pools();
  return {
    leadrescue_messages_open: {
      claimed: row.claimed,
      sending: row.open,
      uncertain: row.uncertain,
      unconfirmed: row.unconfirmed,
      held: row.held,
    },
    leadrescue_messages_lost: row.lost,
    leadrescue_effects_due: row.effects,
    leadrescue_effects_oldest_due_seconds: row.oldestEffect,
    leadrescue_urgent_untold_seconds: row.untold,
    leadrescue_parked: { effects: row.parkedEffects, webhooks: row.parkedWebhooks, hooks: row.parkedHooks },
    leadrescue_senders: { works: row.works, rests: row.rests },
    leadrescue_inbound_unknown_seconds: row.unknown,
    leadrescue_seal_lag_seconds: row.seal,
    leadrescue_tenants_held_after_restore: row.restored,
    leadrescue_db_connections: {
      app_used: app.used,
      app_idle: app.idle,
      app_waiting: app.waiting,
      system_used: system.used,
      system_idle: system.idle,
      system_waiting: system.waiting,
    },
    leadrescue_db_restarts: { ...db.restarts },
  };
}

/** How many messages are due, and since when the oldest has been; by business time. */
export async function readQueue(db: Database, clock: Clock): Promise<{ due: number; oldestSeconds: number }> {
  const [row] = await db.system.query<{ due: number; oldest: Date | null }>(
    `select count(*) as due, min(due_at) as oldest from messages
     where state = 'scheduled' and account_id is not null and due_at <= $1`,
    [clock.now()],
  );
  const oldestSeconds = row?.oldest ? (clock.now().getTime() - row.oldest.getTime()) / 1000 : 0;
  return { due: row?.due ?? 0, oldestSeconds };
}
