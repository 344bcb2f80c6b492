import type { Tx } from '../db/index.ts';
import { append, type NewEvent, request, wake } from '../events/index.ts';
import { AMENDED } from '../leads/index.ts';
import type { AddressId, EnrolmentId, LeadId, PersonId } from '../lib/ids.ts';
import type { PersonPlace } from '../people/index.ts';
import type { PlannedRow } from './enrol.ts';
import { REPLANNED, type Replan, type StandingStep } from './replan.ts';
import { COMPLETED } from './stop.ts';

/** A follow-up that may be planned anew, with whom it is for. */
export interface Running {
  id: EnrolmentId;
  leadId: LeadId;
  playbook: string;
  state: 'active' | 'paused';
  startedAt: Date;
  version: number;
  person: { id: PersonId; name: string; language: string; zone: string; place: PersonPlace };
  closed: string[];
  /** The stage that it follows. */
  stage: string | null;
  fields: Record<string, string>;
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
      l.source = 'import' as brought, l.playbook, l.fields,
      (select jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'value', a.value, 'unreachable', a.unreachable)
        order by a.created_at) from addresses a where a.person_id = p.id) as addresses
    from enrolments e join persons p on p.id = e.person_id join leads l on l.id = e.lead_id`;

/** The one that runs for a person (enrolments_one_active). */
export const OF_PERSON = {
  name: 'cadence-move-person',
  text: `${RUNNING} where e.person_id = $1 and e.state in ('active', 'paused') for update of e`,
};

/**
 * The one that had followed a lead's arrival and was over because nothing of it was left, where nobody has answered it and
 * nobody asked for silence. Its days count from the last time that somebody enquired.
 */
export const OVER = {
  name: 'cadence-move-over',
  // enrolments_lead, messages_person
  text: `select o.*, l.stage as "leadStage", greatest(o."startedAt", (select max(q.received_at) from enquiries q
      where q.lead_id = l.id and q.source not in ('${AMENDED}', 'import'))) as "enquiredAt"
    from (${RUNNING} where e.id = (select x.id from enrolments x where x.lead_id = $1 order by x.started_at desc, x.id desc limit 1)
      and e.state = 'completed' and e.stage is null and p.opted_out_at is null for update of e) o
    join leads l on l.id = o."leadId"
    where not exists (select from messages m where m.person_id = l.person_id and m.direction = 'in'
      and m.created_at >= l.captured_at)`,
};

/** It goes on, counted from another day. */
export const GO_ON = {
  name: 'cadence-move-go-on',
  text: `update enrolments set state = 'active', ended_at = null, started_at = $2 where id = $1`,
};

/*
 * The next follow-ups, locked as a stop locks them: person first. Whoever is being stopped, or whose message is being
 * recorded, is left to the next round, so nobody waits for anybody.
 */
export const NEXT = {
  name: 'cadence-move-next',
  // enrolments_running
  text: `${RUNNING}
    where e.tenant_id = $1 and e.state in ('active', 'paused') and e.settings_version < $2 and l.playbook = $3
      and not e.id = any($4::uuid[])
    order by e.settings_version, e.person_id limit $5 for update of p, e skip locked`,
};

export const STANDING = {
  name: 'cadence-move-standing',
  // messages_step
  text: `select id, enrolment_id as "enrolmentId", step_key as step, state, reason, attempt, template_key as template, trial from messages
    where enrolment_id = any($1::uuid[]) and step_key is not null`,
};

// rows that the statement above did not see as free are not touched; see `isBusy`
export const LOCK = {
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
      select e.id from enrolments e where e.id = any($1::uuid[]) and e.state in ('active', 'paused') and not exists (
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
export type GivenStep = StandingStep & { template: string; trial: string | null };

/** `begins`: the cadence of one that was over and goes on. */
export interface Moved {
  running: Running;
  plan: Replan;
  begins?: string;
}

/** Writes what follow-ups become, with what follows from it; `version` is that of the settings they go by from now on. */
export async function storePlans(tx: Tx, moved: readonly Moved[], version: number, now: Date): Promise<void> {
  if (moved.length === 0) return;
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

function eventOf({ running, plan, begins }: Moved, version: number): NewEvent[] {
  const { set, add, drop } = plan;
  const ids = { leadId: running.leadId, personId: running.person.id };
  if (begins !== undefined) {
    const steps = [...set, ...add].map(({ step }) => step);
    return [{ type: 'enrolment.started', ...ids, data: { cadence: begins, steps } }];
  }
  if (set.length + add.length + drop.length === 0) return [];
  const data = { version, moved: set.length, added: add.length, dropped: drop.length };
  return [{ type: 'enrolment.replanned', ...ids, data }];
}

/** Some were locked by others while we went through. */
export async function isLeft(tx: Tx, playbook: string, version: number): Promise<boolean> {
  const [left] = await tx.query(
    // enrolments_running
    `select from enrolments e join leads l on l.id = e.lead_id where e.tenant_id = $1 and e.state in ('active', 'paused')
       and e.settings_version < $2 and l.playbook = $3 limit 1`,
    [tx.tenantId, version, playbook],
  );
  return left !== undefined;
}
