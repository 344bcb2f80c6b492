import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from '../lib/logger.ts';
import type { BackupFolder } from './folder.ts';

export interface Archive {
  /** Takes what is there now. */
  run(): Promise<number>;
  start(): void;
  /** Takes what is there once more, and ends. */
  stop(): Promise<void>;
}

/** How long a finished piece lies in clear beside the data it is of, in machine ms. */
const EVERY_MS = 2000;

/**
 * Seals what the embedded server leaves in `spool` into the backup's folder. The server keeps what is not taken; a piece is
 * deleted in the spool only when it is on the disk over there.
 */
export function createArchive(deps: { spool: string; folder: BackupFolder; log: Logger }): Archive {
  const { spool, folder, log } = deps;
  let running: Promise<number> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failed = false;

  async function take(): Promise<number> {
    const names = existsSync(spool) ? (await readdir(spool)).filter((name) => !name.endsWith('.part')).sort() : [];
    for (const name of names) {
      await folder.addSegment(name, path.join(spool, name));
      await rm(path.join(spool, name));
    }
    return names.length;
  }

  const run = () => {
    running ??= take().finally(() => {
      running = undefined;
    });
    return running;
  };

  async function quietly(): Promise<void> {
    try {
      await run();
      failed = false;
    } catch (error) {
      // said once: the server keeps what is not taken, until its disk is full
      if (!failed)
        log.error({ err: error }, 'the write-ahead log cannot be kept in BACKUP_DIR: look before the disk is full');
      failed = true;
    }
  }

  return {
    run,
    start() {
      timer = setInterval(() => void quietly(), EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await running?.catch(() => {});
      await quietly();
    },
  };
}
