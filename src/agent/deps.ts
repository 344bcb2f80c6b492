import type { Database } from '../db/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { MoveOn, OptOuts } from '../messaging/index.ts';
import type { Playbooks, StaffBook, Tenants } from '../tenants/index.ts';
import type { AgentDefinitions } from './definition/types.ts';
import type { Agent, Classify } from './port.ts';
import type { AnswerBook, BookingDesk } from './ports-in.ts';

export interface TurnDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  tenants: Tenants;
  staff: Pick<StaffBook, 'list'>;
  playbooks: Playbooks;
  definitions: AgentDefinitions;
  optOuts: OptOuts;
  moves: MoveOn;
  classify: Classify;
  answers: AnswerBook;
  /** Works without any key, and where the model does not answer. */
  rules: Agent;
  /** A model's agent, when there is a key, and its instructions, which are not for customers. */
  model?: { agent: Agent; name: string; instructions: string } | undefined;
  /** Absent: the agent passes wishes for a time on to people. */
  bookings?: BookingDesk | undefined;
  /** How a turn ended, for the metrics. */
  observe?(turn: { agent: string; outcome: string; ms: number }): void;
}
