import { StartAgain, type Tx } from '../db/index.ts';
import { type FieldProblem, KnownError, validationError } from '../lib/errors.ts';
import { newId, type PersonId } from '../lib/ids.ts';
import { asksForSilence, lockByAddress, suppressedChannels } from '../people/index.ts';
import type { Playbook } from '../tenants/index.ts';
import { readMailbox, readName } from './enquiry.ts';

/** What is known of the person behind a lead; what is not named stays. Their number is changed by `Correction`. */
export interface PersonAmendment {
  name?: string | undefined;
  email?: string | undefined;
  /** ISO 639-1, one of the playbook's. */
  language?: string | undefined;
}

export interface PersonChanges {
  name?: string;
  email?: string;
  language?: string;
}

/** Reads what was entered. Pure. Throws a validation error at `name`, `email`, `language`. */
export function readPerson(playbook: Pick<Playbook, 'languages'>, entered: PersonAmendment): PersonChanges {
  const problems: FieldProblem[] = [];
  const changes: PersonChanges = {};
  if (entered.name !== undefined) {
    const name = readName(entered.name);
    if ('problem' in name) problems.push({ field: 'name', message: name.problem });
    else changes.name = name.value;
  }
  if (entered.email !== undefined) {
    const email = readMailbox(entered.email);
    if ('problem' in email) problems.push({ field: 'email', message: email.problem });
    else changes.email = email.value;
  }
  if (entered.language !== undefined) {
    if (playbook.languages.includes(entered.language)) changes.language = entered.language;
    else problems.push({ field: 'language', message: `Choose one of ${playbook.languages.join(', ')}.` });
  }
  if (problems.length > 0) throw validationError(problems);
  return changes;
}

/*
 * A mailbox that nothing was sent to goes; one that knows of us stays on record, and is not written to any more. $3 is the
 * one that takes its place.
 */
const LEAVE_MAILBOXES = `with old as (
    select a.id, exists (select from messages m where m.person_id = $1 and m.address_id = a.id and m.attempt > 0) as known
    from addresses a where a.person_id = $1 and a.kind = 'email' and a.value <> $2),
  moved as (
    update messages set address_id = $3 where id = any(array(select m.id from old join messages m on m.address_id = old.id
      where m.person_id = $1 and m.state in ('scheduled', 'held') order by m.id for update of m))),
  closed as (
    update addresses a set unreachable = array['email'] from old where a.id = old.id and old.known)
  delete from addresses a using old where a.id = old.id and not old.known`;

/**
 * Changes a locked person. Returns the keys of what is another now. Throws a validation error at `email` for somebody
 * else's mailbox, `opted_out` for one that must not be written to.
 */
export async function amendPerson(
  tx: Tx,
  personId: PersonId,
  changes: PersonChanges,
  { suppressionKey, now }: { suppressionKey: Buffer; now: Date },
): Promise<string[]> {
  const changed: string[] = [];
  for (const key of ['name', 'language'] as const) {
    if (changes[key] === undefined) continue;
    const rows = await tx.query(`update persons set ${key} = $2 where id = $1 and ${key} <> $2 returning id`, [
      personId,
      changes[key],
    ]);
    if (rows.length > 0) changed.push(key);
  }
  if (changes.email !== undefined && (await amendMailbox(tx, personId, changes.email, suppressionKey, now))) {
    changed.push('email');
  }
  return changed;
}

async function amendMailbox(tx: Tx, personId: PersonId, value: string, key: Buffer, now: Date): Promise<boolean> {
  const address = { kind: 'email', value } as const;
  const holder = await lockByAddress(tx, [address]);
  if (holder && holder.id !== personId) {
    throw validationError([
      { field: 'email', message: 'That address belongs to another customer already. Look for it with /lead.' },
    ]);
  }
  if (asksForSilence('email', await suppressedChannels(tx, key, [address]))) {
    const words = 'That address must not be written to: whoever has it asked for silence.';
    throw new KnownError('opted_out', 'address is suppressed', words);
  }
  const known = holder?.addresses.find((each) => each.kind === 'email' && each.value === value);
  const usable = known !== undefined && !known.unreachable.includes('email');
  const others = holder?.addresses.some((each) => each.kind === 'email' && each.value !== value) ?? true;
  if (usable && !others) return false;
  const id = known?.id ?? newId();
  if (known) await tx.query(`update addresses set unreachable = '{}' where id = $1`, [id]);
  else {
    const added = await tx.query(
      `insert into addresses (id, tenant_id, person_id, kind, value, created_at) values ($1, $2, $3, 'email', $4, $5)
       on conflict (tenant_id, kind, value) do nothing returning id`,
      [id, tx.tenantId, personId, value, now],
    );
    if (added.length === 0) throw new StartAgain(); // somebody was given it at this moment: the next look finds them
  }
  await tx.query(LEAVE_MAILBOXES, [personId, value, id]);
  return true;
}
