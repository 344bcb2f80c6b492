import { isInFlight, pauseFollowUp, type Stopped, stopFollowUp } from '../cadence/index.ts';
import type { Database, Tx } from '../db/index.ts';
import { type Actor, append, type NewEffect, type NewEvent, request } from '../events/index.ts';
import { currentLead } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { LeadId, MessageId, PersonId, TenantId } from '../lib/ids.ts';
import { lockPerson, type OptOutScope, restore, suppress } from '../people/index.ts';
import type { Tenants } from '../tenants/index.ts';
import { dropDrafts } from './drafts.ts';
import { type NoticeTarget, queueNotice } from './notice.ts';
import { settleInFlight } from './settle.ts';

/** How we learned of it. `hidden`: they had asked on WhatsApp, which did not tell us then whose number that was. */
export type OptOutWay = 'keyword' | 'words' | 'link' | 'gateway' | 'staff' | 'complaint' | 'hidden';

export interface OptOut {
  personId: PersonId;
  scope: OptOutScope;
  by: OptOutWay;
  actor: Actor;
  /** The rule that understood the words. */
  rule?: string;
  /** The customer's message that is the evidence. */
  messageId?: MessageId;
  /** Where the one confirmation goes; none when the gateway confirms by itself or the page has said so. */
  confirm?: NoticeTarget;
}

export interface OptOutResult {
  leadId: LeadId | null;
  cancelled: number;
  /** False when this person had opted out before. */
  firstTime: boolean;
  inFlight: boolean;
}

export interface OptOuts {
  /** The whole stop, inside the caller's transaction, in which the person is locked. */
  apply(tx: Tx, optOut: OptOut): Promise<OptOutResult>;
  /** The same for a caller who appends and asks for what it returns, together with what else there is. */
  carryOut(tx: Tx, optOut: OptOut): Promise<OptOutResult & { events: NewEvent[]; effects: NewEffect[] }>;
  /**
   * The whole stop in a transaction of its own; resolves when it is committed and nothing is in flight any more.
   * `settled` is false when one message may just have left. Null: no such person in this tenant.
   */
  run(tenantId: TenantId, optOut: OptOut): Promise<(OptOutResult & { settled: boolean }) | null>;
  /** Opens the channel again, on the customer's own word. False when it was open. */
  reopen(tx: Tx, personId: PersonId, channel: 'whatsapp' | 'sms' | 'email', by: string): Promise<boolean>;
}

export function createOptOuts(deps: { db: Database; clock: Clock; tenants: Tenants }): OptOuts {
  const { db, clock, tenants } = deps;

  async function stop(tx: Tx, optOut: OptOut, now: Date): Promise<Stopped> {
    if (optOut.scope === 'all') return stopFollowUp(tx, optOut.personId, 'opted_out', now);
    // one channel only: the rest waits until a person has looked
    const paused = await pauseFollowUp(tx, optOut.personId, 'channel_opted_out');
    return {
      enrolmentId: null,
      leadId: paused?.leadId ?? null,
      cancelled: paused?.held ?? 0,
      inFlight: await isInFlight(tx, optOut.personId),
    };
  }

  const carryOut: OptOuts['carryOut'] = async (tx, optOut) => {
    const now = clock.now();
    const { suppression } = await tenants.keys(tx.tenantId);
    const [firstTime, stopped] = await Promise.all([
      suppress(tx, optOut.personId, optOut.scope, suppression, now),
      stop(tx, optOut, now),
      dropDrafts(tx, optOut.personId, now),
    ]);
    const leadId = stopped.leadId ?? (await currentLead(tx, optOut.personId))?.id ?? null;
    const { cancelled, inFlight } = stopped;
    const { personId, messageId = null, scope, by, rule } = optOut;
    const events: NewEvent[] = [];
    if (firstTime || cancelled > 0) {
      const data = { scope, by, cancelled, ...(rule && { rule }) };
      events.push({ type: 'person.opted_out', personId, leadId, messageId, data });
    }
    if (firstTime && optOut.confirm) {
      await queueNotice(
        tx,
        'opt_out_confirmation',
        `${personId}/${now.toISOString()}`,
        { ...optOut.confirm, leadId },
        now,
      );
    }
    const effects: NewEffect[] = [];
    if (leadId) effects.push({ kind: 'card.refresh', key: leadId });
    if (leadId && firstTime) {
      const data = { leadId, what: 'opted_out', by, scope, cancelled, inFlight, messageId };
      effects.push({ kind: 'staff.tell', key: `opted_out/${personId}/${now.getTime()}`, data });
    }
    return { leadId, cancelled, firstTime, inFlight, events, effects };
  };

  async function apply(tx: Tx, optOut: OptOut): Promise<OptOutResult> {
    const { events, effects, ...result } = await carryOut(tx, optOut);
    await Promise.all([append(tx, tx.tenantId, clock.now(), optOut.actor, events), request(tx, tx.tenantId, effects)]);
    return result;
  }

  return {
    apply,
    carryOut,
    async run(tenantId, optOut) {
      const result = await db.inTenant(tenantId, async (tx) =>
        (await lockPerson(tx, optOut.personId)) ? apply(tx, optOut) : null,
      );
      if (!result) return null;
      const settled = !result.inFlight || (await settleInFlight(db.system, optOut.personId, clock.machine));
      return { ...result, settled };
    },
    async reopen(tx, personId, channel, by) {
      const { suppression } = await tenants.keys(tx.tenantId);
      if (!(await restore(tx, personId, channel, suppression))) return false;
      const leadId = (await currentLead(tx, personId))?.id ?? null;
      await append(tx, tx.tenantId, clock.now(), 'customer', [
        { type: 'person.opted_in', personId, leadId, data: { channel, by } },
      ]);
      if (leadId) await request(tx, tx.tenantId, [{ kind: 'card.refresh', key: leadId }]);
      return true;
    },
  };
}
