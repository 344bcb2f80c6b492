import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { TestDatabase } from './database.ts';

/** The line between one process and the database: it can be held, stopped or cut, at a chosen statement or moment. */
export interface DatabaseLine {
  /** For the process whose line this is. */
  readonly settings: TestDatabase['settings'];
  /**
   * From the next statement of this name on, its connection brings no answers: the database does what it is told, and
   * the process does not hear of it.
   */
  hold(statement: string): Held;
  /**
   * Runs `then` when the process has said something for the n-th time from now, n from 1: `before` the database hears
   * of it, or `after`, when the answer is still to come. A new call takes the place of one that has not come to pass.
   */
  at(nth: number, when: 'before' | 'after', then: () => void): void;
  /** Nothing passes any more, either way, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Every connection that there is breaks. What was on its way to the database arrives. */
  cut(): void;
  /** While it is so, every new connection breaks at once. */
  refuse(on: boolean): void;
  close(): Promise<void>;
}

export interface Held {
  /** The statement has been passed on to the database. */
  readonly sent: boolean;
  /** The answers arrive now. */
  release(): void;
  /** The connection is gone, its answers with it. */
  cut(): void;
}

interface Hold extends Held {
  sent: boolean;
  statement: string;
  line?: { server: Socket; client: Socket };
}

const SOCKET = '.s.PGSQL.5432';

/** Listens where a process expects the database's Unix socket and passes everything on. */
export async function openLine(database: Pick<TestDatabase, 'settings'>): Promise<DatabaseLine> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'leadrescue-line-'));
  const holds: Hold[] = [];
  const sockets = new Set<Socket>();
  let refused = false;
  let frozen = false;
  let moment: { left: number; when: 'before' | 'after'; then: () => void } | undefined;

  function count(when: 'before' | 'after'): void {
    if (!moment || moment.when !== when || --moment.left > 0) return;
    const { then } = moment;
    moment = undefined;
    then();
  }

  const listener = createServer((client) => {
    if (refused) {
      client.destroy();
      return;
    }
    const server = connect(path.join(database.settings.host, SOCKET));
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      if (frozen) socket.pause();
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    const held = { client, server };
    client.on('data', (chunk) => {
      const hold = holds.find((each) => !each.line && chunk.includes(each.statement));
      if (hold) {
        server.pause();
        hold.line = held;
        server.write(chunk, () => {
          hold.sent = true;
        });
        return;
      }
      count('before');
      if (client.destroyed) return;
      server.write(chunk);
      count('after');
    });
    server.on('data', (chunk) => client.write(chunk));
  });
  await new Promise<void>((resolve) => listener.listen(path.join(folder, SOCKET), resolve));

  return {
    settings: { ...database.settings, host: folder },
    hold(statement) {
      const hold: Hold = {
        statement,
        sent: false,
        release: () => void hold.line?.server.resume(),
        cut: () => void hold.line?.client.destroy(),
      };
      holds.push(hold);
      return hold;
    },
    at(nth, when, then) {
      moment = { left: nth, when, then };
    },
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    refuse(on) {
      refused = on;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
