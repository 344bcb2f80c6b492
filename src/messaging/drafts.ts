import type { Tx } from '../db/index.ts';
import { request } from '../events/index.ts';
import type { PersonId } from '../lib/ids.ts';

/**
 * Whatever the agent drafted for this person is out of date: they stopped, wrote again, or somebody answered. The person is
 * locked. Returns how many there were.
 */
export async function dropDrafts(tx: Tx, personId: PersonId, now: Date): Promise<number> {
  const dropped = await tx.query<{ id: string }>(
    {
      name: 'drafts-drop',
      // drafts_open
      text: `update drafts set state = 'stale', decided_at = $2 where person_id = $1 and state = 'open' returning id`,
    },
    [personId, now],
  );
  await request(
    tx,
    tx.tenantId,
    dropped.map(({ id }) => ({ kind: 'draft.show', key: id })),
  );
  return dropped.length;
}

/**
 * The agent has been overtaken: its drafts are out of date, and an answer of its own that has passed the guard but has not
 * begun to leave is cancelled. One that is still planned meets the guard. The person is locked.
 */
export async function overtakeAgent(
  tx: Tx,
  personId: PersonId,
  by: 'taken_over' | 'newer_message',
  now: Date,
): Promise<void> {
  await tx.write(
    {
      name: 'agent-overtaken',
      // messages_person
      text: `update messages set state = 'cancelled', reason = $2, lease_owner = null, lease_until = null
        where person_id = $1 and purpose = 'agent' and state = 'claimed'`,
    },
    [personId, by],
  );
  await dropDrafts(tx, personId, now);
}
