import type { RequestHandler } from 'express';
import type { Database } from '../db/index.ts';
import type { TurnableClock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Playbooks } from '../tenants/index.ts';
import type { SandboxClock } from './clock.ts';
import type { StandIns } from './demo.ts';
import { createGuests } from './guests.ts';
import { createLive } from './live/index.ts';
import { createMischief } from './mischief.ts';
import { PAGE_FOLDER } from './page-files.ts';
import { sandboxRoutes } from './routes.ts';
import { createStreams } from './stream.ts';
import type { Scene } from './wire.ts';

/** The two-sided page: what it shows and does, over HTTP. */
export interface Sandbox {
  readonly routes: RequestHandler;
  /** Ends the open streams, so that nobody waits for them. */
  stop(): void;
}

export interface SandboxDeps {
  db: Database;
  log: Logger;
  clock: TurnableClock;
  turner: SandboxClock;
  playbooks: Playbooks;
  standIns: StandIns;
  /** What can be typed and chosen in Slack. */
  surface: {
    commands: readonly { name: string; summary: string; usage?: string }[];
    /** Callback ids of the global shortcuts. */
    shortcuts: readonly string[];
    /** Callback ids of the shortcuts in a message's menu. */
    messageShortcuts: readonly string[];
  };
  senders: Scene['senders'];
  version: string;
  publicUrl: string;
  /** Begins to wipe everything and to start anew, and returns at once; absent where that must not be done. */
  reset?: (() => void) | undefined;
  /** Folder of the built page. */
  page?: string | undefined;
}

export function createSandbox(deps: SandboxDeps): Sandbox {
  const { standIns } = deps;
  const mischief = createMischief(standIns);
  const guests = createGuests();
  const scene = {
    workspace: standIns.slack?.standIn.team.name ?? null,
    version: deps.version,
    commands: deps.surface.commands.map(({ name, summary, usage = '' }) => ({ name, summary, usage })),
    shortcuts: deps.surface.shortcuts.map(named),
    messageShortcuts: deps.surface.messageShortcuts.map(named),
    canReset: deps.reset !== undefined,
    senders: deps.senders,
  };
  const live = createLive({ ...deps, mischief, guests, scene });
  const streams = createStreams(live);
  return {
    routes: sandboxRoutes({ ...deps, mischief, guests, scene, live, streams, page: deps.page ?? PAGE_FOLDER }),
    stop() {
      streams.stop();
      live.stop();
    },
  };
}

/** Slack takes the names of shortcuts from the app's settings there; here the callback id has to do. */
const named = (callbackId: string) => ({
  callbackId,
  name: callbackId.slice(0, 1).toUpperCase() + callbackId.slice(1).replaceAll('_', ' '),
});
