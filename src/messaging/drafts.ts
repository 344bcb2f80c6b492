import type { Tx } from '../db/index.ts';
import { EFFECTS, wake } from '../events/index.ts';
import type { PersonId } from '../lib/ids.ts';

const DROP = {
  name: 'drafts-drop',
  // drafts_open
  text: `with dropped as (
      update drafts set state = 'stale', decided_at = $2 where person_id = $1 and state = 'open' returning id)
    insert into effects (tenant_id, kind, key, priority)
    select $3, 'draft.show', id::text, ${EFFECTS['draft.show'].priority} from dropped order by id
    on conflict (tenant_id, kind, key) do update set requested = effects.requested + 1, parked_at = null`,
};

/**
 * Whatever the agent drafted for this person is out of date: they stopped, wrote again, or somebody answered; it is shown
 * so. The person is locked.
 */
export async function dropDrafts(tx: Tx, personId: PersonId, now: Date): Promise<void> {
  await tx.write(DROP, [personId, now, tx.tenantId]);
  await wake(tx, 'effects');
}

/**
 * The agent has been overtaken: its drafts are out of date, and an answer of its own that has not begun to leave is
 * cancelled. The person is locked.
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
        where id = any(array(select id from messages where person_id = $1 and purpose = 'agent' and state in ('scheduled', 'claimed')
          for update skip locked))`, // one that is locked is just beginning to leave, or meets the guard again
    },
    [personId, by],
  );
  await dropDrafts(tx, personId, now);
}
