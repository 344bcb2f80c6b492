import { type StageChange, stopFollowUp } from '../cadence/index.ts';
import type { Tx } from '../db/index.ts';
import { type Actor, append } from '../events/index.ts';
import { type LeadSummary, type MoveAnswers, moveLead } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Playbooks, Stage, Tenants } from '../tenants/index.ts';

/** Moves leads along their pipeline, for people, programs and the agent alike. */
export interface MoveOn {
  /**
   * Moves a lead of a locked person, with what the stage asks for and everything that follows: a stage that ends the
   * follow-up ends it, one with a sequence of its own begins that, and the sequence of the stage before ends. Throws
   * `conflict` for a move that the playbook does not allow from where the lead stands, a validation error for what is missing.
   */
  move(tx: Tx, move: { lead: LeadSummary; to: string; told?: MoveAnswers; actor: Actor }): Promise<Stage>;
}

export function createMoveOn(deps: {
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  stageChange: StageChange;
}): MoveOn {
  const { clock, tenants, playbooks, stageChange } = deps;
  return {
    async move(tx, { lead, to, told = {}, actor }) {
      const { data } = await tenants.keys(tx.tenantId);
      const now = clock.now();
      const playbook = playbooks.get(lead.playbook);
      const stage = await moveLead(tx, data, { lead, playbook, to, told, actor, now });
      if (stage.ends) {
        const { enrolmentId, cancelled } = await stopFollowUp(tx, lead.personId, stage.ends, now);
        const ids = { leadId: lead.id, personId: lead.personId };
        const ended = { type: 'enrolment.ended' as const, ...ids, data: { state: stage.ends, cancelled } };
        await append(tx, tx.tenantId, now, actor, enrolmentId ? [ended] : []);
      }
      await stageChange.entered(tx, lead, playbook, stage, now);
      return stage;
    },
  };
}
