import type { EmbeddedPostgres } from '../db/index.ts';
import { openBaseBackup } from './base-backup.ts';
import type { BackupFolder, BaseInfo } from './folder.ts';
import { isSegment, placeOf, segmentOf } from './segments.ts';

/** PostgreSQL's major version, as the embedded one's files are of. */
export const POSTGRES = 18;

/** Takes a base backup of a running embedded server. With `keep`, older ones than the newest so many are deleted after it. */
export async function createBackup(
  server: Pick<EmbeddedPostgres, 'superuser'>,
  folder: BackupFolder,
  now: () => Date,
  keep?: number,
): Promise<BaseInfo> {
  const begunAt = now().toISOString();
  const name = begunAt.replaceAll(':', '-');
  const { backup, close } = await openBaseBackup(server.superuser, `leadrescue ${name}`);
  try {
    const base = await folder.addBase(name, backup.tar, async (bytes) => {
      const { start, timeline } = await backup.done;
      const segment = segmentOf(timeline, start);
      return { name, begunAt, doneAt: now().toISOString(), segment, bytes, postgres: POSTGRES };
    });
    if (keep !== undefined) await tidy(folder, keep);
    return base;
  } finally {
    await close();
  }
}

/** Deletes old backups, and the log that none of the others begins with. */
async function tidy(folder: BackupFolder, keep: number): Promise<void> {
  const bases = await folder.bases();
  const kept = bases.slice(-keep);
  for (const { name } of bases.slice(0, -keep)) await folder.removeBase(name);
  const places = kept.map(({ segment }) => placeOf(segment));
  const first = places.reduce((least, place) => (place < least ? place : least));
  for (const segment of await folder.segments()) {
    if (isSegment(segment) && placeOf(segment) < first) await folder.removeSegment(segment);
  }
}
