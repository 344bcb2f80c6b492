import type { Database, Tx } from '../db/index.ts';
import { ComeBackLater, type Effect } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { EnrolmentId, LeadId, MessageId, PersonId, TenantId } from '../lib/ids.ts';
import { lockPerson } from '../people/index.ts';
import {
  type Playbook,
  type Playbooks,
  planDifference,
  type RoutingBook,
  type Settings,
  type Tenants,
  tenantPlaybook,
} from '../tenants/index.ts';
import { planRows } from './enrol.ts';
import { findOpening } from './hours.ts';
import { PAUSES } from './pause.ts';
import {
  type GivenStep,
  GO_ON,
  isLeft,
  LOCK,
  type Moved,
  NEXT,
  OF_PERSON,
  OVER,
  type Running,
  STANDING,
  storePlans,
} from './plan-store.ts';
import { type Replan, replan, type StandingStep } from './replan.ts';

/*
 * Moving running follow-ups to a newer version of the settings: a batch of them in one transaction, until none is left.
 * A follow-up carries the version that it goes by, so a crash between two batches repeats nothing.
 */

export interface PlanMoves {
  /** Moves what runs in a playbook to a version. Throws `ComeBackLater` while messages of some are just leaving. */
  move(tenantId: TenantId, playbook: string, version: number): Promise<{ followUps: number }>;
  /**
   * Plans what has not left yet of a locked person's follow-up anew, by the settings it goes by: they speak another
   * language, live elsewhere, or can be reached otherwise. A message that is just leaving stays as it is.
   */
  again(tx: Tx, personId: PersonId): Promise<void>;
  /**
   * Brings a lead of a locked person to the steps that its score band, its facts and the person's agreement ask for now: what
   * runs is planned anew; a follow-up that was over because nothing of it was left goes on, with steps that it has not had.
   * Nothing begins after an answer, a stop, or a move to a stage that people choose.
   */
  refit(tx: Tx, lead: { id: LeadId; personId: PersonId }): Promise<void>;
  /** `move` as an effect. */
  handle(effect: Effect): Promise<void>;
  /** `refit` as an effect. */
  handleRefit(effect: Effect): Promise<void>;
}

/** A stop waits for a batch at most. */
const BATCH = 50;
/** Longest work in one go, in machine ms; an effect's lease is longer. */
const PATIENCE_MS = 20_000;

export function createPlanMoves(deps: {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  routing: RoutingBook;
  playbooks: Playbooks;
}): PlanMoves {
  const { db, clock, tenants, routing, playbooks } = deps;

  /** What a follow-up becomes; undefined while one of its messages is just leaving. */
  async function planOf(
    tenantId: TenantId,
    playbook: Playbook,
    settings: Settings,
    running: Running,
    standing: readonly GivenStep[],
    everything = false,
  ): Promise<Replan> {
    const difference = everything
      ? undefined
      : planDifference(playbook, await tenants.at(tenantId, running.version), settings);
    const { place } = running.person;
    const now = clock.now();
    const lead = {
      leadId: running.leadId,
      person: running.person,
      addresses: running.addresses ?? [],
      suppressed: running.closed,
      playbook: tenantPlaybook(playbook, settings),
      tenant: await tenants.byId(tenantId),
      capturedAt: running.startedAt,
      fields: running.fields,
      band: running.band ?? undefined,
      consented: running.consented,
      // its turn is in `startedAt` already
      ...(running.brought && { bulk: { turn: 0, perHour: null } }),
      after: running.stage ?? undefined,
      before: new Map(standing.flatMap(({ step, template, trial }) => (trial ? [[step, template] as const] : []))),
    };
    const held = standing.find(({ state, reason }) => state === 'held' && PAUSES.some((pause) => pause === reason));
    const planned = planRows(lead, settings, await routing.of(tenantId));
    const differ = everything
      ? planned.map(({ step }) => step)
      : [...(difference?.changed ?? []), ...(difference?.added ?? [])];
    return replan({
      standing,
      planned,
      changed: new Set(differ),
      waiting: running.state === 'paused' ? (held?.reason ?? 'paused') : null,
      now,
      opening: findOpening(now, place, settings.sendHours) ?? now,
    });
  }

  async function batch(tx: Tx, playbook: Playbook, version: number, settings: Settings, busy: Set<EnrolmentId>) {
    const found = await tx.query<Running>(NEXT, [tx.tenantId, version, playbook.key, [...busy], BATCH]);
    if (found.length === 0) return 0;
    const ids = found.map(({ id }) => id);
    const standing = await tx.query<GivenStep & { enrolmentId: EnrolmentId }>(STANDING, [ids]);
    const free = new Set((await tx.query<{ id: MessageId }>(LOCK, [ids])).map(({ id }) => id));
    for (const step of standing) if (isBusy(step, free)) busy.add(step.enrolmentId);

    const moved: Moved[] = [];
    for (const running of found) {
      if (busy.has(running.id)) continue;
      const own = standing.filter(({ enrolmentId }) => enrolmentId === running.id);
      moved.push({ running, plan: await planOf(tx.tenantId, playbook, settings, running, own) });
    }
    await storePlans(tx, moved, version, clock.now());
    return found.length;
  }

  async function move(tenantId: TenantId, key: string, version: number): Promise<{ followUps: number }> {
    const playbook = playbooks.get(key);
    const settings = await tenants.at(tenantId, version);
    const until = clock.machine() + PATIENCE_MS;
    const busy = new Set<EnrolmentId>();
    let followUps = 0;
    for (;;) {
      const before = busy.size;
      const found = await db.inTenant(tenantId, (tx) => batch(tx, playbook, version, settings, busy));
      followUps += found - (busy.size - before);
      if (found === 0) break;
      if (clock.machine() > until) throw new ComeBackLater(0);
    }
    if (await db.inTenant(tenantId, (tx) => isLeft(tx, key, version))) throw new ComeBackLater(1);
    return { followUps };
  }

  /** What has happened in a follow-up; what is just leaving, or being changed, is as good as gone. */
  async function standingIn(tx: Tx, id: EnrolmentId): Promise<GivenStep[]> {
    const standing = await tx.query<GivenStep>(STANDING, [[id]]);
    const free = new Set((await tx.query<{ id: MessageId }>(LOCK, [[id]])).map((row) => row.id));
    return standing.map((step) => (isBusy(step, free) ? { ...step, state: 'claimed' } : step));
  }

  /** Plans what runs for a locked person anew; false when nothing does. */
  async function again(tx: Tx, personId: PersonId): Promise<boolean> {
    const [running] = await tx.query<Running>(OF_PERSON, [personId]);
    if (!running) return false;
    const left = await standingIn(tx, running.id);
    const settings = await tenants.at(tx.tenantId, running.version);
    const plan = await planOf(tx.tenantId, playbooks.get(running.playbook), settings, running, left, true);
    await storePlans(tx, [{ running, plan }], running.version, clock.now());
    return true;
  }

  /** Lets a lead's follow-up that was over go on with the steps that are for it now, and still ahead. */
  async function goOn(tx: Tx, leadId: LeadId): Promise<void> {
    const [over] = await tx.query<Running & { leadStage: string; enquiredAt: Date }>(OVER, [leadId]);
    if (!over) return;
    const { pipeline, cadence } = playbooks.get(over.playbook);
    // whom people have taken further is theirs
    if (over.leadStage !== pipeline.start && over.leadStage !== pipeline.onSent) return;
    const { settings, version } = await tenants.latest(tx.tenantId);
    const running: Running = { ...over, state: 'active', startedAt: over.enquiredAt, version };
    const standing = await standingIn(tx, over.id);
    const plan = await planOf(tx.tenantId, playbooks.get(over.playbook), settings, running, standing, true);
    if (plan.set.length + plan.add.length === 0) return;
    await tx.query(GO_ON, [over.id, over.enquiredAt]);
    await storePlans(tx, [{ running, plan, begins: cadence.key }], version, clock.now());
  }

  async function refit(tx: Tx, lead: { id: LeadId; personId: PersonId }): Promise<void> {
    if (!(await again(tx, lead.personId))) await goOn(tx, lead.id);
  }

  return {
    move,
    again: async (tx, personId) => void (await again(tx, personId)),
    refit,
    async handle({ tenantId, key, data }) {
      await move(tenantId, key, Number(data.version));
    },
    async handleRefit({ tenantId, key }) {
      await db.inTenant(tenantId, async (tx) => {
        const [lead] = await tx.query<{ id: LeadId; personId: PersonId }>(
          'select id, person_id as "personId" from leads where id = $1',
          [key],
        );
        if (lead && (await lockPerson(tx, lead.personId))) await refit(tx, lead);
      });
    },
  };
}

/** It is claimed, or somebody is changing it at this moment. */
const isBusy = ({ id, state }: StandingStep, free: ReadonlySet<MessageId>) =>
  state === 'claimed' || ((state === 'scheduled' || state === 'held') && !free.has(id));
