import type { Sql } from '../db/index.ts';
import type { PersonId } from '../lib/ids.ts';

const BOUND_MS = 2000;
const STEP_MS = 10;

/**
 * Waits until no request for this person is with a gateway, at most two seconds. Returns false when one still was, or ended
 * without anybody knowing whether it was taken: then one message may have left, and whoever is told must hear so. What
 * became of a doubtful one is known much later, so that is not waited for.
 */
export async function settleInFlight(sql: Sql, personId: PersonId, machine: () => number): Promise<boolean> {
  const until = machine() + BOUND_MS;
  for (;;) {
    const states = await sql.query<{ state: 'sending' | 'uncertain' }>(
      {
        name: 'messages-in-flight',
        text: `select distinct state from messages where person_id = $1 and state in ('sending', 'uncertain')`,
      },
      [personId],
    );
    if (!states.some(({ state }) => state === 'sending')) return states.length === 0;
    if (machine() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}
