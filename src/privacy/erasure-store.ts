import type { Tx } from '../db/index.ts';
import type { PersonId, StaffId } from '../lib/ids.ts';

export type ErasureState = 'asked' | 'approved' | 'refused' | 'done';

interface Colleague {
  id: StaffId;
  name: string;
  slackUserId: string;
}

export interface Erasure {
  id: string;
  personId: PersonId;
  /** The customer's name; `Erased person` once it is done. */
  customer: string;
  /** Where they are, which says whose deadline counts. */
  place: { country?: string; sure: boolean };
  state: ErasureState;
  askedBy: Colleague;
  askedAt: Date;
  decidedBy: Colleague | null;
  doneAt: Date | null;
  /** How much of what was removed, by name. */
  removed: Record<string, number> | null;
}

const ERASURE = `select e.id, e.person_id as "personId", p.name as customer, p.place, e.state, e.asked_at as "askedAt",
    e.done_at as "doneAt", e.removed,
    jsonb_build_object('id', a.id, 'name', a.name, 'slackUserId', a.slack_user_id) as "askedBy",
    case when d.id is not null then jsonb_build_object('id', d.id, 'name', d.name, 'slackUserId', d.slack_user_id) end
      as "decidedBy"
  from erasures e join persons p on p.id = e.person_id join staff a on a.id = e.asked_by
    left join staff d on d.id = e.decided_by`;

/** `lock` keeps others from deciding it meanwhile. */
export async function findErasure(tx: Tx, id: string, lock?: 'lock'): Promise<Erasure | undefined> {
  if (lock) await tx.query('select from erasures where id = $1 for update', [id]);
  const [erasure] = await tx.query<Erasure>(`${ERASURE} where e.id = $1`, [id]);
  return erasure;
}

/** Newest first (erasures_tenant). */
export async function recentErasures(tx: Tx, limit: number): Promise<Erasure[]> {
  return tx.query<Erasure>(`${ERASURE} where e.tenant_id = $1 order by e.asked_at desc limit $2`, [tx.tenantId, limit]);
}

/** False when an erasure of this person is open already. */
export async function insertErasure(
  tx: Tx,
  erasure: { id: string; personId: PersonId; askedBy: StaffId; now: Date },
): Promise<boolean> {
  const stored = await tx.query(
    `insert into erasures (id, tenant_id, person_id, state, asked_by, asked_at) values ($1, $2, $3, 'asked', $4, $5)
     on conflict (person_id) where state in ('asked', 'approved') do nothing returning id`,
    [erasure.id, tx.tenantId, erasure.personId, erasure.askedBy, erasure.now],
  );
  return stored.length > 0;
}

/** What is held of a person, in numbers. */
export interface Survey {
  name: string;
  addresses: number;
  leads: number;
  messages: number;
  planned: number;
  files: number;
  photos: number;
  appointments: number;
  /** Of these, still to come. */
  coming: number;
  drafts: number;
  /** The agent has noted something. */
  notes: boolean;
}

/** Undefined for nobody, and for somebody who was erased. */
export async function surveyOf(tx: Tx, personId: PersonId, now: Date): Promise<Survey | undefined> {
  const [survey] = await tx.query<Survey>(
    // addresses_person, leads_person, messages_person, assets_lead
    `select p.name,
       (select count(*) from addresses a where a.person_id = p.id) as addresses,
       (select count(*) from leads l where l.person_id = p.id) as leads,
       (select count(*) from messages m where m.person_id = p.id and m.body is not null) as messages,
       (select count(*) from messages m where m.person_id = p.id and m.state in ('scheduled', 'claimed', 'held')) as planned,
       (select count(*) from media g join messages m on m.id = g.message_id where m.person_id = p.id) as files,
       (select count(*) from assets f join leads l on l.id = f.lead_id where l.person_id = p.id) as photos,
       (select count(*) from bookings b where b.person_id = p.id) as appointments,
       (select count(*) from bookings b where b.person_id = p.id and b.state = 'booked' and b.starts_at > $2) as coming,
       (select count(*) from drafts d where d.person_id = p.id) as drafts,
       exists (select from leads l where l.person_id = p.id and l.notes is not null) as notes
     from persons p where p.id = $1 and p.erased_at is null`,
    [personId, now],
  );
  return survey;
}
