import type { Database, Sql } from '../db/index.ts';
import { append, tryAgain } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { TenantId } from '../lib/ids.ts';
import { memo } from '../lib/memo.ts';
import { type Keyring, open, seal } from '../lib/secrets.ts';

/** What lets us act in a workspace that installed the app. */
export interface WorkspaceToken {
  teamId: string;
  name: string;
  token: string;
  /** Of the installation that gave the token. */
  revision: number;
}

/** The Slack workspaces that installed the app by OAuth, and their tokens. */
export interface WorkspaceBook {
  /**
   * Keeps the token, in place of an earlier one. Tenants that waited for Slack now wait for their admin to go live: what
   * was planned before the app was taken out is looked at by a person first. Says whether the workspace had been here.
   */
  installed(workspace: { teamId: string; name: string; token: string; by: string }): Promise<{ again: boolean }>;
  /** Undefined for a workspace that never installed the app, or took it out. */
  token(teamId: string): Promise<WorkspaceToken | undefined>;
  /** Takes the workspaces that Slack has not been asked about for an hour; each is given to one caller, and has a token. */
  due(limit: number): Promise<string[]>;
  /**
   * The installation with this revision is over: the token is deleted, and the workspace's tenants stay but wait. A later
   * installation is not touched. True when it was this one's end.
   */
  lost(teamId: string, revision: number): Promise<boolean>;
}

interface Row {
  name: string;
  key: string;
  token: Buffer | null;
  revision: number;
}

/** How long another process's change may go unseen, in machine ms. */
const FRESH_MS = 1000;

const keyPlace = (teamId: string) => `workspace/${teamId}`;
const tokenPlace = (teamId: string, revision: number) => `workspace/${teamId}/token/${revision}`;

export function createWorkspaceBook(deps: {
  db: Database;
  clock: Clock;
  keyring: Keyring;
  /** Tenants of the workspace changed. */
  changed(tenant: { id: TenantId; slackTeamId: string }): void;
}): WorkspaceBook {
  const { db, clock, keyring } = deps;
  const known = memo(clock, FRESH_MS, async (teamId: string): Promise<WorkspaceToken | undefined> => {
    const row = await read(db.system, teamId);
    if (!row?.token) return undefined;
    const key = keyring.unwrap(keyPlace(teamId), row.key);
    const token = open(key, tokenPlace(teamId, row.revision), row.token).toString();
    return { teamId, name: row.name, token, revision: row.revision };
  });

  function forget(teamId: string, tenants: readonly TenantId[]): void {
    known.forget(teamId);
    for (const id of tenants) deps.changed({ id, slackTeamId: teamId });
  }

  return {
    async installed({ teamId, name, token, by }) {
      const fresh = keyring.create(keyPlace(teamId));
      const { again, woken } = await db.system.transaction(async (sql) => {
        await sql.query(
          `insert into workspaces (team_id, name, key, revision, installed_by, installed_at)
           values ($1, $2, $3, 0, $4, clock_timestamp()) on conflict (team_id) do nothing`,
          [teamId, name, fresh.wrapped, by],
        );
        const row = await read(sql, teamId, 'for update');
        if (!row) throw new Error('the workspace vanished while it was made');
        const revision = row.revision + 1;
        const sealed = seal(keyring.unwrap(keyPlace(teamId), row.key), tokenPlace(teamId, revision), token);
        await sql.query(
          `update workspaces set name = $2, token = $3, revision = $4, installed_by = $5, installed_at = clock_timestamp()
           where team_id = $1`,
          [teamId, name, sealed, revision, by],
        );
        const back = row.revision > 0 && row.token === null ? await reconnect(sql, teamId, clock.now()) : [];
        return { again: row.revision > 0, woken: back };
      });
      forget(
        teamId,
        woken.map(({ id }) => id),
      );
      return { again };
    },
    token: known.get,
    async due(limit) {
      const rows = await db.system.query<{ teamId: string }>(
        `update workspaces set checked_at = clock_timestamp() where team_id = any(array(
           select team_id from workspaces where token is not null and checked_at < clock_timestamp() - interval '1 hour'
           order by checked_at limit $1 for update skip locked))
         returning team_id as "teamId"`,
        [limit],
      );
      return rows.map(({ teamId }) => teamId);
    },
    async lost(teamId, revision) {
      const paused = await db.system.transaction(async (sql) => {
        const gone = await sql.query(
          'update workspaces set token = null where team_id = $1 and revision = $2 and token is not null returning team_id',
          [teamId, revision],
        );
        if (gone.length === 0) return undefined;
        // a restored copy goes on waiting for what it waits for: its release looks up what may have left before
        const tenants = await sql.query<{ id: TenantId }>(
          `update tenants set waits_for = case when waits_for = 'restored' then waits_for else 'slack' end
           where slack_team_id = $1 returning id`,
          [teamId],
        );
        for (const { id } of tenants) {
          await append(sql, id, clock.now(), 'system', [{ type: 'tenant.disconnected', data: {} }]);
        }
        return tenants;
      });
      if (!paused) return false;
      forget(
        teamId,
        paused.map(({ id }) => id),
      );
      return true;
    },
  };
}

/** The workspace's tenants wait for their admins now, and what could not be shown in Slack meanwhile is tried again. */
async function reconnect(sql: Sql, teamId: string, now: Date): Promise<{ id: TenantId }[]> {
  const tenants = await sql.query<{ id: TenantId }>(
    `update tenants set waits_for = case when waits_for = 'slack' then 'go_live' else waits_for end
     where slack_team_id = $1 returning id`,
    [teamId],
  );
  for (const { id } of tenants) await append(sql, id, now, 'system', [{ type: 'tenant.reconnected', data: {} }]);
  await tryAgain(
    sql,
    tenants.map(({ id }) => id),
  );
  return tenants;
}

async function read(sql: Sql, teamId: string, lock = ''): Promise<Row | undefined> {
  const [row] = await sql.query<Row>(`select name, key, token, revision from workspaces where team_id = $1 ${lock}`, [
    teamId,
  ]);
  return row;
}
