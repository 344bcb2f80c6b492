import { StartAgain, type Tx } from '../db/index.ts';
import { type NewEvent, request } from '../events/index.ts';
import { type CapturedLead, type FollowUp, type LeadSummary, readScore, renumber } from '../leads/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError, validationError } from '../lib/errors.ts';
import { type AddressId, type LeadId, newId, type PersonId } from '../lib/ids.ts';
import type { LeadWork } from '../messaging/index.ts';
import {
  candidateZones,
  hasConsent,
  keepSilence,
  lockByAddress,
  parsePhone,
  primaryZone,
  suppressedChannels,
} from '../people/index.ts';
import { demand, type Hand, type Playbooks, type Staff, type Tenant, type Tenants } from '../tenants/index.ts';
import { settled } from './conversation.ts';

const CLOSE = {
  name: 'inbox-close-address',
  text: `with closed as (
      update addresses set unreachable = (select array_agg(distinct channel) from
          unnest(unreachable || case kind when 'email' then '{email}'::text[] else '{whatsapp,sms}' end) as channel)
      where id = $1 returning person_id),
    cancelled as (
      update messages set state = 'cancelled', reason = 'wrong_number', lease_owner = null, lease_until = null
      where id = any(array(select m.id from closed c join messages m on m.person_id = c.person_id and m.address_id = $1
        and m.direction = 'out' and m.state in ('scheduled', 'claimed', 'held') order by m.id for update of m)) returning id)
    select count(*) as cancelled from cancelled`,
};

/**
 * Nothing more goes to an address that belongs to somebody else, on no channel; what was planned for it is cancelled.
 * The person is locked. Returns how many messages were cancelled.
 */
export async function closeAddress(tx: Tx, id: AddressId): Promise<number> {
  const [row] = await tx.query<{ cancelled: number }>(CLOSE, [id]);
  return row?.cancelled ?? 0;
}

export interface Correction {
  /**
   * Gives the lead's person their right number: the old one stays on record with whoever it belongs to, and the messages
   * that went there stay in this lead's history. `startAgain` plans the follow-up anew. Throws a validation error at
   * `phone`, or `opted_out`, by the same rules as logging a lead.
   */
  correct(staff: Staff, id: LeadId, phone: string, startAgain: boolean): Promise<{ phone: string }>;
  /** The same in the caller's transaction, who has locked the person; what runs goes on by the new number. */
  within(tx: Tx, hand: Hand, lead: LeadSummary, phone: string): Promise<LeadSummary>;
}

/** The number that somebody entered, and what it is judged by. */
interface Wanted {
  tenant: Tenant;
  suppression: Buffer;
  e164: string;
  country: string;
}

type Address = CapturedLead['addresses'][number];

const addressesOf = (tx: Tx, personId: PersonId) =>
  tx.query<Address>('select id, kind, value, unreachable from addresses where person_id = $1 order by created_at', [
    personId,
  ]);

/** A number that belongs to somebody else becomes a person of its own, whom nobody follows up. */
async function leaveBehind(tx: Tx, address: Address, from: PersonId, now: Date): Promise<void> {
  await tx.query(
    `with stranger as (
       insert into persons (id, tenant_id, name, language, zone, place, created_at)
       select $2, tenant_id, $3, language, zone, place, $5 from persons where id = $4)
     update addresses set person_id = $2, unreachable = '{}' where id = $1`,
    [address.id, newId(), address.value, from, now],
  );
}

async function addPhone(tx: Tx, personId: PersonId, value: string, now: Date): Promise<void> {
  const added = await tx.query(
    `insert into addresses (id, tenant_id, person_id, kind, value, created_at) values ($1, $2, $3, 'phone', $4, $5)
     on conflict (tenant_id, kind, value) do nothing returning id`,
    [newId(), tx.tenantId, personId, value, now],
  );
  if (added.length === 0) throw new StartAgain(); // somebody was given it at this moment: the next look finds them
}

function optedOut(name: string): KnownError {
  const words = `${name} opted out of messages with this number. Nothing can be sent until they write START.`;
  return new KnownError('opted_out', 'opted out', words);
}

function notNew(own: boolean): KnownError {
  const message = own
    ? 'That is the number that turned out to be wrong. Write the right one.'
    : 'That number belongs to another customer already. Look for it with /lead.';
  return validationError([{ field: 'phone', message }]);
}

export function createCorrection(deps: {
  work: LeadWork;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  followUp: FollowUp;
}): Correction {
  const { work, clock, tenants, playbooks, followUp } = deps;

  async function begin(tx: Tx, lead: LeadSummary, tenant: Tenant, suppressed: string[]): Promise<NewEvent[]> {
    const [person] = await tx.query<CapturedLead['person'] & { optedOutChannels: string[] }>(
      `select id, name, language, zone, place, opted_out_channels as "optedOutChannels" from persons where id = $1`,
      [lead.personId],
    );
    if (!person) throw new Error('the person vanished while locked');
    const { optedOutChannels, ...known } = person;
    const started = await followUp.start(tx, {
      leadId: lead.id,
      person: known,
      addresses: await addressesOf(tx, lead.personId),
      suppressed: [...suppressed, ...optedOutChannels],
      playbook: playbooks.get(lead.playbook),
      tenant,
      capturedAt: clock.now(),
      fields: lead.fields,
      band: (await readScore(tx, lead.id))?.band,
      consented: await hasConsent(tx, lead.personId),
    });
    await request(tx, tx.tenantId, started.effects);
    return started.events;
  }

  async function read(hand: Hand, input: string): Promise<Wanted> {
    demand(hand, 'customer.reply');
    const tenant = await tenants.byId(hand.tenantId);
    const { suppression } = await tenants.keys(hand.tenantId);
    const parsed = parsePhone(input, tenant.country);
    if (!parsed.ok) throw validationError([{ field: 'phone', message: parsed.message }]);
    return { tenant, suppression, e164: parsed.e164, country: parsed.country };
  }

  /** Gives a locked person their right number. Returns the channels on which it must not be written to. */
  async function give(tx: Tx, lead: LeadSummary, { tenant, suppression, e164, country }: Wanted): Promise<string[]> {
    if (lead.optedOutAt) throw optedOut(lead.name);
    const address = { kind: 'phone', value: e164 } as const;
    const taken = await lockByAddress(tx, [address]);
    if (taken) throw notNew(taken.id === lead.personId);
    const suppressed = await suppressedChannels(tx, suppression, [address]);
    if (suppressed.includes('all')) throw optedOut(lead.name);

    const now = clock.now();
    const place = candidateZones({ phone: e164, country });
    const zone = primaryZone(place, tenant.zone);
    for (const old of await addressesOf(tx, lead.personId)) {
      if (old.kind === 'phone') await leaveBehind(tx, old, lead.personId, now);
    }
    const where = [lead.personId, JSON.stringify(place), zone];
    await tx.query('update persons set place = $2, zone = $3 where id = $1', where);
    await addPhone(tx, lead.personId, e164, now);
    await keepSilence(tx, lead.personId, suppressed, suppression, now);
    await renumber(tx, playbooks, lead.personId);
    return suppressed;
  }

  return {
    async correct(staff, id, input, startAgain) {
      const wanted = await read(staff, input);
      return work.onLead(staff, id, async (tx, lead) => {
        const suppressed = await give(tx, lead, wanted);
        await settled(tx, lead.personId);
        const again = startAgain && lead.state !== 'active' && lead.state !== 'paused';
        const started = again ? await begin(tx, lead, wanted.tenant, suppressed) : [];
        await work.note(tx, staff, lead, [{ type: 'person.renumbered', data: {} }, ...started]);
        return { phone: wanted.e164 };
      });
    },
    async within(tx, hand, lead, input) {
      const wanted = await read(hand, input);
      if (lead.phone === wanted.e164) return lead;
      await give(tx, lead, wanted);
      await followUp.again(tx, lead.personId);
      await work.note(tx, hand, lead, [{ type: 'person.renumbered', data: {} }]);
      return { ...lead, phone: wanted.e164 };
    },
  };
}
