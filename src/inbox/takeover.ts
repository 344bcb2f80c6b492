import { type NewEffect, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { LeadId } from '../lib/ids.ts';
import { type LeadWork, overtakeAgent } from '../messaging/index.ts';
import { agentModeOf, demand, type Staff, type Tenants } from '../tenants/index.ts';
import { conversationOf, giveBack, settled, take } from './conversation.ts';

/** What staff may do with a conversation besides answering. Every call checks the role and the ownership. */
export interface Takeover {
  /** This person answers from now on; the agent is silent. False when they did already. */
  take(staff: Staff, id: LeadId): Promise<boolean>;
  /** The agent may answer again, at once if an answer is owed. False when nobody had taken it. */
  handBack(staff: Staff, id: LeadId): Promise<boolean>;
  /** What the customer wrote needs no answer. False when none was owed. */
  settle(staff: Staff, id: LeadId): Promise<boolean>;
}

export function createTakeover(deps: { work: LeadWork; clock: Clock; tenants: Tenants }): Takeover {
  const { work, clock, tenants } = deps;
  return {
    async take(staff, id) {
      demand(staff, 'customer.reply');
      return work.onLead(staff, id, async (tx, lead) => {
        const taken = await take(tx, { personId: lead.personId, leadId: id, staffId: staff.id }, clock.now());
        await overtakeAgent(tx, lead.personId, 'taken_over', clock.now());
        if (taken) await work.note(tx, staff, lead, [{ type: 'conversation.taken', data: { by: 'button' } }]);
        return taken;
      });
    },
    async handBack(staff, id) {
      demand(staff, 'customer.reply');
      const settings = await tenants.settings(staff.tenantId);
      return work.onLead(staff, id, async (tx, lead) => {
        if (!(await giveBack(tx, lead.personId))) return false;
        await work.note(tx, staff, lead, [{ type: 'conversation.handed_back', data: {} }]);
        const now = await conversationOf(tx, lead.personId);
        const waits = now?.owedSince && now.lastInboundId && !lead.optedOutAt;
        if (waits && agentModeOf(settings, lead.playbook) !== 'off') {
          const turn: NewEffect = { kind: 'agent.turn', key: lead.personId, data: { messageId: now.lastInboundId } };
          await request(tx, tx.tenantId, [turn]);
        }
        return true;
      });
    },
    async settle(staff, id) {
      demand(staff, 'customer.reply');
      return work.onLead(staff, id, async (tx, lead) => {
        const owed = await settled(tx, lead.personId);
        await overtakeAgent(tx, lead.personId, 'taken_over', clock.now());
        if (owed) await work.note(tx, staff, lead, [{ type: 'conversation.settled', data: {} }]);
        return owed;
      });
    },
  };
}
