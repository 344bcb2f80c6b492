import pg from 'pg';
import type { Sql } from '../../../src/db/index.ts';
import type { TestDatabase } from '../database.ts';

/*
 * Every change of state in the database, written down by the database itself, and which ones there may be: the states of a
 * message, an attempt and a follow-up as their machines are drawn, not as any statement of the product has them.
 */

const WATCHED = ['messages', 'sends', 'enrolments'] as const;
type Watched = (typeof WATCHED)[number];

const DELIVERED = ['sent', 'delivered', 'read'];

const MAY: Readonly<Record<Watched, Readonly<Record<string, readonly string[]>>>> = {
  messages: {
    scheduled: ['claimed', 'held', 'cancelled', ...DELIVERED],
    claimed: ['scheduled', 'sending', 'held', 'cancelled', 'skipped', 'failed', ...DELIVERED],
    sending: ['uncertain', 'unconfirmed', 'scheduled', 'held', 'cancelled', 'failed', ...DELIVERED],
    uncertain: ['unconfirmed', 'scheduled', 'held', 'cancelled', 'failed', ...DELIVERED],
    unconfirmed: ['uncertain', 'scheduled', 'held', 'cancelled', 'failed', ...DELIVERED],
    held: ['scheduled', 'cancelled', ...DELIVERED],
    sent: ['delivered', 'read', 'failed', 'scheduled', 'held'],
    delivered: ['read'],
    failed: ['scheduled', ...DELIVERED],
    cancelled: [...DELIVERED],
  },
  sends: {
    sending: ['accepted', 'not_sent', 'uncertain', 'unconfirmed'],
    uncertain: ['accepted', 'not_sent', 'unconfirmed'],
    unconfirmed: ['accepted', 'not_sent', 'uncertain'],
    not_sent: ['accepted'],
    accepted: ['not_sent'],
  },
  enrolments: {
    active: ['paused', 'replied', 'opted_out', 'converted', 'closed', 'completed'],
    paused: ['active', 'replied', 'opted_out', 'converted', 'closed', 'completed'],
  },
};

/** From now on the database of these settings writes down every change of state. */
export async function watchMoves(settings: TestDatabase['settings']): Promise<void> {
  const owner = new pg.Client({ ...settings, user: 'postgres' });
  await owner.connect();
  await owner.query(`
    create schema watched;
    create table watched.moves (id bigint generated always as identity, of text, message uuid, person uuid, was text, is_now text);
    create index on watched.moves (person);
    create function watched.move() returns trigger language plpgsql security definer as $$
      begin
        if tg_table_name = 'sends' then
          insert into watched.moves (of, message, was, is_now) values (tg_table_name, new.message_id, old.state, new.state);
        else
          insert into watched.moves (of, message, person, was, is_now)
            values (tg_table_name, new.id, new.person_id, old.state, new.state);
        end if;
        return null;
      end $$;
    ${WATCHED.map(
      (table) => `create trigger watched after update of state on ${table} for each row
        when (old.state is distinct from new.state) execute function watched.move();`,
    ).join('\n')}
    grant usage on schema watched to leadrescue_system;
    grant select on watched.moves to leadrescue_system;`);
  await owner.end();
}

/** Changes of state that no machine has, of these people. */
export async function forbiddenMoves(sql: Sql, phones: readonly string[]): Promise<string[]> {
  const moves = await sql.query<{ of: Watched; was: string; isNow: string; message: string }>(
    `with people as (select person_id as id from addresses where value = any($1::text[]))
     select distinct v.of, v.was, v.is_now as "isNow", v.message from watched.moves v
     where v.person in (select id from people)
       or v.message in (select m.id from messages m where m.person_id in (select id from people))`,
    [phones],
  );
  return moves.flatMap(({ of, was, isNow, message }) =>
    MAY[of][was]?.includes(isNow) ? [] : [`${of}: ${message} went from ${was} to ${isNow}`],
  );
}
