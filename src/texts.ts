import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  type AgentDefinitions,
  type AgentSource,
  agentsOf,
  loadPrompts,
  type Prompts,
  readAgents,
} from './agent/index.ts';
import { BUILT, HOME } from './lib/home.ts';
import { type PlaybookSource, type Playbooks, playbooksOf, readPlaybooks } from './tenants/index.ts';

/** What stands in files beside the code. */
export interface Texts {
  playbooks: Playbooks;
  agents: AgentDefinitions;
  prompts: Prompts;
}

/** Files that were read and found sound. */
export interface Sound {
  playbooks: PlaybookSource[];
  agents: AgentSource[];
}

/** The same as a build keeps it, with the digest of the files that it was made of. */
interface Kept extends Sound {
  digest: string;
}

const CONVERSATIONS = path.join(HOME, 'conversations');
const KEPT = 'texts.json';

/**
 * Reads and checks `conversations/` and `prompts/`; throws with every problem, by file and path. That takes about a second,
 * so a build brings along what it checked itself; as soon as a byte of the files differs they are read and checked anew.
 * `build` is its folder: in a build itself where it lies, else none.
 */
export function loadTexts(build = BUILT ? path.join(HOME, 'dist') : undefined): Texts {
  const kept = build === undefined ? undefined : readKept(path.join(build, KEPT));
  const { playbooks, agents } = kept?.digest === digestOf(CONVERSATIONS) ? kept : readSound();
  return {
    playbooks: playbooksOf(playbooks),
    agents: agentsOf(agents),
    prompts: loadPrompts(path.join(HOME, 'prompts')),
  };
}

/** Reads and checks the conversations for the build in `outDir`; throws as `loadTexts` does. Returns the file's path. */
export function keepTexts(outDir: string): string {
  const kept: Kept = { digest: digestOf(CONVERSATIONS), ...readSound() };
  const file = path.join(outDir, KEPT);
  writeFileSync(
    file,
    JSON.stringify(kept, (_key, value) => (value instanceof Map ? { '': [...value] } : value)),
  );
  return file;
}

/** What a build has kept; undefined where there is no such file. */
export function readKept(file: string): Kept | undefined {
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8'), (_key, value) =>
    Array.isArray(value?.['']) ? new Map(value['']) : value,
  );
}

/** Reads and checks the conversations; throws with every problem. */
export function readSound(): Sound {
  const playbooks = readPlaybooks(CONVERSATIONS);
  return { playbooks, agents: readAgents(CONVERSATIONS, playbooksOf(playbooks)) };
}

/** Of every file's name and bytes. */
export function digestOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const hash = createHash('sha256');
  for (const file of files.map((entry) => path.join(entry.parentPath, entry.name)).sort()) {
    const bytes = readFileSync(file);
    hash.update(`${path.relative(folder, file)}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}
