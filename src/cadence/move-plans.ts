import type { Database, Tx } from '../db/index.ts';
import { append, ComeBackLater, type Effect, type NewEvent, request, wake } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { AddressId, EnrolmentId, LeadId, MessageId, PersonId, TenantId } from '../lib/ids.ts';
import type { PersonPlace } from '../people/index.ts';
import {
  type Playbook,
  type Playbooks,
  planDifference,
  type RoutingBook,
  type Settings,
  type Tenants,
  tenantPlaybook,
} from '../tenants/index.ts';
import { type PlannedRow, planRows } from './enrol.ts';
import { findOpening } from './hours.ts';
import { REPLANNED, type Replan, replan, type StandingStep } from './replan.ts';
import { COMPLETED } from './stop.ts';

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
  /** `move` as an effect. */
  handle(effect: Effect): Promise<void>;
}

/** A stop waits for a batch at most. */
const BATCH = 50;
/** Longest work in one go, in machine ms; an effect's lease is longer. */
const PATIENCE_MS = 20_000;

interface Running {
  id: EnrolmentId;
  leadId: LeadId;
  state: 'active' | 'paused';
  startedAt: Date;
  version: number;
  person: { id: PersonId; name: string; language: string; zone: string; place: PersonPlace };
  closed: string[];
  /** The stage that it follows. */
  stage: string | null;
  band: string | null;
  consented: boolean;
  /** It came in a file. */
  brought: boolean;
  addresses: { id: AddressId; kind: 'phone' | 'email'; value: string; unreachable: string[] }[] | null;
}

const RUNNING = `select e.id, e.lead_id as "leadId", e.state, e.started_at as "startedAt", e.settings_version as version, e.stage,
      jsonb_build_object('id', p.id, 'name', p.name, 'language', p.language, 'zone', p.zone, 'place', p.place) as person,
      p.opted_out_channels as closed, (select s.band from scores s where s.lead_id = e.lead_id) as band,
      exists (select from consents c where c.person_id = p.id and c.withdrawn_at is null) as consented,
      l.source = 'import' as brought, l.playbook,
      (select jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'value', a.value, 'unreachable', a.unreachable)
        order by a.created_at) from addresses a where a.person_id = p.id) as addresses
    from enrolments e join persons p on p.id = e.person_id join leads l on l.id = e.lead_id`;

/** The one that runs for a person (enrolments_one_active). */
const OF_PERSON = {
  name: 'cadence-move-person',
  text: `${RUNNING} where e.person_id = $1 and e.state in ('active', 'paused') for update of e`,
};

/*
 * The next follow-ups, locked as a stop locks them: person first. Whoever is being stopped, or whose message is being
 * recorded, is left to the next round, so nobody waits for anybody.
 */
const NEXT = {
  name: 'cadence-move-next',
  // enrolments_running
  text: `${RUNNING}
    where e.tenant_id = $1 and e.state in ('active', 'paused') and e.settings_version < $2 and l.playbook = $3
      and not e.id = any($4::uuid[])
    order by e.settings_version, e.person_id limit ${BATCH} for update of p, e skip locked`,
};

const STANDING = {
  name: 'cadence-move-standing',
  // messages_step
  text: `select id, enrolment_id as "enrolmentId", step_key as step, state, reason, attempt, template_key as template, trial from messages
    where enrolment_id = any($1::uuid[]) and step_key is not null`,
};

// rows that the statement above did not see as free are not touched; see `isBusy`
const LOCK = {
  name: 'cadence-move-lock',
  text: `select id from messages where enrolment_id = any($1::uuid[])
      and (state in ('scheduled', 'held') or state = 'cancelled' and reason = '${REPLANNED}') for update skip locked`,
};

const SET = {
  name: 'cadence-move-set',
  text: `update messages m set template_key = u.template, template_version = u.version, language = u.language,
      channel = u.channel, account_id = u.account_id, address_id = u.address_id, priority = u.priority, due_at = u.due_at,
      state = u.state, reason = u.reason, trial = u.trial
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::smallint[],
      $9::timestamptz[], $10::text[], $11::text[], $12::text[])
      as u(id, template, version, language, channel, account_id, address_id, priority, due_at, state, reason, trial)
    where m.id = u.id`,
};

const REWORD = {
  name: 'cadence-move-reword',
  text: `update messages m set template_version = u.version, trial = u.trial
    from unnest($1::uuid[], $2::text[], $3::text[]) as u(id, version, trial)
    where m.id = u.id and (m.template_version, m.trial) is distinct from (u.version, u.trial)`,
};

const ADD = {
  name: 'cadence-move-add',
  // messages_step: a step exists once
  text: `insert into messages (id, tenant_id, person_id, lead_id, enrolment_id, direction, purpose, step_key, template_key,
      template_version, language, channel, account_id, address_id, priority, due_at, state, reason, trial, created_at)
    select u.id, $1, e.person_id, e.lead_id, e.id, 'out', 'cadence', u.step, u.template, u.version, u.language, u.channel,
      u.account_id, u.address_id, u.priority, u.due_at, u.state, u.reason, u.trial, $2
    from unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::uuid[],
      $11::uuid[], $12::smallint[], $13::timestamptz[], $14::text[], $15::text[], $16::text[])
      as u(id, enrolment_id, step, template, version, language, channel, account_id, address_id, priority, due_at, state,
        reason, trial)
      join enrolments e on e.id = u.enrolment_id
    on conflict do nothing`,
};

const FINISH = {
  name: 'cadence-move-finish',
  text: `with over as (
      select e.id from enrolments e where e.id = any($1::uuid[]) and e.state = 'active' and not exists (
        select from messages m where m.enrolment_id = e.id
          and m.state in ('scheduled', 'claimed', 'sending', 'uncertain', 'held', 'unconfirmed'))),
    moved as (
      update enrolments e set settings_version = $2,
        state = case when e.id in (select id from over) then 'completed' else e.state end,
        ended_at = case when e.id in (select id from over) then $3 else e.ended_at end
      where e.id = any($1::uuid[]) returning e.id, e.tenant_id, e.person_id, e.lead_id)
    insert into events (tenant_id, type, at, actor, person_id, lead_id, data)
    select tenant_id, 'enrolment.ended', $3, 'system', person_id, lead_id, '${COMPLETED}'::jsonb
    from moved where id in (select id from over)`,
};

/** A step as it stands, with the wording that the person was given. */
type GivenStep = StandingStep & { template: string; trial: string | null };

interface Moved {
  running: Running;
  plan: Replan;
}

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
      band: running.band ?? undefined,
      consented: running.consented,
      // its turn is in `startedAt` already
      ...(running.brought && { bulk: { turn: 0, perHour: null } }),
      after: running.stage ?? undefined,
      before: new Map(standing.flatMap(({ step, template, trial }) => (trial ? [[step, template] as const] : []))),
    };
    const held = standing.find(({ state, reason }) => state === 'held' && PAUSES.has(reason ?? ''));
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
    const found = await tx.query<Running>(NEXT, [tx.tenantId, version, playbook.key, [...busy]]);
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
    await store(tx, moved, version);
    return found.length;
  }

  async function store(tx: Tx, moved: readonly Moved[], version: number): Promise<void> {
    if (moved.length === 0) return;
    const now = clock.now();
    const set = moved.flatMap(({ plan }) => plan.set);
    await tx.query(SET, [set.map(({ id }) => id), ...columnsOf(set)]);
    const reword = moved.flatMap(({ plan }) => plan.reword);
    await tx.query(REWORD, [
      reword.map(({ id }) => id),
      reword.map((each) => each.version),
      reword.map((each) => each.trial),
    ]);
    const add = moved.flatMap(({ running, plan }) => plan.add.map((row) => ({ row, enrolmentId: running.id })));
    const rows = add.map(({ row }) => row);
    await tx.query(ADD, [
      tx.tenantId,
      now,
      rows.map(({ id }) => id),
      add.map(({ enrolmentId }) => enrolmentId),
      rows.map(({ step }) => step),
      ...columnsOf(rows),
    ]);
    await tx.query(`update messages set state = 'cancelled', reason = '${REPLANNED}' where id = any($1::uuid[])`, [
      moved.flatMap(({ plan }) => plan.drop),
    ]);
    await append(
      tx,
      tx.tenantId,
      now,
      'system',
      moved.flatMap((each) => eventOf(each, version)),
    );
    await tx.query(FINISH, [moved.map(({ running }) => running.id), version, now]);
    await request(
      tx,
      tx.tenantId,
      moved.map(({ running }) => ({ kind: 'card.refresh' as const, key: running.leadId })),
    );
    await wake(tx, 'messages');
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

  return {
    move,
    async again(tx, personId) {
      const [running] = await tx.query<Running & { playbook: string }>(OF_PERSON, [personId]);
      if (!running) return;
      const standing = await tx.query<GivenStep>(STANDING, [[running.id]]);
      const free = new Set((await tx.query<{ id: MessageId }>(LOCK, [[running.id]])).map(({ id }) => id));
      // what is just leaving, or being changed, is as good as gone
      const left = standing.map((step) => (isBusy(step, free) ? { ...step, state: 'claimed' } : step));
      const settings = await tenants.at(tx.tenantId, running.version);
      const plan = await planOf(tx.tenantId, playbooks.get(running.playbook), settings, running, left, true);
      await store(tx, [{ running, plan }], running.version);
    },
    async handle({ tenantId, key, data }) {
      await move(tenantId, key, Number(data.version));
    },
  };
}

/** Why a paused follow-up waits (see `pause.ts`). */
const PAUSES = new Set(['paused', 'unsure', 'channel_opted_out']);

/** It is claimed, or somebody is changing it at this moment. */
const isBusy = ({ id, state }: StandingStep, free: ReadonlySet<MessageId>) =>
  state === 'claimed' || ((state === 'scheduled' || state === 'held') && !free.has(id));

const columnsOf = (rows: readonly PlannedRow[]) => [
  rows.map((row) => row.template),
  rows.map((row) => row.version),
  rows.map((row) => row.language),
  rows.map((row) => row.channel),
  rows.map((row) => row.accountId),
  rows.map((row) => row.addressId),
  rows.map((row) => row.priority),
  rows.map((row) => row.dueAt),
  rows.map((row) => row.state),
  rows.map((row) => row.reason),
  rows.map((row) => row.trial),
];

function eventOf({ running, plan }: Moved, version: number): NewEvent[] {
  const { set, add, drop } = plan;
  if (set.length + add.length + drop.length === 0) return [];
  const data = { version, moved: set.length, added: add.length, dropped: drop.length };
  return [{ type: 'enrolment.replanned', leadId: running.leadId, personId: running.person.id, data }];
}

/** Some were locked by others while we went through. */
async function isLeft(tx: Tx, playbook: string, version: number): Promise<boolean> {
  const [left] = await tx.query(
    // enrolments_running
    `select from enrolments e join leads l on l.id = e.lead_id where e.tenant_id = $1 and e.state in ('active', 'paused')
       and e.settings_version < $2 and l.playbook = $3 limit 1`,
    [tx.tenantId, version, playbook],
  );
  return left !== undefined;
}
