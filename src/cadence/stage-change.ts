import type { Tx } from '../db/index.ts';
import { append, type NewEffect, type NewEvent, request } from '../events/index.ts';
import { type FollowUp, type LeadSummary, readScore } from '../leads/index.ts';
import type { EnrolmentId } from '../lib/ids.ts';
import { type CadenceStep, type Playbook, type Stage, type Tenants, tenantPlaybook } from '../tenants/index.ts';
import { isOfBand, stepsFor } from './enrol.ts';
import { readWhom, type Whom } from './whom.ts';

/** What follows a lead's way through its stages, in the transaction of the move. */
export interface StageChange {
  /**
   * Ends the sequence of the stage that a lead of a locked person has left, and begins that of the one it entered, where
   * there is one for this lead; where its steps are all for other leads, the log says so. Whatever else runs for the person gives way to it; what waits because somebody paused it,
   * or because the person may have asked for silence, stays and nothing begins. The caller has ended what the stage ends.
   */
  entered(tx: Tx, lead: LeadSummary, playbook: Playbook, stage: Stage, now: Date): Promise<void>;
}

/** Why a message did not leave whose lead has gone on. */
const STAGE_CHANGED = 'stage_changed';

const LEAVE = {
  name: 'cadence-leave-stage',
  // messages_step; whoever has claimed one of them finds it cancelled, as with a stop
  text: `with cancelled as (
      update messages set state = 'cancelled', reason = '${STAGE_CHANGED}', lease_owner = null, lease_until = null
      where id = any(array(select id from messages where enrolment_id = $1 and state in ('scheduled', 'claimed', 'held')
        order by id for update)) returning id),
    ended as (
      update enrolments set state = 'completed', ended_at = $2 where id = $1 and (select count(*) from cancelled) >= 0)
    select count(*) as cancelled from cancelled`,
};

async function leave(tx: Tx, id: EnrolmentId, now: Date): Promise<number> {
  const [left] = await tx.query<{ cancelled: number }>(LEAVE, [id, now]);
  return left?.cancelled ?? 0;
}

/** Why no step of a stage is for a lead. Pure. */
function passedOver(steps: readonly CadenceStep[], agreed: boolean, band: string | undefined) {
  if (!agreed) return 'no_consent';
  return steps.some((step) => isOfBand(step, band)) ? 'other_answers' : 'other_scores';
}

export function createStageChange(deps: { tenants: Tenants; followUp: Pick<FollowUp, 'start'> }): StageChange {
  const { tenants, followUp } = deps;

  /** The lead as the planner sees it, or why no step of the stage is for it; undefined where nothing may begin, or could. */
  async function comer(tx: Tx, lead: LeadSummary, playbook: Playbook, stage: Stage, now: Date, whom: Whom) {
    if (whom.silent || whom.running?.state === 'paused') return undefined;
    const { settings } = await tenants.latest(tx.tenantId);
    const own = tenantPlaybook(playbook, settings);
    const steps = own.cadence.steps.filter(({ after }) => after === stage.key);
    if (steps.length === 0) return undefined;
    const { person, addresses, suppressed, agreed } = whom;
    const band = (await readScore(tx, lead.id))?.band;
    const entering = {
      leadId: lead.id,
      person,
      addresses,
      suppressed,
      playbook: own,
      tenant: await tenants.byId(tx.tenantId),
      capturedAt: now,
      fields: lead.fields,
      band,
      consented: agreed,
      after: stage.key,
    };
    if (agreed && stepsFor(entering).length > 0) return { entering };
    return { passed: passedOver(steps, agreed, band) } as const;
  }

  return {
    async entered(tx, lead, playbook, stage, now) {
      const { suppression } = await tenants.keys(tx.tenantId);
      const whom = await readWhom(tx, lead.personId, suppression);
      const next = await comer(tx, lead, playbook, stage, now, whom);
      const { running } = whom;
      const events: NewEvent[] = [];
      const effects: NewEffect[] = [];
      const left = running !== null && running.leadId === lead.id && running.stage !== null;
      if (running && (left || next?.entering)) {
        const cancelled = await leave(tx, running.id, now);
        const ids = { leadId: running.leadId, personId: lead.personId };
        events.push({ type: 'enrolment.ended', ...ids, data: { state: 'completed', cancelled } });
        effects.push({ kind: 'card.refresh', key: running.leadId });
      }
      if (next?.entering) {
        const started = await followUp.start(tx, next.entering);
        events.push(...started.events);
        effects.push(...started.effects);
      }
      if (next?.passed) {
        const data = { stage: stage.key, why: next.passed };
        events.push({ type: 'sequence.passed', leadId: lead.id, personId: lead.personId, data });
      }
      await append(tx, tx.tenantId, now, 'system', events);
      await request(tx, tx.tenantId, effects);
    },
  };
}
