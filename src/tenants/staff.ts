import type { Database, Tx } from '../db/index.ts';
import { type Actor, append, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { type ApiKeyId, newId, type StaffId, type TenantId } from '../lib/ids.ts';
import { StaffRow } from './models.ts';
import { type KeyRole, may, type Permission, type Role, whoMay } from './permissions.ts';

export interface Staff {
  id: StaffId;
  tenantId: TenantId;
  slackUserId: string;
  name: string;
  role: Role | null;
  /** E.164; for alerts. */
  phone: string | null;
  zone: string | null;
  checkedAt: Date;
  /** Who stands in for them right now. */
  coveredBy: StaffId | null;
}

/** Who works on leads: a member of staff, or a key to the API, which acts in the name of whoever made it. */
export interface Hand extends Omit<Staff, 'role'> {
  role: Role | KeyRole | null;
  via?: ApiKeyId;
}

/** Who is written down as having done it. */
export const actorOf = (hand: Pick<Hand, 'id' | 'via'>): Actor =>
  hand.via === undefined ? `staff:${hand.id}` : `api:${hand.via}`;

/** What Slack says about a person; decides the role of somebody who is new here. */
export interface StaffProfile {
  slackUserId: string;
  name: string;
  zone: string | null;
  /** E.164, where Slack's profile has one. */
  phone?: string | null;
  /** Guests, bots, strangers of a shared channel and people who left have no role. */
  fullMember: boolean;
  /** Where several businesses share a workspace nobody has a place unless an admin gives them one. */
  byInvitation?: boolean;
}

/** What somebody is in one of the businesses of their workspace. */
export interface Place {
  tenantId: TenantId;
  role: Role;
}

export interface StaffBook {
  bySlackUser(tenantId: TenantId, slackUserId: string): Promise<Staff | undefined>;
  byId(tenantId: TenantId, id: StaffId): Promise<Staff | undefined>;
  list(tenantId: TenantId): Promise<Staff[]>;
  /** Remembers who this is. A new full member becomes a salesperson; one who is no longer a member loses the role. */
  remember(tenantId: TenantId, profile: StaffProfile): Promise<Staff>;
  /** Makes this person the tenant's first admin, unless there is one already. True when it did. */
  found(tenantId: TenantId, staff: Staff): Promise<boolean>;
  setRole(tenantId: TenantId, target: StaffId, role: Role | null, by: Staff): Promise<void>;
  /**
   * Makes somebody admin of a business whose admins have all left: a manager does, or who runs LeadRescue (`operator`).
   * Throws `conflict` while there is an admin.
   */
  nameAdmin(tenantId: TenantId, target: StaffId, by: Staff, options: { operator: boolean }): Promise<void>;
  /** Where somebody has a role, in all businesses of a workspace: the one chosen last first, then the oldest. */
  places(slackTeamId: string, slackUserId: string): Promise<readonly Place[]>;
  /** From now on the person's commands act in this tenant. */
  choose(tenantId: TenantId, staff: StaffId): Promise<void>;
}

/** Throws `forbidden`, in words that say who may. */
export function demand(staff: { role: Role | KeyRole | null }, permission: Permission): void {
  if (may(staff.role, permission)) return;
  throw new KnownError(
    'forbidden',
    `lacks ${permission}`,
    `Only ${whoMay(permission)} can do this. Ask one of your admins.`,
  );
}

export function createStaff(deps: { db: Database; clock: Clock }): StaffBook {
  const { db, clock } = deps;

  async function find(tx: Tx, where: { slackUserId: string } | { id: StaffId }): Promise<Staff | undefined> {
    const row = await StaffRow.findOne({ where, ...tx.orm });
    return row?.get({ plain: true });
  }

  async function setRole(tx: Tx, target: StaffId, role: Role | null, actor: StaffId | 'system'): Promise<void> {
    const row = await StaffRow.findByPk(target, { ...tx.orm, lock: true });
    if (!row) throw new KnownError('not_found', 'no such staff', 'That person has not used LeadRescue here yet.');
    if (row.role === role) return;
    const from = row.role;
    await row.update({ role }, tx.orm);
    await append(tx, tx.tenantId, clock.now(), actor === 'system' ? 'system' : `staff:${actor}`, [
      { type: 'staff.role_changed', data: { staffId: target, from, to: role } },
    ]);
    // nobody of ours did it, so whoever looks after the business hears of it
    if (actor === 'system' && role === null) await request(tx, tx.tenantId, [{ kind: 'staff.left', key: target }]);
  }

  const admins = (tx: Tx) => StaffRow.count({ where: { role: 'admin' }, ...tx.orm });
  // one change of roles at a time, so that two admins cannot demote each other into a tenant without any
  const alone = (tx: Tx) => tx.query('select from tenants where id = $1 for no key update', [tx.tenantId]);

  return {
    bySlackUser: (tenantId, slackUserId) => db.inTenant(tenantId, (tx) => find(tx, { slackUserId })),
    byId: (tenantId, id) => db.inTenant(tenantId, (tx) => find(tx, { id })),
    list: (tenantId) =>
      db.inTenant(tenantId, async (tx) => {
        const rows = await StaffRow.findAll({ order: [['name', 'ASC']], ...tx.orm });
        return rows.map((row) => row.get({ plain: true }));
      }),
    remember: (tenantId, profile) =>
      db.inTenant(tenantId, async (tx) => {
        await tx.query(
          `insert into staff (id, tenant_id, slack_user_id, name, role, zone, created_at, checked_at, phone)
           values ($1, $2, $3, $4, $5, $6, $7, clock_timestamp(), $8)
           on conflict (tenant_id, slack_user_id) do update
             set name = excluded.name, zone = excluded.zone, checked_at = excluded.checked_at,
               phone = coalesce(excluded.phone, staff.phone)`,
          [
            newId(),
            tenantId,
            profile.slackUserId,
            profile.name,
            profile.fullMember && !profile.byInvitation ? 'salesperson' : null,
            profile.zone,
            clock.now(),
            profile.phone ?? null,
          ],
        );
        const staff = await find(tx, { slackUserId: profile.slackUserId });
        if (!staff) throw new Error('staff vanished while being remembered');
        if (profile.fullMember || staff.role === null) return staff;
        await setRole(tx, staff.id, null, 'system');
        return { ...staff, role: null };
      }),
    found: (tenantId, staff) =>
      db.inTenant(tenantId, async (tx) => {
        const won = await tx.query(
          'insert into founders (tenant_id, staff_id) values ($1, $2) on conflict (tenant_id) do nothing returning staff_id',
          [tenantId, staff.id],
        );
        if (won.length === 0) return false;
        await setRole(tx, staff.id, 'admin', 'system');
        return true;
      }),
    places: (slackTeamId, slackUserId) =>
      db.system.query<Place>(
        // staff_slack_user
        `select t.id as "tenantId", s.role from staff s join tenants t on t.id = s.tenant_id
         where s.slack_user_id = $2 and t.slack_team_id = $1 and s.role is not null
         order by s.chosen_at desc nulls last, t.first_in_team desc, t.created_at, t.id`,
        [slackTeamId, slackUserId],
      ),
    choose: (tenantId, staff) =>
      db.inTenant(tenantId, async (tx) => {
        await tx.query('update staff set chosen_at = clock_timestamp() where id = $1', [staff]);
      }),
    setRole: (tenantId, target, role, by) =>
      db.inTenant(tenantId, async (tx) => {
        demand(by, 'people.change');
        await alone(tx);
        await setRole(tx, target, role, by.id);
        if ((await admins(tx)) === 0) {
          throw new KnownError('conflict', 'last admin', 'Someone must stay admin. Make another person admin first.');
        }
      }),
    nameAdmin: (tenantId, target, by, { operator }) =>
      db.inTenant(tenantId, async (tx) => {
        if (!operator) demand(by, 'people.see');
        await alone(tx);
        if ((await admins(tx)) > 0) {
          throw new KnownError('conflict', 'there is an admin', 'There is an admin again. They change roles.');
        }
        await setRole(tx, target, 'admin', by.id);
      }),
  };
}
