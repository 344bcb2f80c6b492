import { PassThrough, type Readable } from 'node:stream';
import pg, { type Connection, type Submittable } from 'pg';
import { KnownError } from '../lib/errors.ts';

/*
 * A base backup over PostgreSQL's replication protocol, as pg_basebackup takes one; the embedded server comes without that
 * program. The answer is a row with the starting point, the tablespaces, one tar file as copy data, and the end point.
 * https://www.postgresql.org/docs/18/protocol-replication.html#PROTOCOL-REPLICATION-BASE-BACKUP
 */

/** A place in the write-ahead log, as PostgreSQL writes it: `0/3000028`. */
export type Lsn = string;

export interface BaseBackup {
  /** The tar file of the data folder, with the write-ahead log that makes it consistent. */
  tar: Readable;
  /** Known when `tar` has ended. */
  done: Promise<{ start: Lsn; timeline: number; end: Lsn }>;
}

/** From this server's superuser, or a login with REPLICATION. `close` ends the connection. */
export async function openBaseBackup(settings: pg.ClientConfig, label: string) {
  const client = new pg.Client({ ...settings, replication: 'true' } as pg.ClientConfig);
  client.on('error', () => {}); // the query in hand hears of it
  await client.connect();
  return {
    backup: client.query(new BaseBackupQuery(label)) as BaseBackup,
    close: () => client.end(),
  };
}

class BaseBackupQuery implements Submittable, BaseBackup {
  readonly tar = new PassThrough({ highWaterMark: 1024 * 1024 });
  readonly done: BaseBackup['done'];
  readonly #label: string;
  readonly #rows: (string | null)[][] = [];
  #connection: Connection | undefined;
  #settle!: { resolve(points: Awaited<BaseBackup['done']>): void; reject(error: Error): void };

  constructor(label: string) {
    this.#label = label;
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.done.catch(() => {}); // told by `tar` as well
  }

  submit(connection: Connection): void {
    this.#connection = connection;
    connection.query(
      `BASE_BACKUP (LABEL '${this.#label.replaceAll("'", "''")}', CHECKPOINT 'fast', WAL true, MANIFEST 'no')`,
    );
  }

  handleDataRow(message: { fields: (string | null)[] }): void {
    this.#rows.push(message.fields);
  }

  /** One kind byte: `n` a new tar file, `d` its bytes, `p` progress. */
  handleCopyData(message: { chunk: Buffer }): void {
    const { chunk } = message;
    if (chunk[0] !== 0x64) return;
    const goOn = this.tar.write(Buffer.from(chunk.subarray(1)));
    const stream = this.#connection?.stream;
    // what was read with it still comes while it is paused
    if (goOn || !stream || stream.isPaused()) return;
    stream.pause();
    this.tar.once('drain', () => stream.resume());
  }

  handleReadyForQuery(): void {
    const [start] = this.#rows;
    const end = this.#rows.at(-1);
    if (this.#rows.length !== 3 || !start?.[0] || !end?.[0]) {
      const words =
        'The server has tablespaces outside its data folder, which this backup does not know. Use pg_basebackup.';
      this.handleError(new KnownError('misconfigured', 'a base backup of several tablespaces', words));
      return;
    }
    this.#settle.resolve({ start: start[0], timeline: Number(start[1]), end: end[0] });
    this.tar.end();
  }

  handleError(error: Error): void {
    this.#settle.reject(error);
    this.tar.destroy(error);
  }

  handleRowDescription(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
  handleCopyInResponse(): void {}
}
