import { z } from 'zod';
import type { Tx } from '../db/index.ts';
import { request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { LeadId, PersonId, StaffId } from '../lib/ids.ts';
import { open, seal } from '../lib/secrets.ts';
import type { Proposal, TurnContext } from './port.ts';
import { draftId } from './read.ts';

/** What stands beside a draft's words; sealed. */
const detailSchema = z.object({
  /** Why it did not leave by itself, in words, and what was found. */
  held: z.string().optional(),
  found: z.string().optional(),
  /** Why the agent hands over. */
  handOver: z.string().optional(),
  /** The appointment that sending it makes. */
  slot: z.object({ startsAt: z.string(), staffId: z.string(), words: z.string() }).optional(),
  cancels: z.literal(true).optional(),
});
export type DraftDetail = z.infer<typeof detailSchema>;

export type DraftState = 'open' | 'sent' | 'discarded' | 'stale';

export interface DraftRow {
  id: string;
  personId: PersonId;
  leadId: LeadId;
  inboundId: string;
  text: string;
  language: string;
  agent: string;
  reason: string;
  detail: DraftDetail;
  state: DraftState;
  decidedBy: StaffId | null;
  createdAt: Date;
}

const place = (tenantId: string, id: string, part: 'draft' | 'detail') => `${tenantId}/${id}/${part}`;

/** Keeps a draft and asks for its card; the same message never gets a second one. */
export async function insertDraft(
  deps: { clock: Clock },
  tx: Tx,
  dataKey: Buffer,
  about: { personId: PersonId; messageId: string; turn: TurnContext; proposal: Proposal },
  /** `quiet`: kept so that the turn happens once, but nothing to show. */
  draft: { text: string; reason: string; state: DraftState; detail: DraftDetail; quiet?: true },
): Promise<void> {
  const id = draftId(tx.tenantId, about.messageId);
  const now = deps.clock.now();
  await tx.query(
    `insert into drafts (id, tenant_id, person_id, lead_id, inbound_id, body, language, agent, prompt, reason, detail, state,
       created_at, decided_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing`,
    [
      id,
      tx.tenantId,
      about.personId,
      about.turn.leadId,
      about.messageId,
      seal(dataKey, place(tx.tenantId, id, 'draft'), draft.text),
      about.turn.language,
      about.proposal.agent,
      about.proposal.prompt,
      draft.reason,
      seal(dataKey, place(tx.tenantId, id, 'detail'), JSON.stringify(draft.detail)),
      draft.state,
      now,
      draft.state === 'open' ? null : now,
    ],
  );
  if (!draft.quiet) await request(tx, tx.tenantId, [{ kind: 'draft.show', key: id }]);
}

/** One draft, opened; `lock` keeps others from deciding it meanwhile. */
export async function findDraft(tx: Tx, dataKey: Buffer, id: string, lock = false): Promise<DraftRow | undefined> {
  const [row] = await tx.query<Omit<DraftRow, 'text' | 'detail'> & { body: Buffer; detail: Buffer | null }>(
    `select id, person_id as "personId", lead_id as "leadId", inbound_id as "inboundId", body, language, agent, reason, detail,
       state, decided_by as "decidedBy", created_at as "createdAt"
     from drafts where id = $1 ${lock ? 'for update' : ''}`,
    [id],
  );
  if (!row) return undefined;
  const { body, detail, ...rest } = row;
  const opened = detail ? JSON.parse(open(dataKey, place(tx.tenantId, id, 'detail'), detail).toString()) : {};
  return {
    ...rest,
    text: open(dataKey, place(tx.tenantId, id, 'draft'), body).toString(),
    detail: detailSchema.parse(opened),
  };
}

export async function decideDraft(tx: Tx, id: string, state: DraftState, by: StaffId | null, now: Date): Promise<void> {
  await tx.query('update drafts set state = $2, decided_by = $3, decided_at = $4 where id = $1', [id, state, by, now]);
  await request(tx, tx.tenantId, [{ kind: 'draft.show', key: id }]);
}
