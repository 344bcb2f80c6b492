import type { Rows, Tx } from '../../db/index.ts';
import type { EventData, NewEffect, NewEvent } from '../../events/index.ts';
import type { LeadId, PersonId } from '../../lib/ids.ts';
import type { ScoreCard } from '../../tenants/index.ts';
import { bandOf, isHighValue, type Score, type Scored, scoreOf, type Weights } from './score.ts';

const KEEP = {
  name: 'scores-keep',
  // `asks` says that managers must hear of this lead; they are asked to once
  text: `with old as (select points, band, alert_asked_at from scores where lead_id = $1)
    insert into scores as s (lead_id, tenant_id, points, band, parts, scored_at, alert_asked_at)
    values ($1, $2, $3, $4, $5, $6, case when $7::boolean then clock_timestamp() end)
    on conflict (lead_id) do update set points = $3, band = $4, parts = $5, scored_at = $6,
      alert_asked_at = coalesce(s.alert_asked_at, excluded.alert_asked_at)
    returning (select points from old) is distinct from points or (select band from old) is distinct from band as changed,
      coalesce((select band from old) <> band, false) as "bandChanged",
      (select alert_asked_at from old) is null and alert_asked_at is not null as alert`,
};

const KEEP_FIRST: Rows = {
  name: 'scores-keep-first',
  depth: 3,
  text: `insert into scores (lead_id, tenant_id, points, band, parts, scored_at, alert_asked_at)
    select s.lead_id, $1, s.points, s.band, s.parts, s.scored_at, case when s.asks then clock_timestamp() end
    from unnest($2::uuid[], $3::smallint[], $4::text[], $5::jsonb[], $6::timestamptz[], $7::boolean[])
      as s(lead_id, points, band, parts, scored_at, asks)`,
};

type LeadToScore = { id: LeadId; personId: PersonId } & Scored;
type Why = EventData<'lead.scored'>['why'];

/** Scores a lead that has just been stored: there is nothing to compare it with. Otherwise as `keepScore`. */
export async function keepFirstScore(
  tx: Tx,
  lead: LeadToScore,
  card: ScoreCard,
  weights: Weights,
  why: 'captured' | 'imported',
  now: Date,
): Promise<{ score: Score; events: NewEvent[]; effects: NewEffect[] }> {
  const score = scoreOf(card, lead, weights);
  const urgent = isUrgent(card, score, lead, why);
  await tx.writeRows(KEEP_FIRST, [
    [lead.id],
    [score.points],
    [score.band],
    [JSON.stringify(score.parts)],
    [now],
    [urgent],
  ]);
  return { score, events: [scoredEvent(lead, score, why)], effects: urgent ? alertsOf(lead) : [] };
}

/** Whether managers must hear of it at once. */
const isUrgent = (card: ScoreCard, { points }: Score, { fields }: Scored, why: Why) =>
  why !== 'weights' && why !== 'imported' && (bandOf(card, points).alert || isHighValue(card, fields));

const scoredEvent = ({ id, personId }: LeadToScore, { points, band }: Score, why: Why): NewEvent => ({
  type: 'lead.scored',
  leadId: id,
  personId,
  data: { points, band, why },
});

const alertsOf = ({ id }: LeadToScore): NewEffect[] => [
  { kind: 'alert.slack', key: id },
  { kind: 'alert.sms', key: id },
];

/**
 * Scores a lead and keeps the score; returns it with what is to be appended and asked for. `why` `weights` or
 * `imported`: nothing has happened just now, so nobody is alerted. `bandChanged`: it had another band, and what follows
 * from a band follows anew.
 */
export async function keepScore(
  tx: Tx,
  lead: LeadToScore,
  card: ScoreCard,
  weights: Weights,
  why: Why,
  now: Date,
): Promise<{ score: Score; changed: boolean; bandChanged: boolean; events: NewEvent[]; effects: NewEffect[] }> {
  const score = scoreOf(card, lead, weights);
  const [kept] = await tx.query<{ changed: boolean; bandChanged: boolean; alert: boolean }>(KEEP, [
    lead.id,
    tx.tenantId,
    score.points,
    score.band,
    JSON.stringify(score.parts),
    now,
    isUrgent(card, score, lead, why),
  ]);
  const changed = kept?.changed ?? false;
  return {
    score,
    changed,
    bandChanged: kept?.bandChanged ?? false,
    events: changed ? [scoredEvent(lead, score, why)] : [],
    effects: kept?.alert ? alertsOf(lead) : [],
  };
}

/** A lead's score as it was last worked out; undefined for one that is not scored. */
export async function readScore(tx: Tx, id: LeadId): Promise<Score | undefined> {
  const [row] = await tx.query<Score>(
    { name: 'scores-read', text: 'select points, band, parts from scores where lead_id = $1' },
    [id],
  );
  return row;
}
