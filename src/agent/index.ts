/** The agent: proposes answers to customers, and cannot commit the business to anything. */
export {
  type AgentSource,
  agentJsonSchemas,
  agentsOf,
  checkAgentFiles,
  loadAgents,
  readAgents,
} from './definition/load.ts';
export type { AgentDefinitions } from './definition/types.ts';
export { findDraft } from './draft-store.ts';
export { createDrafts, type Drafts, type DraftView } from './drafts.ts';
export { topicOf } from './facts.ts';
export { createModelAgent } from './model/agent.ts';
export type { ChatAnswer, ChatMessage, ChatModel, ChatRequest, Usage } from './model/port.ts';
export { createNoteBook, type NoteBook } from './note-down.ts';
export { openNotes } from './notes.ts';
export type { AnswerBook, BookingDesk } from './ports-in.ts';
export { loadPrompts, type Prompts } from './prompts.ts';
export { createRulesAgent } from './rules/agent.ts';
export { createTranslate } from './translate.ts';
export { createTurns } from './turn.ts';
