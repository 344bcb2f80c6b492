import type { Tx } from '../db/index.ts';
import type { CapturedLead } from '../leads/index.ts';
import type { EnrolmentId, LeadId, PersonId } from '../lib/ids.ts';
import { hasConsent, suppressedChannels } from '../people/index.ts';

/** Somebody who may be followed up, as they stand. */
export interface Whom {
  person: CapturedLead['person'];
  addresses: CapturedLead['addresses'];
  suppressed: string[];
  /** They asked not to be written to. */
  silent: boolean;
  /** They agreed to be followed up. */
  agreed: boolean;
  running: Running | null;
}

/** `stage`: the one whose entry it follows; null: it follows the lead's arrival. */
interface Running {
  id: EnrolmentId;
  leadId: LeadId;
  state: 'active' | 'paused';
  stage: string | null;
}

interface Row {
  id: PersonId;
  name: string;
  language: string;
  zone: string;
  place: CapturedLead['person']['place'];
  optedOutAt: Date | null;
  optedOutChannels: string[];
  running: Running | null;
}

/** Reads a person whose row the caller has locked. `suppressionKey` is the tenant's. */
export async function readWhom(tx: Tx, personId: PersonId, suppressionKey: Buffer): Promise<Whom> {
  const [row] = await tx.query<Row>(
    // enrolments_one_active
    `select p.id, p.name, p.language, p.zone, p.place, p.opted_out_at as "optedOutAt",
       p.opted_out_channels as "optedOutChannels",
       (select jsonb_build_object('id', e.id, 'leadId', e.lead_id, 'state', e.state, 'stage', e.stage) from enrolments e
         where e.person_id = p.id and e.state in ('active', 'paused')) as running
     from persons p where p.id = $1`,
    [personId],
  );
  if (!row) throw new Error('the person vanished while locked');
  const addresses = await tx.query<CapturedLead['addresses'][number]>(
    'select id, kind, value, unreachable from addresses where person_id = $1 order by created_at',
    [personId],
  );
  const suppressed = await suppressedChannels(tx, suppressionKey, addresses);
  const { optedOutAt, optedOutChannels, running, ...person } = row;
  return {
    person,
    addresses,
    suppressed: [...suppressed, ...optedOutChannels],
    silent: optedOutAt !== null || suppressed.includes('all'),
    agreed: await hasConsent(tx, personId),
    running,
  };
}
