import type { Database } from '../db/index.ts';
import { request } from '../events/index.ts';
import { currentLead } from '../leads/index.ts';
import type { PersonId, TenantId } from '../lib/ids.ts';
import { lockPerson, recordConsent } from '../people/index.ts';
import type { HttpDeps } from './deps.ts';
import { wayBackWords } from './pages/index.ts';

/** The person behind an opt-out link. */
export interface Recipient {
  personId: PersonId;
  tenantId: TenantId;
  language: string;
  optedOut: boolean;
}

/** Finds a person whose tenant is not known yet (the link names nobody else), so: across tenants. */
export async function findRecipient(db: Database, personId: PersonId): Promise<Recipient | undefined> {
  const [row] = await db.system.query<Recipient>(
    {
      name: 'recipient-find',
      text: `select id as "personId", tenant_id as "tenantId", language, opted_out_at is not null as "optedOut"
        from persons where id = $1`,
    },
    [personId],
  );
  return row;
}

/** The link says nothing of the channel it came by, and the page promises all of them. */
const CHANNELS = ['whatsapp', 'sms', 'email'] as const;

/**
 * Opens the channels again because the person pressed the way back on our page; those words are the proof. Pressed
 * twice it counts once. False when the person is not there any more.
 */
export async function reopenByLink(
  deps: Pick<HttpDeps, 'db' | 'clock' | 'tenants' | 'optOuts'>,
  { personId, tenantId, language }: Recipient,
): Promise<boolean> {
  const tenant = await deps.tenants.byId(tenantId);
  return deps.db.inTenant(tenantId, async (tx) => {
    if (!(await lockPerson(tx, personId))) return false;
    const opened: (typeof CHANNELS)[number][] = [];
    for (const channel of CHANNELS) {
      if (await deps.optOuts.reopen(tx, personId, channel, 'link')) opened.push(channel);
    }
    if (opened.length === 0) return true;

    const now = deps.clock.now();
    const lead = await currentLead(tx, personId);
    const words = wayBackWords(language, tenant.name);
    const proof = {
      channels: [...opened],
      ...words,
      textVersion: 'opt-out-page-start',
      source: 'link',
      recordedBy: null,
    };
    await recordConsent(tx, personId, lead?.id ?? null, proof, now);
    if (lead) {
      const data = { leadId: lead.id, messageId: null, what: 'opted_in', by: 'link' };
      await request(tx, tenantId, [{ kind: 'staff.tell', key: `opted_in/${personId}/${now.getTime()}`, data }]);
    }
    return true;
  });
}
