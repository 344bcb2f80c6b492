import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { TestDatabase } from './database.ts';

/** The line between one process and the database: it can be held at a chosen statement, or cut there. */
export interface DatabaseLine {
  /** For the process whose line this is. */
  readonly settings: TestDatabase['settings'];
  /**
   * From the next statement of this name on, its connection brings no answers: the database does what it is told, and
   * the process does not hear of it.
   */
  hold(statement: string): Held;
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

  const listener = createServer((client) => {
    const server = connect(path.join(database.settings.host, SOCKET));
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (chunk) => {
      const hold = holds.find((each) => !each.line && chunk.includes(each.statement));
      if (hold) {
        server.pause();
        hold.line = { server, client };
        server.write(chunk, () => {
          hold.sent = true;
        });
      } else server.write(chunk);
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
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
