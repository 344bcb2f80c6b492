import { readWhom, stopFollowUp } from '../cadence/index.ts';
import type { Tx } from '../db/index.ts';
import { append, request } from '../events/index.ts';
import { type FollowUp, readScore } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { derivedId, type EnrolmentId, type LeadId } from '../lib/ids.ts';
import type { LeadWork } from '../messaging/index.ts';
import { actorOf, demand, type Hand, type Playbooks, type Tenants } from '../tenants/index.ts';
import { settled } from './conversation.ts';

/** Follow-ups that somebody starts or ends by hand. */
export interface Enrolment {
  /**
   * Follows a lead up from now on, by its playbook. Throws `conflict` while a follow-up of this person is running or when
   * they have not agreed to be written to, `opted_out` when they asked not to be. The same `once` again changes nothing.
   */
  start(hand: Hand, id: LeadId, once?: string): Promise<void>;
  /** Nothing planned leaves any more; unlike a stop, the person may be written to. Throws `conflict` when none runs. */
  end(hand: Hand, id: LeadId): Promise<void>;
}

export function createEnrolment(deps: {
  work: LeadWork;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  followUp: FollowUp;
}): Enrolment {
  const { work, clock, tenants, playbooks, followUp } = deps;
  return {
    async start(hand, id, once) {
      demand(hand, 'customer.reply');
      const tenant = await tenants.byId(hand.tenantId);
      const { suppression } = await tenants.keys(hand.tenantId);
      await work.onLead(hand, id, async (tx, lead) => {
        const enrolmentId =
          once === undefined ? undefined : derivedId<EnrolmentId>(hand.tenantId, 'enrolment', id, once);
        if (enrolmentId && (await isThere(tx, enrolmentId))) return;
        const whom = await readWhom(tx, lead.personId, suppression);
        if (whom.running) throw running(lead.name);
        if (whom.silent) throw optedOut(lead.name);
        if (!whom.agreed) throw notAgreed(lead.name);
        const { person, addresses, suppressed } = whom;
        const started = await followUp.start(tx, {
          id: enrolmentId,
          leadId: lead.id,
          person,
          addresses,
          suppressed,
          playbook: playbooks.get(lead.playbook),
          tenant,
          capturedAt: clock.now(),
          fields: lead.fields,
          band: (await readScore(tx, lead.id))?.band,
          consented: true,
        });
        await append(tx, tx.tenantId, clock.now(), actorOf(hand), started.events);
        await request(tx, tx.tenantId, started.effects);
        await work.note(tx, hand, lead, []);
      });
    },
    async end(hand, id) {
      demand(hand, 'customer.reply');
      await work.onLead(hand, id, async (tx, lead) => {
        if (lead.state !== 'active' && lead.state !== 'paused') {
          throw new KnownError('conflict', 'nothing to end', 'No follow-up is running for this lead.');
        }
        const { cancelled } = await stopFollowUp(tx, lead.personId, 'closed', clock.now());
        await settled(tx, lead.personId);
        await work.note(tx, hand, lead, [{ type: 'enrolment.ended', data: { state: 'closed', cancelled } }]);
      });
    },
  };
}

const isThere = async (tx: Tx, id: EnrolmentId) =>
  (await tx.query('select from enrolments where id = $1', [id])).length > 0;

const running = (name: string) =>
  new KnownError('conflict', 'follow-up running', `${name} is being followed up already.`);

const optedOut = (name: string) =>
  new KnownError('opted_out', 'opted out', `${name} opted out. Nothing can be sent until they write START.`);

const notAgreed = (name: string) =>
  new KnownError('conflict', 'no consent', `${name} has not agreed to be written to, so nothing is planned.`);
