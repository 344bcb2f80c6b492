import type { LeadId } from '../../src/lib/ids.ts';
import type { World } from './world.ts';

/** The messages of a lead as `step channel state reason`, in order of their time. */
export async function plan(world: World, leadId: LeadId): Promise<string[]> {
  const rows = await world.database.db.inTenant(world.tenant.id, (tx) =>
    tx.query<{ line: string }>(
      `select concat_ws(' ', coalesce(step_key, purpose), channel, state, reason) as line from messages
       where lead_id = $1 and direction = 'out' order by due_at, id`,
      [leadId],
    ),
  );
  return rows.map((row) => row.line);
}

/** The types of all events of a tenant, in order. */
export async function eventTypes(world: World, leadId?: LeadId): Promise<string[]> {
  const rows = await world.database.db.inTenant(world.tenant.id, (tx) =>
    tx.query<{ type: string }>('select type from events where $1::uuid is null or lead_id = $1 order by id', [
      leadId ?? null,
    ]),
  );
  return rows.map((row) => row.type);
}

export async function enrolmentState(world: World, leadId: LeadId): Promise<string | undefined> {
  const [row] = await world.database.db.inTenant(world.tenant.id, (tx) =>
    tx.query<{ state: string }>('select state from enrolments where lead_id = $1', [leadId]),
  );
  return row?.state;
}

/** One value of one row, seen across tenants. */
export async function one<T>(world: World, sql: string, values: unknown[] = []): Promise<T | undefined> {
  const [row] = await world.database.db.system.query<{ value: T }>(sql, values);
  return row?.value;
}
