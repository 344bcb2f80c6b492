import { allLogs, createSealing, newSigningKey, readSigningKey, verifyDatabase } from '../../../src/audit/index.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { violations } from '../checker.ts';
import { settled } from '../settled.ts';
import type { Play } from './acts.ts';
import { forbiddenMoves } from './moves.ts';

interface LeadRow {
  phone: string;
  stage: string;
  reached: boolean;
  out: Date | null;
}

const LEADS = `select a.value as phone, l.stage, p.opted_out_at as out, exists (select from messages m
      where m.lead_id = l.id and m.purpose = 'cadence' and m.state in ('sent', 'delivered', 'read')) as reached
    from leads l join persons p on p.id = l.person_id join addresses a on a.person_id = p.id where a.value = any($1::text[])`;

const PARKED = `select kind, attempts, error from effects where parked_at is not null`;
const WEBHOOKS = `select state, error from webhook_log where state = 'parked'`;

/** Everything that is not as it must be when a schedule is over, one line each; empty when all is well. */
export async function wrongAfter({ stage, people, acknowledged }: Play): Promise<string[]> {
  const sql = stage.database.db.system;
  const phones = people.map(({ phone }) => phone);
  const { journal } = stage.twilio;
  const leads = await sql.query<LeadRow>(LEADS, [phones]);
  const parked = await sql.query<{ kind: string; attempts: number; error: string }>(PARKED);
  const webhooks = await sql.query<{ error: string }>(WEBHOOKS);
  return [
    ...(await violations({
      sql,
      journal,
      now: stage.clock.now(),
      acknowledged,
      // a gateway that cannot be asked, and a worker that is frozen for minutes, leave it to people
      unconfirmed: Number.POSITIVE_INFINITY,
      refuses: true,
      phones,
      passed: stage.passed,
    })),
    ...(await forbiddenMoves(sql, phones)),
    ...leads.flatMap(({ phone, stage: at, reached }) =>
      reached && at === 'new' ? [`${phone}: a message has left, and the lead is still new`] : [],
    ),
    ...acknowledged.flatMap(({ phone, until }) =>
      until === undefined && leads.some((lead) => lead.phone === phone && lead.out === null)
        ? [`${phone}: a stop was acknowledged and is not kept`]
        : [],
    ),
    ...parked.map(({ kind, attempts, error }) => `effect ${kind} is parked after ${attempts} attempts: ${error}`),
    ...webhooks.map(({ error }) => `a webhook is parked: ${error}`),
    ...cards(phones, stage.slack),
    ...stage.slack.violations.map((violation) => `Slack: ${JSON.stringify(violation)}`),
    ...stage.twilio.journal.violations.map(({ where, code, detail }) => `gateway: ${where} ${code} ${detail}`),
  ];
}

/** Each lead has one card, whoever died while it was posted. */
function cards(phones: readonly string[], slack: Play['stage']['slack']): string[] {
  const roots = slack
    .channels()
    .flatMap(({ id }) => slack.messages(id))
    .filter(({ thread_ts, ts }) => !thread_ts || thread_ts === ts);
  return phones.flatMap((phone) => {
    const mine = roots
      .filter(({ metadata }) => metadata !== undefined)
      .filter((root) => JSON.stringify(root.blocks).includes(`Person ${phone.slice(-5)}`));
    return mine.length === 1 ? [] : [`${phone}: ${mine.length} cards in Slack`];
  });
}

/** What shows only over many schedules: deadlocks, a log that does not verify. */
export async function wrongWithStage({ database, clock }: Play['stage']): Promise<string[]> {
  const { db } = database;
  const key = readSigningKey(newSigningKey());
  const sealing = createSealing({ db, clock, log: createLogger('silent'), key });
  await settled(db);
  await sealing.run();
  const [{ deadlocks } = { deadlocks: 0 }] = await db.system.query<{ deadlocks: number }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  const wrong = deadlocks > 0 ? [`${deadlocks} deadlocks`] : [];
  await verifyDatabase(db, await allLogs(db.system), { keys: key.trusted, witnesses: [] }, ({ findings }) => {
    for (const finding of findings) wrong.push(`the log: ${JSON.stringify(finding)}`);
  });
  return wrong;
}

const FACTS = `select concat_ws(' ', coalesce(m.step_key, m.purpose), m.id, m.state, m.reason, 'due', m.due_at, 'follow-up', e.state,
    'attempts', (select json_agg(json_build_array(s.attempt, s.state, s.code, s.status, s.worker)) from sends s where s.message_id = m.id),
    'moves', (select string_agg(concat(v.of, ' ', v.was, '>', v.is_now), ', ' order by v.id) from watched.moves v where v.message = m.id)
    ) as line
  from messages m join addresses a on a.person_id = m.person_id and a.value = any($1::text[])
    left join enrolments e on e.id = m.enrolment_id order by a.value, m.due_at`;

/** What the database knows of these people, for whoever reads a failure. */
export async function factsOf({ stage, people }: Play): Promise<string[]> {
  const phones = people.map(({ phone }) => phone);
  const rows = await stage.database.db.system.query<{ line: string }>(FACTS, [phones]);
  const events = await stage.database.db.system.query<{ line: string }>(
    `select concat_ws(' ', v.id, v.at, v.type, v.actor, v.message_id, v.data) as line from events v join addresses a on a.person_id = v.person_id
       and a.value = any($1::text[]) order by v.id`,
    [phones],
  );
  return [...rows, ...events].map(({ line }) => line);
}
