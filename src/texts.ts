import path from 'node:path';
import { type AgentDefinitions, loadAgents, loadPrompts, type Prompts } from './agent/index.ts';
import { loadPlaybooks, type Playbooks } from './tenants/index.ts';

/** What stands in files beside the code. */
export interface Texts {
  playbooks: Playbooks;
  agents: AgentDefinitions;
  prompts: Prompts;
}

const folder = (name: string) => path.resolve(import.meta.dirname, '..', name);

/** Reads and checks `conversations/` and `prompts/`; throws with every problem, by file and path. Takes about a second. */
export function loadTexts(): Texts {
  const playbooks = loadPlaybooks(folder('conversations'));
  return { playbooks, agents: loadAgents(folder('conversations'), playbooks), prompts: loadPrompts(folder('prompts')) };
}
