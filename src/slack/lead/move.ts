import { z } from 'zod';
import type { LeadSummary } from '../../leads/index.ts';
import { amountOf } from '../../lib/amounts.ts';
import { validationError } from '../../lib/errors.ts';
import type { LeadId } from '../../lib/ids.ts';
import type { Playbook, Stage } from '../../tenants/index.ts';
import { inline } from '../card/index.ts';
import { manualMoves } from '../card/moves.ts';
import type { Action, ActionPlace, Asked, Modal } from '../feature.ts';
import { firstName } from '../format.ts';
import { input, type ModalView, option, section } from '../views.ts';
import type { LeadDeps } from './deps.ts';
import { leadIdOf, modal, show } from './modals.ts';
import { confirmDone } from './open.ts';

const MOVE = 'lead_move';
const carried = z.object({ lead: z.string(), to: z.string().optional() });

/** Buttons that move a lead to a stage with a meaning of its own. */
const OUTCOMES = { lead_won: 'won', lead_lost: 'lost', lead_close: 'closed' } as const;

/** Moving a lead along its playbook's pipeline: buttons for what a deal ends in, a window for the rest. */
export function createMoves(deps: LeadDeps): { actions: Record<string, Action>; modals: Record<string, Modal> } {
  const { desk, playbooks } = deps;

  async function toOutcome(asked: Asked, value: string, place: ActionPlace, outcome: Stage['outcome']): Promise<void> {
    const lead = await desk.lead(asked.staff, leadIdOf(value));
    const playbook = playbooks.get(lead.playbook);
    const stage = playbook.pipeline.stages.find((each) => each.outcome === outcome);
    if (stage?.asks && stage.asks.length > 0) {
      await show(asked, place, moveModal(lead, [stage]));
      return;
    }
    await desk.move(asked.staff, lead.id, stage?.key ?? outcome ?? '');
    const words = `${stage?.label ?? ''}: ${inline(firstName(lead.name))}. The follow-up has ended.`;
    await confirmDone(deps, asked, place, lead.id, words);
  }

  const outcomes = Object.entries(OUTCOMES).map(([id, outcome]): [string, Action] => [
    id,
    { permission: 'lead.see_own', run: (asked, value, place) => toOutcome(asked, value, place, outcome) },
  ]);

  return {
    actions: {
      ...Object.fromEntries(outcomes),
      [MOVE]: {
        permission: 'lead.see_own',
        async run(asked, value, place) {
          const lead = await desk.lead(asked.staff, leadIdOf(value));
          await show(asked, place, moveModal(lead, manualMoves(playbooks.get(lead.playbook), lead.stage)));
        },
      },
    },
    modals: {
      [MOVE]: {
        permission: 'lead.see_own',
        async submit(asked, values, metadata) {
          const { lead: id, to } = carried.parse(JSON.parse(metadata));
          const lead = await desk.lead(asked.staff, id as LeadId);
          const stage = stageOf(playbooks.get(lead.playbook), to ?? values.choice('to'));
          const typed = values.text('value').trim();
          const amount = typed === '' ? undefined : amountOf(typed);
          if (typed !== '' && amount === undefined) {
            throw validationError([{ field: 'value', message: 'Write an amount, for example 1500.' }]);
          }
          await desk.move(asked.staff, lead.id, stage?.key ?? '', { value: amount, reason: values.text('reason') });
          const words = `${stage?.label ?? ''}: ${inline(firstName(lead.name))}.${stage?.ends ? ' The follow-up has ended.' : ''}`;
          asked.afterwards(() => asked.whisper({ text: words, blocks: [section(words)] }));
          return { kind: 'close' };
        },
      },
    },
  };
}

const stageOf = ({ pipeline }: Playbook, key: string) => pipeline.stages.find((stage) => stage.key === key);

/** Asks where to, when there is a choice, and what the stages ask for. Pure. */
export function moveModal(lead: Pick<LeadSummary, 'id' | 'name'>, stages: readonly Stage[]): ModalView {
  const [only] = stages;
  const chosen = stages.length === 1 ? only : undefined;
  const asks = new Set(stages.flatMap((stage) => stage.asks ?? []));
  const options = stages.map((stage) => option(stage.label, stage.key));
  return modal({
    id: MOVE,
    title: chosen?.label ?? 'Move lead',
    submit: chosen?.label ?? 'Move',
    close: 'Cancel',
    metadata: JSON.stringify({ lead: lead.id, ...(chosen && { to: chosen.key }) }),
    blocks: [
      section(`*${inline(lead.name)}*${chosen?.ends ? '\nThe follow-up ends with this.' : ''}`),
      ...(chosen ? [] : [input('to', 'Where does it stand now?', { type: 'static_select', options })]),
      ...(chosen && asks.has('value')
        ? [input('value', 'What is it worth?', { type: 'plain_text_input' }, { hint: 'An amount, for example 1500.' })]
        : []),
      ...(asks.has('reason')
        ? [
            input(
              'reason',
              'Reason',
              { type: 'plain_text_input', multiline: true, max_length: 500 },
              { optional: true, hint: 'Only colleagues see it.' },
            ),
          ]
        : []),
    ],
  });
}
