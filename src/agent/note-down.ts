import type { Tx } from '../db/index.ts';
import type { NewEvent } from '../events/index.ts';
import type { LeadSummary } from '../leads/index.ts';
import type { LeadId } from '../lib/ids.ts';
import type { LeadWork } from '../messaging/index.ts';
import type { Hand, Tenants } from '../tenants/index.ts';
import { demand } from '../tenants/index.ts';
import { type Notes, notesSchema, openNotes, sealNotes } from './notes.ts';

/** What is known of a customer's wishes, without what the agent keeps for itself. */
export type ConversationState = Omit<Notes, 'asked' | 'offered'>;

export interface NoteBook {
  /** Throws `forbidden`, `not_found`. */
  read(hand: Hand, id: LeadId): Promise<ConversationState>;
  /** Writes what is given over what is known; the rest stays. */
  write(hand: Hand, id: LeadId, changes: Partial<ConversationState>): Promise<ConversationState>;
}

/** The agent's notes, as people and other programs read and correct them. By lead: another enquiry wants something else. They move no lead. */
export function createNoteBook(deps: { work: LeadWork; tenants: Tenants }): NoteBook {
  const { work, tenants } = deps;

  async function notesOf(tx: Tx, dataKey: Buffer, { id, personId }: LeadSummary): Promise<Notes> {
    const [row] = await tx.query<{ notes: Buffer | null }>('select notes from leads where id = $1', [id]);
    return openNotes(dataKey, tx.tenantId, personId, row?.notes ?? null);
  }

  return {
    async read(hand, id) {
      const { data } = await tenants.keys(hand.tenantId);
      return work.onLead(hand, id, async (tx, lead) => shown(await notesOf(tx, data, lead)));
    },
    async write(hand, id, changes) {
      demand(hand, 'lead.change');
      const { data } = await tenants.keys(hand.tenantId);
      return work.onLead(hand, id, async (tx, lead) => {
        const before = await notesOf(tx, data, lead);
        const after = notesSchema.parse({ ...before, ...changes });
        await tx.query('update leads set notes = $2, qualified = $3 where id = $1', [
          lead.id,
          sealNotes(data, tx.tenantId, lead.personId, after),
          after.qualified,
        ]);
        const keys = Object.keys(changes).sort();
        const events: NewEvent[] = keys.length > 0 ? [{ type: 'conversation.noted', data: { keys } }] : [];
        await work.note(tx, hand, lead, events);
        return shown(after);
      });
    },
  };
}

function shown({ asked: _, offered: __, ...state }: Notes): ConversationState {
  return state;
}
