import type { Database } from '../db/index.ts';
import { isKnown } from '../lib/errors.ts';
import type { TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import type { Tenants } from '../tenants/index.ts';
import type { Identity } from './identity.ts';
import type { Workspaces } from './workspaces.ts';

/** People who are asked about at once. */
const AT_ONCE = 100;

/*
 * Each person is given to one process. Until Slack has answered they count as asked 23 hours ago: where it does not answer,
 * they are asked about again in an hour.
 */
const DUE = {
  name: 'staff-due',
  text: `update staff s set checked_at = clock_timestamp() - interval '23 hours' from (
      select x.id from staff x join tenants t on t.id = x.tenant_id
      where x.role is not null and x.checked_at < clock_timestamp() - interval '24 hours'
        and t.slack_team_id is not null and t.waits_for is distinct from 'slack'
      order by x.checked_at limit ${AT_ONCE} for update of x skip locked) due
    where s.id = due.id returning s.tenant_id as "tenantId", s.slack_user_id as "slackUserId"`,
};

/**
 * Asks Slack once a day about everybody who has a role, and once an hour about each workspace: what it tells us of by
 * itself may be lost, and people who have left never ask for anything again.
 */
export function createLookRound(deps: {
  db: Database;
  log: Logger;
  tenants: Tenants;
  identity: Identity;
  workspaces: Workspaces;
}): () => Promise<void> {
  const { db, log, tenants, identity, workspaces } = deps;
  return async () => {
    await workspaces.check();
    const due = await db.system.query<{ tenantId: TenantId; slackUserId: string }>(DUE);
    const silent = new Set<TenantId>();
    for (const { tenantId, slackUserId } of due) {
      if (silent.has(tenantId)) continue;
      try {
        await identity.meet(await tenants.byId(tenantId), slackUserId);
      } catch (error) {
        // somebody whom Slack does not show us says nothing about the others
        if (!isKnown(error) || error.code !== 'forbidden') silent.add(tenantId);
        log.info({ err: error, tenant: tenantId }, 'Slack did not say who somebody is; it is asked again in an hour');
      }
    }
  };
}
