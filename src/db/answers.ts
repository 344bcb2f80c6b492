import type { Database } from './database.ts';

/** Whether the database answers, as the probe of readiness says it. Never throws. */
export async function databaseAnswers(db: Database): Promise<{ name: string; ok: boolean; detail: string }> {
  try {
    await db.system.query('select 1');
    return { name: 'database', ok: true, detail: 'answers' };
  } catch {
    return { name: 'database', ok: false, detail: 'does not answer' };
  }
}
