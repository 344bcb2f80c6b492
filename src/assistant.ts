import {
  type AgentDefinitions,
  type AnswerBook,
  type BookingDesk,
  type ChatModel,
  createDrafts,
  createModelAgent,
  createRulesAgent,
  createTranslate,
  createTurns,
  type Drafts,
  type Prompts,
  type Usage,
} from './agent/index.ts';
import type { Database } from './db/index.ts';
import type { EffectHandler } from './events/index.ts';
import type { Clock } from './lib/clock.ts';
import type { TenantId } from './lib/ids.ts';
import type { Logger } from './lib/logger.ts';
import type { LeadWork, MoveOn, OptOuts } from './messaging/index.ts';
import { classify } from './people/index.ts';
import { agentModeOf, type Playbooks, type RoutingBook, type StaffBook, type Tenants } from './tenants/index.ts';

/* The agent's room, wired: by rules alone, or with a language model in front of them. */

export interface AssistantDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  tenants: Tenants;
  staff: StaffBook;
  playbooks: Playbooks;
  routing: RoutingBook;
  optOuts: OptOuts;
  moves: MoveOn;
  work: LeadWork;
  answers: AnswerBook;
  bookings?: BookingDesk | undefined;
  /** A language model; without one the rules answer. */
  model?: ChatModel | undefined;
  agents: AgentDefinitions;
  prompts: Prompts;
  observeTurn?(turn: { agent: string; outcome: string; ms: number }): void;
  observeUsage?(usage: Usage & { model: string }): void;
}

export interface Assistant {
  agents: AgentDefinitions;
  drafts: Drafts;
  /** Of the effect `agent.turn`. */
  agentTurn: EffectHandler;
  /** A customer's words for staff, while the assistant is on; absent without a model. */
  translate?(tenantId: TenantId, words: string, from: string, to: string): Promise<string | null>;
}

export function createAssistant(deps: AssistantDeps): Assistant {
  const { db, clock, log, tenants, playbooks, agents: definitions, prompts, model } = deps;
  const turnPrompt = prompts.get('agent-turn');
  const translatePrompt = prompts.get('translate');
  const onUsage = (usage: Usage) => {
    if (!model) return;
    log.info({ model: model.name, prompt: turnPrompt.name, ...usage }, 'tokens of a turn');
    deps.observeUsage?.({ ...usage, model: model.name });
  };
  const thinking = model && {
    name: model.name,
    instructions: turnPrompt.text,
    agent: createModelAgent({ model, prompt: turnPrompt, onUsage }),
  };
  const translate = model && createTranslate({ model, prompt: translatePrompt, log });
  return {
    agents: definitions,
    drafts: createDrafts({ ...deps, definitions }),
    agentTurn: createTurns({
      db,
      clock,
      log,
      tenants,
      playbooks,
      definitions,
      classify,
      staff: deps.staff,
      optOuts: deps.optOuts,
      moves: deps.moves,
      answers: deps.answers,
      rules: createRulesAgent(),
      ...(thinking && { model: thinking }),
      ...(deps.bookings && { bookings: deps.bookings }),
      ...(deps.observeTurn && { observe: deps.observeTurn }),
    }),
    ...(translate && {
      async translate(tenantId, words, from, to) {
        const settings = await tenants.settings(tenantId);
        const on = playbooks.all.some(({ key }) => agentModeOf(settings, key) !== 'off');
        return on ? translate(words, from, to) : null;
      },
    }),
  };
}
