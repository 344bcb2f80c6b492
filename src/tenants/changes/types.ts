import type { Database, Tx } from '../../db/index.ts';
import type { Clock } from '../../lib/clock.ts';
import type { SettingChangeId, StaffId, TenantId } from '../../lib/ids.ts';
import type { GatewayAccess } from '../credentials.ts';
import type { Playbooks } from '../playbooks/index.ts';
import type { Senders, Settings } from '../settings.ts';
import type { Staff } from '../staff.ts';
import type { Tenants, Versioned } from '../tenants.ts';
import type { PlanRules } from './checks.ts';
import type { Change } from './diff.ts';
import type { Group } from './groups.ts';
import type { PlanDifference, Touched } from './plan-difference.ts';
import type { ChangePost, PlanChoice, SettingChange } from './store.ts';

/*
 * Words of this part
 *   unit      the smallest part of the settings that one change takes as a whole
 *   change    units before and after
 *   draft     a change that somebody looks at before it counts
 *   to count  to become the newest version
 *   demand    a group of settings whose changes wait for a second person
 */

/** What somebody wants to be different. `base` is the version they looked at; without it, the newest is meant. */
export interface Wanted {
  patch(current: Settings): Partial<Settings>;
  base?: number;
  /** The version that is taken back by this. */
  undoes?: number;
  /** Access to a gateway that takes the place of what senders in the patch have. It is kept sealed, and counts with the change. */
  access?: GatewayAccess;
}

/** What became of messages that waited for senders that were put away. */
export interface Diverted {
  /** Given to another sender, where the guard finds the channel when it is due. */
  moved: number;
  /** Due and without another sender: it is held. */
  held: number;
}

/** A change before it counts. */
export interface Draft {
  id: SettingChangeId;
  changes: readonly Change[];
  /** The settings as they would be. */
  settings: Settings;
  /** The groups for which a second person has to agree; empty: it counts at once. */
  demands: readonly Group[];
  /** Null when no running follow-up would be planned or written differently, and the send hours stay. */
  touched: Touched | null;
  differences: readonly PlanDifference[];
}

export type Outcome =
  | {
      kind: 'counts';
      version: number;
      settings: Settings;
      changes: readonly Change[];
      plan: PlanChoice | null;
      /** Null when no sender was put away. */
      diverted: Diverted | null;
      touched: Touched | null;
    }
  | {
      kind: 'waits';
      id: SettingChangeId;
      settings: Settings;
      changes: readonly Change[];
      demands: readonly Group[];
      touched: Touched | null;
    }
  /** Everything is so already. */
  | { kind: 'same'; settings: Settings };

export type Decision = 'approve' | 'refuse' | 'withdraw';

export interface SettingVersion {
  version: number;
  changedBy: StaffId | null;
  changedAt: Date;
  approvedBy: StaffId | null;
  undoes: number | null;
  changes: readonly Change[];
}

export interface SettingChanges {
  /** The settings with their version, past everything that is remembered. */
  current(tenantId: TenantId): Promise<Versioned>;
  /** Checks a change, keeps it as a draft and says what it would do. Throws a validation error by the setting's path. */
  draft(staff: Staff, wanted: Wanted): Promise<Draft>;
  /** Keeps what somebody is still putting together, unchecked, for a day; only they find it again (`sketched`). */
  sketch(staff: Staff, changes: readonly Change[]): Promise<SettingChangeId>;
  /** Throws `not_found` for what is not theirs, or not there any more. */
  sketched(staff: Staff, id: SettingChangeId): Promise<readonly Change[]>;
  /** Makes a draft count, or wait for a second person. The same draft twice has one effect. */
  submit(staff: Staff, id: SettingChangeId, plan?: PlanChoice): Promise<Outcome>;
  /** Both at once, for what was typed as a command or in a form that shows all it changes. Running follow-ups keep their plan. */
  make(staff: Staff, wanted: Wanted): Promise<Outcome>;
  /** Throws `conflict` when somebody has decided already, or when the settings have moved on so that it does not fit. */
  decide(staff: Staff, id: SettingChangeId, decision: Decision): Promise<SettingChange>;
  find(tenantId: TenantId, id: SettingChangeId): Promise<SettingChange | undefined>;
  /** The settings as a change would make them now. Throws when it no longer fits, or is not there. */
  settingsWith(tenantId: TenantId, id: SettingChangeId): Promise<Settings>;
  /** What waits for a second person, the oldest first, with what it would do to what is planned now. */
  waiting(tenantId: TenantId): Promise<SettingChange[]>;
  /** Versions below `before`, newest first. */
  history(tenantId: TenantId, limit: number, before?: number): Promise<SettingVersion[]>;
  /** A draft that gives what a version changed its former values back. */
  undo(staff: Staff, version: number): Promise<Draft>;
  /** Remembers where an approver was asked. */
  posted(tenantId: TenantId, id: SettingChangeId, post: ChangePost): Promise<void>;
  usedStepKeys(tenantId: TenantId, playbook: string): Promise<string[]>;
}

/** What the mechanism must know of plans; the rooms above give it. */
export interface PlanPort {
  rules: PlanRules;
  touched(tx: Tx, differences: readonly PlanDifference[]): Promise<Touched>;
  /** How many planned messages are due within the hours as they were and outside the new ones. */
  postponed(tx: Tx, before: Settings['sendHours'], after: Settings['sendHours']): Promise<number>;
  /** Whether these hours and the law ever let a message leave to somebody at the business's own place. */
  opens(hours: Settings['sendHours'], home: { country: string; zone: string }): boolean;
}

/** What the mechanism must know of senders; the rooms above give it. */
export interface SenderPort {
  /** Puts the senders in this order in the caller's transaction, with the access that comes along. Throws `conflict` when one is gone. */
  arrange(
    tx: Tx,
    by: StaffId,
    order: { before: Senders; after: Senders; access?: GatewayAccess | undefined },
  ): Promise<Diverted>;
  /** Forgets what was remembered of the tenant's senders. */
  forget(tenantId: TenantId): void;
}

export interface SettingChangesDeps {
  senders: SenderPort;
  db: Database;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  plans: PlanPort;
}
