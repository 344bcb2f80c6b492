import type { Sql } from '../db/index.ts';
import type { PersonId } from '../lib/ids.ts';

const BOUND_MS = 2000;
const STEP_MS = 10;

/**
 * Waits until no request for this person is with a gateway, at most two seconds. Returns false when one still was:
 * then one message may have left, and whoever is told must hear so.
 */
export async function settleInFlight(sql: Sql, personId: PersonId, machine: () => number): Promise<boolean> {
  const until = machine() + BOUND_MS;
  for (;;) {
    const busy = await sql.query(
      {
        name: 'messages-in-flight',
        text: `select from messages where person_id = $1 and state = 'sending' limit 1`,
      },
      [personId],
    );
    if (busy.length === 0) return true;
    if (machine() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
}
