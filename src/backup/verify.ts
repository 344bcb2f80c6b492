import { isKnown } from '../lib/errors.ts';
import { readCourse } from './course.ts';
import type { BackupFolder } from './folder.ts';
import { gaps, isOnCourse, isSegment, placeOf } from './segments.ts';

export interface Verified {
  bases: { name: string; doneAt: string; bytes: number }[];
  segments: number;
  /** What is wrong, in words; empty when everything can be read and nothing is missing. */
  problems: string[];
}

const TAR_BLOCK = 512;

/** Opens every file to its end, and looks whether the log after the oldest base is without a gap on its way to the end. */
export async function verifyBackup(folder: BackupFolder): Promise<Verified> {
  const problems: string[] = [];
  const check = async (source: AsyncIterable<Buffer>): Promise<number> => {
    let bytes = 0;
    try {
      for await (const chunk of source) bytes += chunk.length;
    } catch (error) {
      problems.push(isKnown(error) ? error.userMessage : String(error));
      return -1;
    }
    return bytes;
  };

  const bases = await folder.bases();
  for (const { name, bytes } of bases) {
    const found = await check(folder.readBase(name));
    if (found >= 0 && (found !== bytes || found % TAR_BLOCK !== 0))
      problems.push(`base/${name} has another length than it should.`);
  }
  const segments = await folder.segments();
  for (const name of segments) await check(folder.readSegment(name));
  if (bases.length === 0) problems.push('There is no base backup: `npm run backup -- create` makes one.');
  const { course, bases: usable, lost } = await readCourse(folder);
  if (lost) problems.push(`${lost} is missing: it says where the log went on after a restore.`);
  const [oldest] = usable;
  if (!oldest && bases.length > 0) problems.push('The log does not go on from any of the base backups.');
  if (oldest) {
    const missing = gaps(
      oldest.segment,
      segments.filter((name) => isSegment(name) && isOnCourse(name, course)),
    );
    if (missing.length > 0)
      problems.push(`${missing.length} pieces of the write-ahead log after ${oldest.name} are missing.`);
    const kept = segments.filter((name) => isSegment(name) && placeOf(name) >= placeOf(oldest.segment));
    return { bases, segments: kept.length, problems };
  }
  return { bases, segments: segments.length, problems };
}
