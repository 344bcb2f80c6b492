import type { Database } from '../../db/index.ts';
import { append, ComeBackLater, type NewEffect, type NewEvent, request } from '../../events/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { LeadId, PersonId, TenantId } from '../../lib/ids.ts';
import type { Playbooks, Tenants } from '../../tenants/index.ts';
import { openStages } from '../enquiries.ts';
import type { Enriched } from '../enrich/index.ts';
import type { Weights } from './score.ts';
import { keepScore } from './store.ts';

const BATCH = 200;
/** Longest work in one go, in machine ms; an effect's lease is longer. */
const PATIENCE_MS = 20_000;
const FIRST = '00000000-0000-0000-0000-000000000000' as LeadId;

interface Row {
  id: LeadId;
  personId: PersonId;
  fields: Record<string, string>;
  enriched: Enriched;
  stage: string;
}

/**
 * Works out the scores of a tenant's leads anew, after its weights have changed: batch by batch, each in a transaction, so
 * that it may be broken off and done again. Cards and plans follow where somebody still looks at them. Whoever opted out keeps the score
 * they had: an objection ends profiling as well (GDPR, article 21(2)). Returns how many changed. Throws `ComeBackLater` when
 * there are more than fit into one go; the next one carries on while the weights are the same.
 */
export function createRescore(deps: { db: Database; clock: Clock; tenants: Tenants; playbooks: Playbooks }) {
  const { db, clock, tenants, playbooks } = deps;

  async function batch(
    tenantId: TenantId,
    playbook: string,
    weights: Weights,
    after: LeadId,
  ): Promise<{ last?: LeadId; changed: number }> {
    const { score: card } = playbooks.get(playbook);
    if (!card) return { changed: 0 };
    const open = new Set(openStages(playbooks.get(playbook)));
    return db.inTenant(tenantId, async (tx) => {
      // leads_tenant_id_id_key, backwards; locked, so that a merge at this moment comes before or after
      const rows = await tx.query<Row>(
        `select l.id, l.person_id as "personId", l.fields, l.enriched, l.stage
         from leads l join persons p on p.id = l.person_id
         where l.tenant_id = $1 and l.playbook = $2 and l.id > $3 and p.opted_out_at is null
         order by l.id limit $4 for update of l`,
        [tenantId, playbook, after, BATCH],
      );
      const events: NewEvent[] = [];
      const effects: NewEffect[] = [];
      const now = clock.now();
      for (const row of rows) {
        const kept = await keepScore(tx, row, card, weights, 'weights', now);
        events.push(...kept.events);
        if (kept.changed && open.has(row.stage)) effects.push({ kind: 'card.refresh', key: row.id });
        // with the person locked, which whoever locks leads may not wait for
        if (kept.bandChanged && open.has(row.stage)) effects.push({ kind: 'plan.refit', key: row.id });
      }
      await append(tx, tenantId, now, 'system', events);
      await request(tx, tenantId, effects);
      const last = rows.length === BATCH ? rows.at(-1)?.id : undefined;
      return { changed: events.length, ...(last && { last }) };
    });
  }

  /** How far a go came that had to be broken off; other settings, or another process, begin at the beginning. */
  const brokenOff = new Map<TenantId, { version: number; playbook: string; after: LeadId }>();

  return async function rescore(tenantId: TenantId): Promise<number> {
    const until = clock.machine() + PATIENCE_MS;
    tenants.forget({ id: tenantId }); // what changed is newer than what this process may remember
    const { version, settings } = await tenants.latest(tenantId);
    const before = brokenOff.get(tenantId);
    brokenOff.delete(tenantId);
    const scored = playbooks.all.filter(({ score }) => score).map(({ key }) => key);
    let [playbook] = scored;
    let after = FIRST;
    if (before?.version === version) ({ playbook, after } = before);
    let changed = 0;
    while (playbook !== undefined) {
      const done = await batch(tenantId, playbook, settings.scoring[playbook] ?? {}, after);
      changed += done.changed;
      after = done.last ?? FIRST;
      if (!done.last) playbook = scored[scored.indexOf(playbook) + 1];
      if (playbook !== undefined && clock.machine() > until) {
        brokenOff.set(tenantId, { version, playbook, after });
        throw new ComeBackLater(0);
      }
    }
    return changed;
  };
}
