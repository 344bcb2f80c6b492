import { stopFollowUp } from '../cadence/index.ts';
import { append, request } from '../events/index.ts';
import { type CapturedLead, type FollowUp, readScore } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import type { LeadId } from '../lib/ids.ts';
import type { LeadWork } from '../messaging/index.ts';
import { hasConsent, suppressedChannels } from '../people/index.ts';
import { actorOf, demand, type Hand, type Playbooks, type Tenants } from '../tenants/index.ts';
import { settled } from './conversation.ts';

/** Follow-ups that somebody starts or ends by hand. */
export interface Enrolment {
  /**
   * Follows a lead up from now on, by its playbook. Throws `conflict` while a follow-up of this person is running or when
   * they have not agreed to be written to, `opted_out` when they asked not to be.
   */
  start(hand: Hand, id: LeadId): Promise<void>;
  /** Nothing planned leaves any more; unlike a stop, the person may be written to. Throws `conflict` when none runs. */
  end(hand: Hand, id: LeadId): Promise<void>;
}

interface Followed {
  id: CapturedLead['person']['id'];
  name: string;
  language: string;
  zone: string;
  place: CapturedLead['person']['place'];
  optedOutChannels: string[];
  running: boolean;
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
    async start(hand, id) {
      demand(hand, 'customer.reply');
      const tenant = await tenants.byId(hand.tenantId);
      const { suppression } = await tenants.keys(hand.tenantId);
      await work.onLead(hand, id, async (tx, lead) => {
        const [row] = await tx.query<Followed>(
          `select p.id, p.name, p.language, p.zone, p.place, p.opted_out_channels as "optedOutChannels",
             exists (select from enrolments e where e.person_id = p.id and e.state in ('active', 'paused')) as running
           from persons p where p.id = $1`,
          [lead.personId],
        );
        if (!row) throw new Error('the person vanished while locked');
        if (row.running) throw running(lead.name);
        const addresses = await tx.query<CapturedLead['addresses'][number]>(
          'select id, kind, value, unreachable from addresses where person_id = $1 order by created_at',
          [lead.personId],
        );
        const suppressed = await suppressedChannels(tx, suppression, addresses);
        if (lead.optedOutAt || suppressed.includes('all')) throw optedOut(lead.name);
        if (!(await hasConsent(tx, lead.personId))) throw notAgreed(lead.name);
        const { optedOutChannels, running: _, ...person } = row;
        const started = await followUp.start(tx, {
          leadId: lead.id,
          person,
          addresses,
          suppressed: [...suppressed, ...optedOutChannels],
          playbook: playbooks.get(lead.playbook),
          tenant,
          capturedAt: clock.now(),
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

const running = (name: string) =>
  new KnownError('conflict', 'follow-up running', `${name} is being followed up already.`);

const optedOut = (name: string) =>
  new KnownError('opted_out', 'opted out', `${name} opted out. Nothing can be sent until they write START.`);

const notAgreed = (name: string) =>
  new KnownError('conflict', 'no consent', `${name} has not agreed to be written to, so nothing is planned.`);
