import type { Tx } from '../../db/index.ts';
import type { NewEffect, NewEvent } from '../../events/index.ts';
import type { Playbooks, Settings, Tenant } from '../../tenants/index.ts';
import { addressOf } from '../address-sql.ts';
import { enquiriesOf } from '../enquiries.ts';
import { enrich } from '../enrich/index.ts';
import type { FollowUp } from '../follow-up.ts';
import { changedFields, foldEnquiries } from '../merge.ts';
import { renumber } from '../renumber.ts';
import { keepScore } from '../score/store.ts';
import { SOURCE, versionOf } from './read-row.ts';
import type { DoneRow } from './store.ts';

export interface Around {
  playbooks: Playbooks;
  followUp: Pick<FollowUp, 'again'>;
  tenant: Tenant;
  settings: Settings;
  dataKey: Buffer;
  importId: string;
  now: Date;
}

/** Addresses that came with a row and that nothing was ever sent to, or came from. */
const DROP_ADDRESSES = `with free as (
    delete from addresses a where a.id = any($1::uuid[])
      and not exists (select from messages m where m.person_id = a.person_id and m.address_id = a.id and m.attempt > 0)
      and not exists (select from service_windows w where w.address_id = a.id) returning a.id)
  update messages m set address_id = null, account_id = null, state = 'held', reason = 'no_address'
  where m.person_id = $2 and m.address_id in (select id from free) and m.state in ('scheduled', 'claimed', 'held')`;

const MOVE_BACK = `update persons set zone = $2, place = $3 where id = $1 and zone = $4 and place = $5::jsonb`;

/**
 * Takes back what a row changed of a locked person: addresses that it brought, and where it put them, unless they have
 * moved on since.
 */
export async function restorePerson(tx: Tx, { personId, before }: Pick<DoneRow, 'personId' | 'before'>): Promise<void> {
  if (!before) return;
  await tx.query(DROP_ADDRESSES, [before.added, personId]);
  if (!before.moved) return; // so also of rows from before this was kept
  const { from, to } = before.moved;
  await tx.query(MOVE_BACK, [personId, from.zone, JSON.stringify(from.place), to.zone, JSON.stringify(to.place)]);
}

/**
 * Takes what a row said out of a lead of a locked person again: the facts are folded anew from the enquiries that stay,
 * its addresses and its agreement go, the person is where they were before it. Undefined when the lead is gone.
 */
export async function restoreLead(
  tx: Tx,
  around: Around,
  row: DoneRow,
): Promise<{ events: NewEvent[]; effects: NewEffect[] } | undefined> {
  const { playbooks, tenant, settings, dataKey, importId, now } = around;
  const [lead] = await tx.query<{ playbook: string; fields: Record<string, string> }>(
    'select playbook, fields from leads where id = $1 for update',
    [row.leadId],
  );
  if (!lead) return undefined;
  const playbook = playbooks.get(lead.playbook);
  await tx.query('delete from enquiries where tenant_id = $1 and source = $2 and source_key = $3', [
    tx.tenantId,
    SOURCE,
    `${importId}/${row.place}`,
  ]);
  const fields = foldEnquiries(await enquiriesOf(tx, dataKey, row.leadId));
  await tx.query(
    `update consents set withdrawn_at = $3 where person_id = $1 and lead_id = $2 and withdrawn_at is null
       and starts_with(text_version, $4)`,
    [row.personId, row.leadId, now, versionOf(importId)],
  );
  await restorePerson(tx, row);
  const [known] = await tx.query<{ email: string | null; optedOutAt: Date | null }>(
    `select ${addressOf('email', 'p.id')} as email, p.opted_out_at as "optedOutAt" from persons p where p.id = $1`,
    [row.personId],
  );
  const home = { country: tenant.country, base: settings.base };
  const { enriched } = await enrich(playbook, { email: known?.email ?? undefined, fields }, home);
  await tx.query('update leads set fields = $2, enriched = $3 where id = $1', [
    row.leadId,
    JSON.stringify(fields),
    JSON.stringify(enriched),
  ]);
  await renumber(tx, playbooks, row.personId);
  const ids = { leadId: row.leadId, personId: row.personId };
  const scored =
    playbook.score && known && !known.optedOutAt
      ? await keepScore(
          tx,
          { id: row.leadId, personId: row.personId, fields, enriched },
          playbook.score,
          settings.scoring[playbook.key] ?? {},
          'imported',
          now,
        )
      : undefined;
  await around.followUp.again(tx, row.personId); // by the band that it has without the row
  return {
    events: [
      { type: 'lead.restored', ...ids, data: { importId, changed: changedFields(lead.fields, fields) } },
      ...(scored?.events ?? []),
    ],
    effects: [{ kind: 'card.refresh', key: row.leadId }, ...(scored?.effects ?? [])],
  };
}
