import { completeIfOver, pauseFollowUp, resumeFollowUp } from '../cadence/index.ts';
import type { Database, Tx } from '../db/index.ts';
import { wake } from '../events/index.ts';
import type { LeadSummary, MoveAnswers } from '../leads/index.ts';
import { KnownError } from '../lib/errors.ts';
import type { LeadId, MessageId } from '../lib/ids.ts';
import { open } from '../lib/secrets.ts';
import { actorOf, type Hand, type Playbooks } from '../tenants/index.ts';
import { type AnswerBook, answersOfOthers, type OtherAnswer } from './answers.ts';
import { fillCanned, type PickedAnswer } from './canned.ts';
import { createLeadWork } from './lead-work.ts';
import type { MoveOn } from './move-on.ts';
import type { OptOutResult, OptOuts } from './opt-out.ts';
import type { ChannelName } from './port.ts';
import { bodyPlace } from './prepare.ts';
import { insertReply, MAX_REPLY, type ReplyDeps, type ReplyRoute, routeReply, UNDO_SECONDS } from './reply.ts';

/*
 * What staff may do with a lead. Every call checks the role and the ownership, locks the person, acts, and appends the
 * event, in one transaction.
 */

export interface Desk {
  /** The lead, if this person may see it; throws `forbidden` or `not_found`. */
  lead(staff: Hand, id: LeadId): Promise<LeadSummary>;
  /** How a reply to this customer would go now; throws `opted_out` or `unavailable` with what to do. */
  replyRoute(staff: Hand, id: LeadId): Promise<ReplyRoute>;
  /** What others have written to this customer in the last minutes, newest first. */
  others(staff: Hand, id: LeadId): Promise<OtherAnswer[]>;
  /** Answers to pick from, in the customer's language; often none. */
  canned(staff: Hand, id: LeadId): Promise<PickedAnswer[]>;
  /**
   * Sends exactly these words to the customer after ten seconds, in which they can be taken back. Throws
   * `AnsweredMeanwhile` when somebody else has answered and the writer has not seen it.
   */
  reply(
    staff: Hand,
    id: LeadId,
    text: string,
    key: string,
    /** The newest answer of somebody else that the writer was shown, null for none; left out, nobody looks. */
    seen?: MessageId | null,
  ): Promise<{ messageId: MessageId; channel: ChannelName; leavesAt: Date }>;
  /** Takes a reply back. False when it has left. */
  undo(staff: Hand, id: MessageId): Promise<boolean>;
  pause(staff: Hand, id: LeadId): Promise<void>;
  resume(staff: Hand, id: LeadId): Promise<void>;
  /** Moves a lead along its pipeline; throws as `MoveOn` does. */
  move(staff: Hand, id: LeadId, to: string, told?: MoveAnswers): Promise<void>;
  /** The customer told somebody to stop: as hard as their own STOP. */
  stop(staff: Hand, id: LeadId): Promise<OptOutResult & { settled: boolean }>;
  /** Sends an unconfirmed or held message (again), knowingly. */
  resend(staff: Hand, id: MessageId): Promise<void>;
  /** Leaves an unconfirmed message as it is. */
  leave(staff: Hand, id: MessageId): Promise<void>;
}

export interface DeskDeps extends ReplyDeps {
  db: Database;
  playbooks: Playbooks;
  optOuts: OptOuts;
  answers: AnswerBook;
  moves: MoveOn;
}

/** Somebody else was faster: look at what they wrote before you send. */
export class AnsweredMeanwhile extends KnownError {
  constructor() {
    const words = 'A colleague has answered meanwhile. Look at their answer before you send yours.';
    super('conflict', 'answered meanwhile', words);
  }
}

export function createDesk(deps: DeskDeps): Desk {
  const { clock, tenants, playbooks, optOuts, answers, moves } = deps;
  const { onLead, onMessage, note } = createLeadWork(deps);

  async function othersOf(tx: Tx, staff: Hand, lead: LeadSummary): Promise<OtherAnswer[]> {
    const { data } = await tenants.keys(tx.tenantId);
    const others = await answersOfOthers(tx, lead.personId, staff.id, clock.now());
    return others.map(({ body, ...other }) => ({
      ...other,
      words: open(data, bodyPlace({ tenantId: tx.tenantId, id: other.id }), body).toString(),
    }));
  }

  return {
    lead: (staff, id) => onLead(staff, id, async (_tx, lead) => lead),
    replyRoute: (staff, id) => onLead(staff, id, async (tx, lead) => (await routeReply(deps, tx, lead)).route),
    others: (staff, id) => onLead(staff, id, (tx, lead) => othersOf(tx, staff, lead)),
    async canned(staff, id) {
      const [tenant, settings, { accounts }] = await Promise.all([
        tenants.byId(staff.tenantId),
        tenants.settings(staff.tenantId),
        deps.routing.of(staff.tenantId),
      ]);
      return onLead(staff, id, async (tx, lead) => {
        const [person] = await tx.query<{ language: string }>('select language from persons where id = $1', [
          lead.personId,
        ]);
        const context = { playbook: playbooks.get(lead.playbook), tenant, settings, accounts };
        return fillCanned({ ...lead, language: person?.language ?? tenant.language }, staff, context);
      });
    },
    reply: (staff, id, text, key, seen) =>
      onLead(staff, id, async (tx, lead) => {
        const words = text.trim();
        if (words === '' || words.length > MAX_REPLY) {
          throw new KnownError('validation_error', 'reply length', `Write between 1 and ${MAX_REPLY} characters.`);
        }
        const { route, accountId, addressId } = await routeReply(deps, tx, lead);
        const [newest] = seen === undefined ? [] : await othersOf(tx, staff, lead);
        if (newest && newest.id !== seen) throw new AnsweredMeanwhile();
        const now = clock.now();
        const leavesAt = new Date(now.getTime() + UNDO_SECONDS * 1000);
        const { id: messageId, isNew } = await insertReply(deps, tx, staff, lead, {
          words,
          key,
          accountId,
          addressId,
          leavesAt,
          now,
          channel: route.channel,
        });
        // the same window sent twice answers nothing that came in between
        const answer = { personId: lead.personId, leadId: lead.id, messageId, staffId: staff.id };
        const { taken } = isNew ? await answers.answered(tx, answer, now) : { taken: false };
        await note(tx, staff, lead, taken ? [{ type: 'conversation.taken', data: { by: 'reply' } }] : []);
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
        if (undone.length === 0) return false;
        await answers.takenBack(tx, id);
        await note(tx, staff, lead, [{ type: 'message.decided', messageId: id, data: { decision: 'undo' } }]);
        return true;
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
        await answers.settled(tx, lead.personId); // whoever resumes has read what made it wait
        await note(tx, staff, lead, [{ type: 'enrolment.resumed', data: { moved: resumed.moved } }]);
        await wake(tx, 'messages');
      }),
    async move(staff, id, to, told = {}) {
      await onLead(staff, id, async (tx, lead) => {
        const stage = await moves.move(tx, { lead, to, told, actor: actorOf(staff) });
        if (stage.ends) await answers.settled(tx, lead.personId);
        await note(tx, staff, lead, []);
      });
    },
    async stop(staff, id) {
      const lead = await onLead(staff, id, async (_tx, found) => found);
      const result = await optOuts.run(staff.tenantId, {
        personId: lead.personId,
        scope: 'all',
        by: 'staff',
        actor: actorOf(staff),
      });
      if (!result) throw new KnownError('not_found', 'no such person', 'That customer does not exist (any more).');
      return result;
    },
    resend: (staff, id) =>
      onMessage(staff, id, async (tx, lead) => {
        const [again] = await tx.query<{ purpose: string }>(
          `update messages m set state = 'scheduled', reason = null, due_at = $2 from persons p
           where m.id = $1 and m.state in ('unconfirmed', 'held', 'failed') and m.account_id is not null
             and p.id = m.person_id and p.opted_out_at is null returning m.purpose`,
          [id, clock.now()],
        );
        if (!again) throw new KnownError('conflict', 'cannot resend', 'This message cannot be sent again now.');
        const answer = { personId: lead.personId, leadId: lead.id, messageId: id, staffId: staff.id };
        if (again.purpose === 'reply') await answers.answered(tx, answer, clock.now());
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
