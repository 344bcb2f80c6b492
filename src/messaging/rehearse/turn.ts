import { isKnown } from '../../lib/errors.ts';
import type { DueMessage } from '../due.ts';
import { type BatchDeps, prepare } from '../prepare.ts';
import type { Transition } from '../record.ts';
import type { Fate, Stage } from './types.ts';

/** What became of a due message: decided for good, or it is due again, later or on another channel. */
export type Turn = { fate: Fate } | { again: Pick<Transition, 'dueAt' | 'channel' | 'accountId' | 'reason'> };

/** Puts one due message through the dispatcher's own decision and writing, at the virtual clock's time. */
export type TakeTurn = (message: DueMessage) => Promise<Turn>;

/** Bodies are sealed as always and thrown away; links are signed with a key that opens nothing. */
const NO_KEY = Buffer.alloc(32);

export function createTurns(stage: Stage, now: () => Date): TakeTurn {
  const { playbook, tenant, settings, routing, publicUrl } = stage;
  let bug: unknown;
  const deps: BatchDeps = {
    clock: { now, machine: () => now().getTime() },
    gateways: { of: async () => undefined },
    talks: async () => new Map(),
    // nor does how many new people were written to today
    newPeople: { take: async () => new Map() },
    log: {
      error(facts) {
        const { err } = facts as { err?: unknown };
        if (!isKnown(err)) bug = err;
      },
    },
    tenants: {
      byId: async () => tenant,
      settings: async () => settings,
      at: async () => settings,
      keys: async () => ({ data: NO_KEY, suppression: NO_KEY }),
    },
    // how senders do just now says nothing about another day
    routing: { of: async () => ({ accounts: routing.accounts, approved: routing.approved }) },
    playbooks: { all: [playbook], standard: playbook, get: () => playbook },
    linkKey: NO_KEY,
    publicUrl,
    statusPath: () => '/',
  };

  return async (message) => {
    const { ready, moves } = await prepare(deps, [message]);
    if (bug !== undefined) throw bug;
    const [prepared] = ready;
    if (prepared) {
      const { channel, template, body } = prepared.outgoing;
      return { fate: { kind: 'sent', channel, template: template !== undefined, body } };
    }
    const [move] = moves;
    if (!move) throw new Error('a message got no verdict');
    return outcome(move);
  };
}

function outcome(move: Transition): Turn {
  const reason = move.reason ?? 'internal';
  switch (move.state) {
    case 'scheduled':
      return { again: move };
    case 'skipped':
      return { fate: { kind: 'skipped', reason } };
    default:
      return { fate: { kind: 'held', reason } };
  }
}
