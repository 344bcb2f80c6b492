import type { Sql } from '../../src/db/index.ts';
import { newId } from '../../src/lib/ids.ts';
import { candidateZones } from '../../src/people/index.ts';
import type { House } from './lab.ts';

/*
 * Fills a tenant by `insert … select`: persons with a phone number, a consent, a lead and an enrolment each, and steps of
 * the test drive. Rows lie in the order of capture, as they would.
 */

const DAY_MS = 86_400_000;
const STEPS = [
  { key: 'day_0', day: 0, template: 'drive_thanks', priority: 1 },
  { key: 'day_2', day: 2, template: 'drive_follow_up_1', priority: 2 },
  { key: 'day_7', day: 7, template: 'drive_follow_up_2', priority: 2 },
  { key: 'day_14', day: 14, template: 'drive_follow_up_3', priority: 2 },
] as const;

export interface Backlog {
  /**
   * Adds people with one message due now, `count` in all: a quarter each at the first, second, third and last step,
   * the earlier ones sent on their days, the later ones planned for theirs. Returns how many people there were before.
   */
  addDue(count: number): Promise<number>;
  /** Adds people with all four steps planned from tomorrow on: `count` messages. Returns as `addDue` does. */
  addPlanned(count: number): Promise<number>;
}

/** The phone number of the n-th person, from 0. */
export const phoneOf = (person: number) => `+467${String(person).padStart(8, '0')}`;

interface Cohort {
  people: number;
  capturedAt: Date;
  /** The steps that have left, and those that are planned. */
  sent: readonly (typeof STEPS)[number][];
  planned: readonly (typeof STEPS)[number][];
}

export async function createBacklog(house: House): Promise<Backlog> {
  const { db, tenant, clock } = house;
  const staffId = newId();
  await db.system.query(
    `insert into staff (id, tenant_id, slack_user_id, name, role, created_at, checked_at)
     values ($1, $2, 'U0BENCH', 'Sofia Lind', 'salesperson', $3, $3)`,
    [staffId, tenant.id, clock.now()],
  );
  const [account] = await db.system.query<{ id: string }>('select id from accounts');
  let persons = 0;

  async function add(cohort: Cohort): Promise<void> {
    const { people, capturedAt, sent, planned } = cohort;
    if (people === 0) return;
    await db.system.transaction(async (sql) => {
      await addPeople(sql, people, persons, [tenant.id, staffId, capturedAt]);
      for (const step of [...sent, ...planned]) {
        const dueAt = new Date(capturedAt.getTime() + step.day * DAY_MS);
        await addMessages(sql, step, sent.includes(step), [tenant.id, account?.id, capturedAt, dueAt]);
      }
      await sql.query('drop table cohort');
    });
    persons += people;
  }
  return {
    async addDue(count) {
      const before = persons;
      for (const [next, step] of STEPS.entries()) {
        const capturedAt = new Date(clock.now().getTime() - step.day * DAY_MS - 1000);
        const people = Math.floor((count + STEPS.length - 1 - next) / STEPS.length);
        await add({ people, capturedAt, sent: STEPS.slice(0, next), planned: STEPS.slice(next) });
      }
      return before;
    },
    async addPlanned(count) {
      const before = persons;
      const capturedAt = new Date(clock.now().getTime() + DAY_MS);
      await add({ people: Math.ceil(count / STEPS.length), capturedAt, sent: [], planned: STEPS });
      return before;
    },
  };
}

async function addPeople(sql: Sql, people: number, start: number, common: [string, string, Date]): Promise<void> {
  await sql.query(`create temp table cohort as
    select n, uuidv7() as person_id, uuidv7() as address_id, uuidv7() as lead_id, uuidv7() as enrolment_id
    from generate_series(${start}, ${start + people - 1}) as n`);
  const place = JSON.stringify(candidateZones({ phone: phoneOf(0), country: 'SE' }));
  const [tenantId, staffId, at] = common;
  await sql.query(
    `insert into persons (id, tenant_id, name, language, zone, place, created_at)
     select person_id, $1, 'Anna Karlsson', 'en', 'Europe/Stockholm', $2, $3 from cohort order by n`,
    [tenantId, place, at],
  );
  await sql.query(
    `insert into addresses (id, tenant_id, person_id, kind, value, created_at)
     select address_id, $1, person_id, 'phone', '+467' || lpad(n::text, 8, '0'), $2 from cohort order by n`,
    [tenantId, at],
  );
  await sql.query(
    `insert into leads (id, tenant_id, person_id, playbook, stage, fields, owner_id, source, source_key, captured_at, stage_at)
     select lead_id, $1, person_id, 'test-drive', 'new', '{"car": "BMW X5"}', $2, 'slack', n::text, $3, $3
     from cohort order by n`,
    [tenantId, staffId, at],
  );
  await sql.query(
    `insert into consents (id, tenant_id, person_id, lead_id, channels, text, text_version, language, source, given_at)
     select uuidv7(), $1, person_id, lead_id, '{whatsapp,sms,email}', 'I agree', 'test-drive-1', 'en', 'slack', $2
     from cohort order by n`,
    [tenantId, at],
  );
  await sql.query(
    `insert into enrolments (id, tenant_id, person_id, lead_id, cadence, state, started_at)
     select enrolment_id, $1, person_id, lead_id, 'test-drive-14', 'active', $2 from cohort order by n`,
    [tenantId, at],
  );
}

async function addMessages(
  sql: Sql,
  step: (typeof STEPS)[number],
  sent: boolean,
  [tenantId, accountId, at, dueAt]: [string, string | undefined, Date, Date],
): Promise<void> {
  await sql.query(
    `insert into messages (id, tenant_id, person_id, lead_id, enrolment_id, direction, purpose, step_key, template_key,
       language, channel, account_id, address_id, priority, due_at, state, attempt, body, created_at, sent_at)
     select uuidv7(), $1, person_id, lead_id, enrolment_id, 'out', 'cadence', $5, $6, 'en', 'sms', $2, address_id, $7, $4::timestamptz,
       case when $8 then 'delivered' else 'scheduled' end, $8::int, case when $8 then decode(repeat('5a', 400), 'hex') end,
       $3, case when $8 then $4::timestamptz end
     from cohort order by n`,
    [tenantId, accountId, at, dueAt, step.key, step.template, step.priority, sent],
  );
  if (!sent) return;
  await sql.query(
    `insert into sends (message_id, attempt, tenant_id, account_id, address_id, channel, state, gateway_id, worker,
       started_at, check_at)
     select id, 1, tenant_id, account_id, address_id, channel, 'accepted', 'SM' || replace(id::text, '-', ''), 1, sent_at, sent_at
     from messages where enrolment_id in (select enrolment_id from cohort) and step_key = $1`,
    [step.key],
  );
}
