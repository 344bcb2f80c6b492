import { setImmediate as breathe } from 'node:timers/promises';
import type { Tx } from '../../db/index.ts';
import type { PersonId } from '../../lib/ids.ts';
import { type NewAddress, suppressionHash } from '../../people/index.ts';
import type { Playbook } from '../../tenants/index.ts';
import type { Checked } from '../enquiry.ts';
import { checkRow, type Source } from './read-row.ts';
import type { Preview, RowProblem, StoredRow } from './types.ts';

type Contact = Pick<NewAddress, 'kind' | 'value'>;

/** Rows that are right, with their addresses. */
interface Right {
  row: StoredRow;
  addresses: Contact[];
  planned: boolean;
}

/** Rows checked between two looks at what else there is to do. */
const AT_ONCE = 200;

const keyOf = ({ kind, value }: Contact) => `${kind}:${value}`;

export const contactsOf = ({ phone, email }: Pick<Checked, 'phone' | 'email'>): Contact[] => [
  ...(phone ? [{ kind: 'phone' as const, value: phone.e164 }] : []),
  ...(email ? [{ kind: 'email' as const, value: email }] : []),
];

/** Checks every row; others are let in between. */
export async function checkRows(
  source: Source,
  playbook: Playbook,
  country: string,
  rows: readonly StoredRow[],
): Promise<{ right: Right[]; problems: RowProblem[]; refused: number }> {
  const right: Right[] = [];
  const problems: RowProblem[] = [];
  let refused = 0;
  for (const [index, row] of rows.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await breathe();
    const read = checkRow(source, playbook, country, row);
    if ('problems' in read) {
      problems.push(...read.problems);
      refused++;
    } else right.push({ row, addresses: contactsOf(read.checked), planned: read.input.consentGiven });
  }
  return { right, problems, refused };
}

interface Found {
  personId: PersonId;
  silent: boolean;
  open: boolean;
  active: boolean;
}

/** What would become of the rows that are right, as things stand now: a form may send one of these people meanwhile. */
export async function foresee(
  tx: Tx,
  right: readonly Right[],
  about: { playbook: string; stages: readonly string[]; suppressionKey: Buffer; source: Source },
): Promise<Pick<Preview, 'fresh' | 'merged' | 'planned'> & { refusals: RowProblem[] }> {
  const contacts = right.flatMap(({ addresses }) => addresses);
  const known = await whoIs(tx, contacts, about.playbook, about.stages);
  const closed = await closedTo(tx, contacts, about.suppressionKey);
  const here = new Set<string>();
  const result = { fresh: 0, merged: 0, planned: 0, refusals: [] as RowProblem[] };
  for (const { row, addresses, planned } of right) {
    const keys = addresses.map(keyOf);
    const persons = keys.flatMap((key) => known.get(key) ?? []);
    if (keys.some((key) => closed.has(key)) || persons.some(({ silent }) => silent)) {
      result.refusals.push(refusal(about.source, row));
    } else if (keys.some((key) => here.has(key)) || persons.some(({ open }) => open)) {
      result.merged++;
    } else {
      result.fresh++;
      if (planned && !persons.some(({ active }) => active)) result.planned++;
    }
    if (result.refusals.at(-1)?.place !== row.place) for (const key of keys) here.add(key);
  }
  return result;
}

/** They asked for silence, or were forgotten for good. In words that name nobody. */
export const refusal = ({ about }: Pick<Source, 'about'>, row: StoredRow): RowProblem => {
  const index = about.targets.findIndex((target) => target === 'phone' || target === 'email');
  return {
    place: row.place,
    heading: about.headings[index] ?? '',
    message: 'They asked not to be written to, so they are not brought in.',
    value: row.cells[index] ?? '',
  };
};

async function whoIs(
  tx: Tx,
  contacts: readonly Contact[],
  playbook: string,
  stages: readonly string[],
): Promise<Map<string, Found>> {
  const rows = await tx.query<Found & Contact>(
    // addresses: unique by tenant, kind and value; leads_person; enrolments_one_active
    `select a.kind, a.value, p.id as "personId", p.opted_out_at is not null as silent,
       exists (select from leads l where l.person_id = p.id and l.playbook = $4 and l.stage = any($5::text[])) as open,
       exists (select from enrolments e where e.person_id = p.id and e.state in ('active', 'paused')) as active
     from unnest($2::text[], $3::text[]) as u(kind, value)
       join addresses a on a.tenant_id = $1 and a.kind = u.kind and a.value = u.value
       join persons p on p.id = a.person_id`,
    [tx.tenantId, contacts.map(({ kind }) => kind), contacts.map(({ value }) => value), playbook, stages],
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}

async function closedTo(tx: Tx, contacts: readonly Contact[], key: Buffer): Promise<Set<string>> {
  const hashes = new Map(contacts.map((contact) => [suppressionHash(key, contact).toString('hex'), keyOf(contact)]));
  const rows = await tx.query<{ hash: Buffer }>(
    `select address_hash as hash from suppressions where tenant_id = $1 and channel = 'all' and address_hash = any($2::bytea[])`,
    [tx.tenantId, [...hashes.keys()].map((hash) => Buffer.from(hash, 'hex'))],
  );
  return new Set(rows.flatMap(({ hash }) => hashes.get(hash.toString('hex')) ?? []));
}

/** The rows of a sheet with their turns. */
export const inTurn = (rows: readonly { place: number; cells: string[] }[]): StoredRow[] =>
  rows.map((row, turn) => ({ ...row, turn }));
