import type { Tx } from '../db/index.ts';
import { type Actor, appendOne, keepDetail, newDetail } from '../events/index.ts';
import { KnownError, validationError } from '../lib/errors.ts';
import { movesTo, type Playbook, type Stage } from '../tenants/index.ts';
import { type LeadSummary, moveStage } from './store.ts';

/** What whoever moves a lead says about it. */
export interface MoveAnswers {
  /** What the deal is worth, in the tenant's currency. */
  value?: number | undefined;
  /** In their own words; kept sealed beside the event. */
  reason?: string | undefined;
}

const MAX_REASON = 500;
const MAX_VALUE = 1e11;

/**
 * Moves a lead of a locked person to a stage of its playbook's pipeline and appends the event; the caller ends the
 * follow-up where the stage does. The same for chat, API and agent. Throws `conflict` for a move that is not allowed, a
 * validation error at `value` or `reason`.
 */
export async function moveLead(
  tx: Tx,
  dataKey: Buffer,
  move: {
    lead: Pick<LeadSummary, 'id' | 'personId' | 'stage'>;
    playbook: Playbook;
    to: string;
    told: MoveAnswers;
    actor: Actor;
    now: Date;
  },
): Promise<Stage> {
  const { lead, playbook, to, told, actor, now } = move;
  const { stages } = playbook.pipeline;
  const stage = stages.find(({ key }) => key === to);
  const allowed = movesTo(playbook, to);
  if (!stage || !allowed.includes(lead.stage)) throw notAllowed(playbook, lead.stage, to);
  const { value, reason } = answersOf(stage, told);
  const moved = await moveStage(tx, lead.id, allowed, to, now);
  if (!moved) throw notAllowed(playbook, lead.stage, to);
  if (value !== undefined) await tx.query('update leads set deal_value = $2 where id = $1', [lead.id, value]);

  const detail = reason === undefined ? undefined : newDetail({ reason });
  const eventId = await appendOne(tx, tx.tenantId, now, actor, {
    type: 'lead.moved',
    leadId: lead.id,
    personId: lead.personId,
    data: { from: moved.from, to, ...(value !== undefined && { value }) },
    ...(detail && { commitment: detail.commitment }),
  });
  if (detail) await keepDetail(tx, dataKey, eventId, detail, lead.personId);
  return stage;
}

/** What a stage asks for: its value is needed, a reason welcome. What it does not ask for is not kept. */
function answersOf({ asks = [], label }: Stage, told: MoveAnswers): MoveAnswers {
  const reason = told.reason?.trim() || undefined;
  if (asks.includes('value')) {
    const { value } = told;
    if (value === undefined || !Number.isFinite(value) || value < 0 || value > MAX_VALUE) {
      throw validationError([
        { field: 'value', message: `What is it worth? ${label} asks for an amount, such as 1500.` },
      ]);
    }
  }
  if (reason !== undefined && reason.length > MAX_REASON) {
    throw validationError([{ field: 'reason', message: `The reason: at most ${MAX_REASON} characters.` }]);
  }
  return {
    ...(asks.includes('value') && { value: told.value }),
    ...(asks.includes('reason') && reason !== undefined && { reason }),
  };
}

function notAllowed({ pipeline }: Playbook, from: string, to: string): KnownError {
  const label = (key: string) => (pipeline.stages.find((stage) => stage.key === key)?.label ?? key).toLowerCase();
  const next = pipeline.stages.find(({ key }) => key === from)?.moves.map(label) ?? [];
  const choice = next.length > 0 ? ` From there it can become: ${next.join(', ')}.` : ' That is where its way ends.';
  const words = `A lead that is ${label(from)} cannot become ${label(to)}.${choice}`;
  return new KnownError('conflict', `no move ${from} -> ${to}`, words);
}
