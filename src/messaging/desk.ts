import { completeIfOver, pauseFollowUp, resumeFollowUp, stopFollowUp } from '../cadence/index.ts';
import type { Database, Tx } from '../db/index.ts';
import { append, type NewEvent, request, wake } from '../events/index.ts';
import { findLead, type LeadSummary, moveStage } from '../leads/index.ts';
import { KnownError } from '../lib/errors.ts';
import type { LeadId, MessageId } from '../lib/ids.ts';
import { lockPerson } from '../people/index.ts';
import { maySeeLead, type Playbooks, type Staff } from '../tenants/index.ts';
import type { OptOutResult, OptOuts } from './opt-out.ts';
import type { ChannelName } from './port.ts';
import { insertReply, MAX_REPLY, type ReplyDeps, type ReplyRoute, routeReply, UNDO_SECONDS } from './reply.ts';

/*
 * What staff may do with a lead. Every call checks the role and the ownership, locks the person, acts, and appends the
 * event, in one transaction.
 */

export interface Desk {
  /** The lead, if this person may see it; throws `forbidden` or `not_found`. */
  lead(staff: Staff, id: LeadId): Promise<LeadSummary>;
  /** How a reply to this customer would go now; throws `opted_out` or `unavailable` with what to do. */
  replyRoute(staff: Staff, id: LeadId): Promise<ReplyRoute>;
  /** Sends exactly these words to the customer after ten seconds, in which they can be taken back. */
  reply(
    staff: Staff,
    id: LeadId,
    text: string,
    key: string,
  ): Promise<{ messageId: MessageId; channel: ChannelName; leavesAt: Date }>;
  /** Takes a reply back. False when it has left. */
  undo(staff: Staff, id: MessageId): Promise<boolean>;
  pause(staff: Staff, id: LeadId): Promise<void>;
  resume(staff: Staff, id: LeadId): Promise<void>;
  /** Moves a lead along its pipeline (`won`, `lost`, `closed`); a final stage ends the follow-up. */
  move(staff: Staff, id: LeadId, to: string): Promise<void>;
  /** The customer told somebody to stop: as hard as their own STOP. */
  stop(staff: Staff, id: LeadId): Promise<OptOutResult & { settled: boolean }>;
  /** Sends an unconfirmed or held message (again), knowingly. */
  resend(staff: Staff, id: MessageId): Promise<void>;
  /** Leaves an unconfirmed message as it is. */
  leave(staff: Staff, id: MessageId): Promise<void>;
}

export interface DeskDeps extends ReplyDeps {
  db: Database;
  playbooks: Playbooks;
  optOuts: OptOuts;
}

export function createDesk(deps: DeskDeps): Desk {
  const { db, clock, tenants, playbooks, optOuts } = deps;

  async function onLead<T>(staff: Staff, id: LeadId, work: (tx: Tx, lead: LeadSummary) => Promise<T>): Promise<T> {
    return db.inTenant(staff.tenantId, async (tx) => {
      const lead = await findLead(tx, id);
      if (!lead) throw new KnownError('not_found', 'no such lead', 'That lead does not exist (any more).');
      if (!maySeeLead(staff, lead)) {
        throw new KnownError(
          'forbidden',
          'not their lead',
          'This lead belongs to a colleague. Managers can see all leads.',
        );
      }
      await lockPerson(tx, lead.personId);
      return work(tx, lead);
    });
  }

  async function note(tx: Tx, staff: Staff, lead: LeadSummary, events: NewEvent[]): Promise<void> {
    const ids = { leadId: lead.id, personId: lead.personId };
    await append(
      tx,
      tx.tenantId,
      clock.now(),
      `staff:${staff.id}`,
      events.map((event) => ({ ...event, ...ids })),
    );
    await request(tx, tx.tenantId, [{ kind: 'card.refresh', key: lead.id }]);
  }

  async function onMessage<T>(
    staff: Staff,
    id: MessageId,
    work: (tx: Tx, lead: LeadSummary) => Promise<T>,
  ): Promise<T> {
    const leadId = await db.inTenant(staff.tenantId, async (tx) => {
      const [row] = await tx.query<{ leadId: LeadId | null }>(
        'select lead_id as "leadId" from messages where id = $1',
        [id],
      );
      return row?.leadId;
    });
    if (!leadId) throw new KnownError('not_found', 'no such message', 'That message does not exist (any more).');
    return onLead(staff, leadId, work);
  }

  return {
    lead: (staff, id) => onLead(staff, id, async (_tx, lead) => lead),
    replyRoute: (staff, id) => onLead(staff, id, async (tx, lead) => (await routeReply(deps, tx, lead)).route),
    reply: (staff, id, text, key) =>
      onLead(staff, id, async (tx, lead) => {
        const words = text.trim();
        if (words === '' || words.length > MAX_REPLY) {
          throw new KnownError('validation_error', 'reply length', `Write between 1 and ${MAX_REPLY} characters.`);
        }
        const { route, accountId, addressId } = await routeReply(deps, tx, lead);
        const now = clock.now();
        const leavesAt = new Date(now.getTime() + UNDO_SECONDS * 1000);
        const messageId = await insertReply(deps, tx, staff, lead, {
          words,
          key,
          accountId,
          addressId,
          leavesAt,
          now,
          channel: route.channel,
        });
        await request(tx, tx.tenantId, [{ kind: 'card.refresh', key: lead.id }]);
        await wake(tx, 'messages');
        return { messageId, channel: route.channel, leavesAt };
      }),
    undo: (staff, id) =>
      onMessage(staff, id, async (tx, lead) => {
        const undone = await tx.query(
          `update messages set state = 'cancelled', reason = 'undone', lease_owner = null
           where id = $1 and purpose = 'reply' and state in ('scheduled', 'claimed', 'held') returning id`,
          [id],
        );
        if (undone.length > 0)
          await note(tx, staff, lead, [{ type: 'message.decided', messageId: id, data: { decision: 'undo' } }]);
        return undone.length > 0;
      }),
    pause: (staff, id) =>
      onLead(staff, id, async (tx, lead) => {
        const paused = await pauseFollowUp(tx, lead.personId, 'paused');
        if (!paused) throw new KnownError('conflict', 'nothing to pause', 'No follow-up is running for this lead.');
        await note(tx, staff, lead, [{ type: 'enrolment.paused', data: { held: paused.held } }]);
      }),
    resume: (staff, id) =>
      onLead(staff, id, async (tx, lead) => {
        const { sendHours } = await tenants.settings(tx.tenantId);
        const resumed = await resumeFollowUp(tx, lead.personId, clock.now(), sendHours);
        if (!resumed) throw new KnownError('conflict', 'nothing to resume', 'This follow-up is not paused.');
        await note(tx, staff, lead, [{ type: 'enrolment.resumed', data: { moved: resumed.moved } }]);
        await wake(tx, 'messages');
      }),
    move: (staff, id, to) =>
      onLead(staff, id, async (tx, lead) => {
        const { pipeline } = playbooks.get(lead.playbook);
        const stage = pipeline.stages.find((each) => each.key === to);
        const from = pipeline.stages.filter((each) => each.moves.includes(to)).map((each) => each.key);
        const moved = stage ? await moveStage(tx, lead.id, from, to, clock.now()) : null;
        if (!stage || !moved) {
          throw new KnownError(
            'conflict',
            `no move ${lead.stage} -> ${to}`,
            `A lead that is ${lead.stage} cannot become ${to}.`,
          );
        }
        const events: NewEvent[] = [{ type: 'lead.moved', data: { from: moved.from, to } }];
        if (stage.ends) {
          const stopped = await stopFollowUp(tx, lead.personId, stage.ends, clock.now());
          if (stopped.enrolmentId) {
            events.push({ type: 'enrolment.ended', data: { state: stage.ends, cancelled: stopped.cancelled } });
          }
        }
        await note(tx, staff, lead, events);
      }),
    async stop(staff, id) {
      const lead = await onLead(staff, id, async (_tx, found) => found);
      const result = await optOuts.run(staff.tenantId, {
        personId: lead.personId,
        scope: 'all',
        by: 'staff',
        actor: `staff:${staff.id}`,
      });
      if (!result) throw new KnownError('not_found', 'no such person', 'That customer does not exist (any more).');
      return result;
    },
    resend: (staff, id) =>
      onMessage(staff, id, async (tx, lead) => {
        const again = await tx.query(
          `update messages m set state = 'scheduled', reason = null, due_at = $2 from persons p
           where m.id = $1 and m.state in ('unconfirmed', 'held', 'failed') and m.account_id is not null
             and p.id = m.person_id and p.opted_out_at is null returning m.id`,
          [id, clock.now()],
        );
        if (again.length === 0)
          throw new KnownError('conflict', 'cannot resend', 'This message cannot be sent again now.');
        await note(tx, staff, lead, [{ type: 'message.decided', messageId: id, data: { decision: 'resend' } }]);
        await wake(tx, 'messages');
      }),
    leave: (staff, id) =>
      onMessage(staff, id, async (tx, lead) => {
        const left = await tx.query(
          `update messages set state = 'failed', reason = 'left' where id = $1 and state = 'unconfirmed' returning id`,
          [id],
        );
        if (left.length === 0) throw new KnownError('conflict', 'not unconfirmed', 'This was decided already.');
        await completeIfOver(tx, lead.personId, clock.now());
        await note(tx, staff, lead, [{ type: 'message.decided', messageId: id, data: { decision: 'leave' } }]);
      }),
  };
}
