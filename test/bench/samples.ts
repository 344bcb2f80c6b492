import type { LeadId, StaffId } from '../../src/lib/ids.ts';
import type { House } from './lab.ts';

/** A lead somewhere in the past, and what it is looked for by. */
export interface Sample {
  leadId: LeadId;
  ownerId: StaffId;
  name: string;
  phone: string;
  email: string | null;
  company: string;
  capturedAt: Date;
}

/** Leads from all over the past, the same ones each time. */
export async function readSamples({ db, tenant }: House, count: number): Promise<Sample[]> {
  return db.system.query<Sample>(
    `select l.id as "leadId", l.owner_id as "ownerId", p.name, l.fields ->> 'company' as company, l.captured_at as "capturedAt",
       (select value from addresses where person_id = p.id and kind = 'phone') as phone,
       (select value from addresses where person_id = p.id and kind = 'email') as email
     from (select count(*) as leads from leads where tenant_id = $1) c
       join leads l on l.tenant_id = $1 and l.source_key::int % greatest(1, c.leads / $2) = 0 join persons p on p.id = l.person_id
     order by hashint8(l.source_key::int) limit $2`,
    [tenant.id, count],
  );
}
