import { isDeepStrictEqual } from 'node:util';
import type { Tx } from '../../db/index.ts';
import { append, type NewEffect, request } from '../../events/index.ts';
import { KnownError, validationError } from '../../lib/errors.ts';
import type { SettingChangeId, TenantId } from '../../lib/ids.ts';
import type { GatewayAccess } from '../credentials.ts';
import { may, ROLES } from '../permissions.ts';
import { type Settings, storedSettings } from '../settings.ts';
import { demand, type Staff } from '../staff.ts';
import { describeBusiness, latestSettings, storeSettings, type Versioned } from '../tenants.ts';
import { accessProblems, businessProblems, parsedSettings, planningProblems } from './checks.ts';
import { connecting, demanding } from './demand.ts';
import { applied, type Change, diff, inverted, rebased } from './diff.ts';
import { groupsOfUnit } from './groups.ts';
import { type PlanDifference, planDifference, recounted, type Touched } from './plan-difference.ts';
import { closedAllDay, movedOn, noLongerOpen, permit } from './refusals.ts';
import type { SettingChange } from './store.ts';
import * as store from './store.ts';
import type { Decision, Draft, Outcome, SettingChanges, SettingChangesDeps, SettingVersion, Wanted } from './types.ts';
import { partsOf } from './units.ts';

/*
 * The one way in which people change settings. A change is made against the version somebody looked at; it is laid on the
 * newest one when it comes to count, and refused when its own units have moved meanwhile. Every step locks the tenant's
 * settings, so of two people who decide at once one decides.
 */

export function createSettingChanges(deps: SettingChangesDeps): SettingChanges {
  const { db, clock, tenants, playbooks, plans, senders } = deps;

  const differencesOf = (before: Settings, after: Settings): PlanDifference[] =>
    playbooks.all.flatMap((playbook) => planDifference(playbook, before, after) ?? []);

  /** The settings with the changes made, checked; `access` when some comes along. */
  function checked(current: Settings, changes: readonly Change[], access?: GatewayAccess): Settings {
    const lost = access ? [] : accessProblems(changes);
    if (lost.length > 0) throw validationError(lost);
    const parsed = parsedSettings(applied(current, changes));
    if ('problems' in parsed) throw validationError(parsed.problems);
    const { sendHours } = parsed.settings;
    const keys = keysOf(changes);
    const { country = '', zone = '' } = parsed.settings.business;
    const elsewhere = keys.includes('business') ? businessProblems(parsed.settings, playbooks.all) : [];
    if (elsewhere.length > 0) throw validationError(elsewhere);
    const isNew = keys.includes('sendHours') || keys.includes('business');
    if (isNew && !plans.opens(sendHours, { country, zone })) throw closedAllDay(sendHours);
    const problems = planningProblems(playbooks.all, current, parsed.settings, plans.rules);
    if (problems.length > 0) throw validationError(problems);
    return parsed.settings;
  }

  /** What is wanted, as changes that fit the newest settings. */
  async function changesOf(tx: Tx, latest: Versioned, { patch, base }: Wanted): Promise<readonly Change[]> {
    const seen = base === undefined || base === latest.version ? latest.settings : await seenAt(tx, latest, base);
    const wanted = { ...seen, ...patch(seen) };
    // a business is always known by something: what a file leaves out of it stays
    const parsed = parsedSettings({ ...wanted, business: { ...seen.business, ...wanted.business } });
    if ('problems' in parsed) throw validationError(parsed.problems);
    const { changes, clashes } = rebased(latest.settings, diff(seen, parsed.settings));
    if (clashes.length > 0) throw movedOn(clashes);
    return changes;
  }

  /**
   * The settings as they were, with the senders of now. What the business was known by is what it is now, with every later
   * change turned back.
   */
  async function seenAt(tx: Tx, latest: Versioned, base: number): Promise<Settings> {
    let { business } = latest.settings;
    for (const changes of await store.changesSince(tx, base)) {
      const back = inverted(changes).filter(({ path }) => partsOf(path).key === 'business');
      business = storedSettings(applied({ ...latest.settings, business }, back)).business;
    }
    return { ...(await tenants.at(tx.tenantId, base)), business, senders: latest.settings.senders };
  }

  /** What going from one to the other does to what is planned; null when nothing would leave otherwise. */
  async function touchedBy(tx: Tx, before: Settings, after: Settings): Promise<Touched | null> {
    const differences = differencesOf(before, after);
    const sameHours = isDeepStrictEqual(before.sendHours, after.sendHours);
    if (sameHours && differences.length === 0) return null;
    const touched = await plans.touched(tx, differences);
    return sameHours
      ? touched
      : { ...touched, postponed: await plans.postponed(tx, before.sendHours, after.sendHours) };
  }

  async function drafted(tx: Tx, staff: Staff, wanted: Wanted, latest: Versioned): Promise<Draft> {
    const changes = await changesOf(tx, latest, wanted);
    for (const { permission } of groupsIn(changes)) demand(staff, permission);
    const settings = checked(latest.settings, changes, wanted.access);
    const differences = differencesOf(latest.settings, settings);
    const row = await store.insertDraft(tx, {
      changes,
      undoes: wanted.undoes ?? null,
      askedBy: staff.id,
      askedAt: clock.now(),
    });
    const touched = await touchedBy(tx, latest.settings, settings);
    const demands = demanding(latest.settings, changes);
    const matters = touched && (touched.running > 0 || touched.postponed !== undefined);
    return { id: row.id, changes, settings, demands, differences, touched: matters ? touched : null };
  }

  /** Makes a change the newest version; the caller holds the lock. */
  async function count(
    tx: Tx,
    row: SettingChange,
    latest: Versioned,
    changes: readonly Change[],
    access: GatewayAccess | undefined,
  ) {
    const settings = checked(latest.settings, changes, access);
    const next = { version: latest.version + 1, settings };
    const keys = keysOf(changes);
    const order = { before: latest.settings.senders, after: settings.senders, access };
    const diverted = keys.includes('senders') ? await senders.arrange(tx, row.askedBy, order) : null;
    await storeSettings(tx, next, keys, row.askedBy, clock.now(), row.id);
    if (keys.includes('business')) {
      await describeBusiness(tx, latest.settings.business, settings.business, row.askedBy, clock.now());
    }
    if (row.plan === 'move') {
      const moves = differencesOf(latest.settings, settings).map(
        ({ playbook }): NewEffect => ({ kind: 'plan.move', key: playbook, data: { version: next.version } }),
      );
      await request(tx, tx.tenantId, moves);
    }
    return { ...next, diverted };
  }

  async function submitted(
    tx: Tx,
    staff: Staff,
    row: SettingChange,
    latest: Versioned,
    access?: GatewayAccess,
  ): Promise<Outcome> {
    const { changes, clashes } = rebased(latest.settings, row.changes);
    if (clashes.length > 0) throw movedOn(clashes);
    if (changes.length === 0) {
      await store.moveChange(tx, row.id, { state: 'withdrawn' });
      return { kind: 'same', settings: latest.settings };
    }
    for (const { permission } of groupsIn(changes)) demand(staff, permission);
    const demands = demanding(latest.settings, changes);
    if (demands.length === 0) {
      const { version, settings, diverted } = await count(tx, row, latest, changes, access);
      const touched = await touchedBy(tx, latest.settings, settings);
      await store.moveChange(tx, row.id, { state: 'counted', changes, version, plan: row.plan, touched });
      return { kind: 'counts', version, settings, changes, plan: row.plan, diverted, touched };
    }
    const settings = checked(latest.settings, changes, access);
    await demandSecondPerson(tx, staff);
    const touched = await touchedBy(tx, latest.settings, settings);
    await store.moveChange(tx, row.id, { state: 'waiting', changes, plan: row.plan, touched });
    if (access) await store.keepAccess(tx, row.id, await tenants.keys(tx.tenantId), access);
    const data = { changeId: row.id, keys: keysOf(changes) };
    await append(tx, tx.tenantId, clock.now(), `staff:${staff.id}`, [{ type: 'settings.asked', data }]);
    await request(tx, tx.tenantId, shownWith(row.id, changes));
    return { kind: 'waits', id: row.id, settings, changes, demands, touched };
  }

  /** Locks the settings, works on them, and forgets what was remembered once that has counted. */
  async function locked<T>(tenantId: TenantId, work: (tx: Tx, latest: Versioned) => Promise<T>): Promise<T> {
    try {
      return await db.inTenant(tenantId, async (tx) => {
        await store.lockSettings(tx);
        return work(tx, await latestSettings(tx));
      });
    } finally {
      senders.forget(tenantId);
      tenants.forget(await tenants.byId(tenantId));
    }
  }

  const wantedChange = async (tx: Tx, id: SettingChangeId): Promise<SettingChange> => {
    const row = await store.findChange(tx, id);
    if (row) return row;
    throw new KnownError('not_found', 'no such change', 'That change does not exist (any more). Make it again.');
  };

  /** A change that waits, with what it would do now. One that does not fit any more keeps what was counted. */
  async function countedAnew(tx: Tx, row: SettingChange, settings: Settings): Promise<SettingChange> {
    const after = parsedSettings(applied(settings, rebased(settings, row.changes).changes));
    if ('problems' in after) return row;
    return { ...row, touched: recounted(row.touched, await touchedBy(tx, settings, after.settings)) };
  }

  /** What the first time came to, for a window that is submitted twice. */
  async function again(tx: Tx, row: SettingChange): Promise<Outcome> {
    const { id, changes, version, plan, touched } = row;
    const { settings } = await latestSettings(tx);
    if (row.state === 'counted' && version !== null)
      return { kind: 'counts', version, settings, changes, plan, diverted: null, touched };
    const demands = demanding(settings, changes);
    if (row.state === 'waiting') return { kind: 'waits', id, settings, changes, demands, touched };
    throw await noLongerOpen(tx, row);
  }

  /** A decision, in its own transaction; the clashes when it was approved too late. */
  async function decided(tx: Tx, staff: Staff, row: SettingChange, decision: Decision, latest: Versioned) {
    if (row.state !== 'waiting') throw await noLongerOpen(tx, row);
    permit(staff, row, decision);
    const { changes, clashes } = rebased(latest.settings, row.changes);
    const fits = clashes.length === 0 && changes.length > 0;
    const state = decision === 'approve' && !fits ? 'outdated' : BECOMES[decision];
    const by = { decidedBy: staff.id, decidedAt: clock.now() };
    const data = { changeId: row.id, decision: state };
    await append(tx, tx.tenantId, clock.now(), `staff:${staff.id}`, [{ type: 'settings.decided', data }]);
    const access = await store.takeAccess(tx, row.id, () => tenants.keys(tx.tenantId));
    if (state === 'counted') {
      const { version, settings } = await count(tx, row, latest, changes, access);
      const touched = recounted(row.touched, await touchedBy(tx, latest.settings, settings));
      await store.moveChange(tx, row.id, { state, changes, version, touched, ...by });
    } else {
      await store.moveChange(tx, row.id, { state, ...by });
    }
    await request(tx, tx.tenantId, shownWith(row.id, changes));
    return { row: await wantedChange(tx, row.id), clashes: state === 'outdated' ? clashes : [] };
  }

  return {
    current: (tenantId) => db.inTenant(tenantId, latestSettings),
    draft: (staff, wanted) =>
      db.inTenant(staff.tenantId, async (tx) => drafted(tx, staff, wanted, await latestSettings(tx))),
    sketch: (staff, changes) =>
      db.inTenant(staff.tenantId, async (tx) => {
        const row = await store.insertDraft(tx, { changes, undoes: null, askedBy: staff.id, askedAt: clock.now() });
        return row.id;
      }),
    async sketched(staff, id) {
      const row = await db.inTenant(staff.tenantId, (tx) => store.findChange(tx, id));
      if (row?.askedBy === staff.id && row.state === 'draft') return row.changes;
      throw new KnownError('not_found', 'no such sketch', 'This window is too old. Open it again.');
    },
    submit: (staff, id, plan) =>
      locked(staff.tenantId, async (tx, latest) => {
        const row = await wantedChange(tx, id);
        if (row.askedBy !== staff.id)
          throw new KnownError('forbidden', 'not their draft', 'This is a colleague’s change.');
        if (row.state !== 'draft') return again(tx, row);
        return submitted(tx, staff, { ...row, plan: plan ?? row.plan }, latest);
      }),
    make: (staff, wanted) =>
      locked(staff.tenantId, async (tx, latest) => {
        const { id } = await drafted(tx, staff, wanted, latest);
        return submitted(tx, staff, await wantedChange(tx, id), latest, wanted.access);
      }),
    async decide(staff, id, decision) {
      const { row, clashes } = await locked(staff.tenantId, async (tx, latest) =>
        decided(tx, staff, await wantedChange(tx, id), decision, latest),
      );
      if (clashes.length > 0) throw movedOn(clashes);
      return row;
    },
    find: (tenantId, id) => db.inTenant(tenantId, (tx) => store.findChange(tx, id)),
    settingsWith: (tenantId, id) =>
      db.inTenant(tenantId, async (tx) => {
        const [row, latest] = [await wantedChange(tx, id), await latestSettings(tx)];
        const { changes, clashes } = rebased(latest.settings, row.changes);
        if (clashes.length > 0) throw movedOn(clashes);
        return checked(latest.settings, changes);
      }),
    waiting: (tenantId) =>
      db.inTenant(tenantId, async (tx) => {
        const [rows, { settings }] = [await store.waitingChanges(tx), await latestSettings(tx)];
        const counted = [];
        for (const row of rows) counted.push(await countedAnew(tx, row, settings));
        return counted;
      }),
    async history(tenantId, limit, before = MAX_VERSION) {
      const rows = await db.inTenant(tenantId, (tx) => store.versionsBefore(tx, before, limit));
      return rows.map(versionOf);
    },
    undo: (staff, version) =>
      db.inTenant(staff.tenantId, async (tx) => {
        const [row] = await store.versionsBefore(tx, version + 1, 1);
        if (row?.version !== version) {
          throw new KnownError('not_found', 'no such version', `There is no version ${version}.`);
        }
        const latest = await latestSettings(tx);
        const { changes, clashes } = rebased(latest.settings, inverted(versionOf(row).changes));
        if (clashes.length > 0) throw movedOn(clashes);
        const former = checked(latest.settings, changes);
        return drafted(tx, staff, { patch: () => former, undoes: version }, latest);
      }),
    posted: (tenantId, id, post) => db.inTenant(tenantId, (tx) => store.addPost(tx, id, post)),
    usedStepKeys: (tenantId, playbook) => db.inTenant(tenantId, (tx) => store.usedStepKeys(tx, playbook)),
  };
}

/** More than there will ever be. */
const MAX_VERSION = 2 ** 31 - 1;
const BECOMES = { approve: 'counted', refuse: 'refused', withdraw: 'withdrawn' } as const;
const APPROVERS = ROLES.filter((role) => may(role, 'settings.approve'));

const groupsIn = (changes: readonly Change[]) => [...new Set(changes.flatMap(({ path }) => groupsOfUnit(path)))];

/** The settings that changes are about, as the log names them; what is beside them may be words of the tenant's. */
const keysOf = (changes: readonly Change[]): string[] => [...new Set(changes.map(({ path }) => partsOf(path).key))];

/** Where a change is shown, and the senders that it would put to use: theirs says that they were asked for, or are no longer. */
const shownWith = (id: SettingChangeId, changes: readonly Change[]): NewEffect[] => [
  { kind: 'settings.show', key: id },
  ...connecting(changes).map((sender): NewEffect => ({ kind: 'sender.settle', key: sender.id })),
];

function versionOf({ values, previous, changes, ...row }: store.VersionRow): SettingVersion {
  if (changes) return { ...row, changes };
  const [before, { business, ...after }] = [storedSettings(previous), storedSettings(values)];
  return { ...row, changes: diff(before, { ...after, business: before.business }) };
}

/** Somebody has to be there who could agree. */
async function demandSecondPerson(tx: Tx, staff: Staff): Promise<void> {
  const [other] = await tx.query(
    'select from staff where tenant_id = $1 and id <> $2 and role = any($3::text[]) limit 1',
    [tx.tenantId, staff.id, APPROVERS],
  );
  if (other) return;
  const message =
    'A second person has to agree to this, and nobody else is manager or admin. Make somebody manager with /rescue people.';
  throw new KnownError('conflict', 'nobody to approve', message);
}
