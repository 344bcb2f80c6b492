import type { BackupFolder, BaseInfo } from './folder.ts';
import { type Course, courseOf, historyOf, isOnCourse, newestOf } from './segments.ts';

/** What a backup's folder says about its timelines. */
export interface Told {
  course: Course;
  /** Bases from which the newest timeline is reached, oldest first. */
  bases: BaseInfo[];
  /** The name of the newest timeline's history, where it should be there and is not. */
  lost: string | undefined;
}

/** Reads the history of the newest timeline: which pieces count, and which bases they go on from. */
export async function readCourse(folder: BackupFolder): Promise<Told> {
  const [bases, kept] = [await folder.bases(), await folder.segments()];
  const newest = newestOf([...kept, ...bases.map(({ segment }) => segment)]);
  const history = historyOf(newest);
  const known = kept.includes(history);
  const course = courseOf(newest, known ? await text(folder.readSegment(history)) : '');
  return {
    course,
    bases: bases.filter(({ segment }) => isOnCourse(segment, course)),
    lost: known || newest === 1 ? undefined : history,
  };
}

async function text(source: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
