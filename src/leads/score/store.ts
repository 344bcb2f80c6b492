import type { Tx } from '../../db/index.ts';
import type { NewEffect, NewEvent } from '../../events/index.ts';
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

/**
 * Scores a lead and keeps the score; returns it with what is to be appended and asked for. `why` `weights` or
 * `imported`: nothing has happened just now, so nobody is alerted. `bandChanged`: it had another band, and what follows
 * from a band follows anew.
 */
export async function keepScore(
  tx: Tx,
  lead: { id: LeadId; personId: PersonId } & Scored,
  card: ScoreCard,
  weights: Weights,
  why: 'captured' | 'imported' | 'merged' | 'amended' | 'weights',
  now: Date,
): Promise<{ score: Score; changed: boolean; bandChanged: boolean; events: NewEvent[]; effects: NewEffect[] }> {
  const score = scoreOf(card, lead, weights);
  const urgent =
    why !== 'weights' && why !== 'imported' && (bandOf(card, score.points).alert || isHighValue(card, lead.fields));
  const [kept] = await tx.query<{ changed: boolean; bandChanged: boolean; alert: boolean }>(KEEP, [
    lead.id,
    tx.tenantId,
    score.points,
    score.band,
    JSON.stringify(score.parts),
    now,
    urgent,
  ]);
  const changed = kept?.changed ?? false;
  const ids = { leadId: lead.id, personId: lead.personId };
  const data = { points: score.points, band: score.band, why };
  return {
    score,
    changed,
    bandChanged: kept?.bandChanged ?? false,
    events: changed ? [{ type: 'lead.scored', ...ids, data }] : [],
    effects: kept?.alert
      ? [
          { kind: 'alert.slack', key: lead.id },
          { kind: 'alert.sms', key: lead.id },
        ]
      : [],
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
