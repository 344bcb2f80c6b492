import type { Database, Tx } from '../db/index.ts';
import { append, type NewEffect, type NewEvent, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { LeadId, MessageId, PersonId, TenantId } from '../lib/ids.ts';
import type { Tenants } from '../tenants/index.ts';
import { forgetOptedOut, reopenFailed } from './conversation.ts';
import { type OpeningHours, openMinutes, openSince } from './opening.ts';

/*
 * Who owes an answer is reminded, and then the managers hear of it, each once: the row says that it was done, and only
 * one worker can write that. Waiting is counted in business time.
 */

export interface Reminders {
  /** Looks at everything that is owed. Returns how many reminders and escalations it asked for. */
  run(): Promise<number>;
}

interface Due {
  personId: PersonId;
  leadId: LeadId;
  messageId: MessageId;
  since: Date;
}

/** Told at once for one tenant; the next look takes the rest. */
const BATCH = 200;

const STAGES = ['reminded_at', 'escalated_at'] as const;
type Stage = (typeof STAGES)[number];

const mark = (stage: Stage) => ({
  name: `conversations-${stage}`,
  // conversations_tenant; another worker that marks a row has it locked, so each is told once
  text: `update conversations c set ${stage} = $2 from (
      select d.person_id from conversations d join persons p on p.id = d.person_id
      where d.tenant_id = $1 and d.owed_since <= $3 and d.${stage} is null and d.lead_id is not null
        and p.opted_out_at is null
      order by d.person_id limit ${BATCH} for update of d skip locked) due
    where c.person_id = due.person_id and c.${stage} is null
    returning c.person_id as "personId", c.lead_id as "leadId", c.last_inbound_id as "messageId", c.owed_since as since`,
});
const MARK = { reminded_at: mark('reminded_at'), escalated_at: mark('escalated_at') };

export function createReminders(deps: { db: Database; clock: Clock; tenants: Tenants }): Reminders {
  const { db, clock, tenants } = deps;

  async function tell(tx: Tx, stage: Stage, before: Date, hours: OpeningHours, now: Date): Promise<number> {
    const due = await tx.query<Due>(MARK[stage], [tx.tenantId, now, before]);
    const escalated = stage === 'escalated_at';
    const events = due.map(
      ({ personId, leadId, messageId, since }): NewEvent => ({
        type: 'conversation.reminded',
        personId,
        leadId,
        messageId,
        data: { minutes: Math.floor(openMinutes(since, now, hours)), escalated },
      }),
    );
    // that managers hear of it is an alert, which finds what is marked as escalated
    const effects = (escalated ? [] : due).map(
      ({ personId, leadId, messageId, since }): NewEffect => ({
        kind: 'staff.tell',
        key: `owed/${personId}/${since.getTime()}/reminded`,
        data: { what: 'owed', leadId, messageId, since: since.toISOString() },
      }),
    );
    await append(tx, tx.tenantId, now, 'system', events);
    await request(tx, tx.tenantId, effects);
    return due.length;
  }

  async function tenant(tenantId: TenantId, now: Date): Promise<number> {
    const [{ zone }, { opening, sla }, closedDays] = await Promise.all([
      tenants.byId(tenantId),
      tenants.settings(tenantId),
      tenants.closedDays(tenantId),
    ]);
    const hours = { opening, closedDays, zone };
    let told = 0;
    for (const stage of STAGES) {
      const before = openSince(now, stage === 'reminded_at' ? sla.remind : sla.escalate, hours);
      if (before) told += await db.inTenant(tenantId, (tx) => tell(tx, stage, before, hours, now));
    }
    return told;
  }

  return {
    async run() {
      const now = clock.now();
      await forgetOptedOut(db.system);
      for (const { tenantId, leadId } of await reopenFailed(db.system, now)) {
        if (leadId) await request(db.system, tenantId, [{ kind: 'card.refresh', key: leadId }]);
      }
      // conversations_owed
      const waiting = await db.system.query<{ tenantId: TenantId }>(
        `select distinct tenant_id as "tenantId" from conversations
         where owed_since is not null and (reminded_at is null or escalated_at is null)`,
      );
      let told = 0;
      for (const { tenantId } of waiting) told += await tenant(tenantId, now);
      return told;
    },
  };
}
