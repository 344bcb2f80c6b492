import { DateTime } from 'luxon';
import type { Database, Tx } from '../db/index.ts';
import { append, ComeBackLater, type EffectHandler, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { newId, type PersonId, type TenantId } from '../lib/ids.ts';
import type { OptOuts } from '../messaging/index.ts';
import { lockPerson } from '../people/index.ts';
import { actorOf, demand, type Hand, may, type Staff, type StaffBook, type Tenants } from '../tenants/index.ts';
import { type Deadline, deadlineOf } from './deadlines.ts';
import { erasePerson } from './erase-person.ts';
import {
  type Erasure,
  type ErasureState,
  findErasure,
  insertErasure,
  recentErasures,
  type Survey,
  surveyOf,
} from './erasure-store.ts';

import { type Receipt, receiptsOf } from './receipts-store.ts';

/*
 * Forgetting a person takes two: one asks, another one agrees. What follows is an effect, so that it is carried through
 * whatever dies meanwhile: first nothing more may leave, then everything goes in one transaction.
 */

export interface Erasures {
  /** What is held of a person and would go. Throws `forbidden`, `not_found`. */
  survey(staff: Staff, personId: PersonId): Promise<Survey>;
  /**
   * Asks colleagues to agree. Throws `conflict` when somebody has asked already, or there is nobody who could agree.
   * Returns the erasure's id.
   */
  ask(staff: Hand, personId: PersonId): Promise<string>;
  /**
   * Agrees or refuses. Of several who decide at once the first one does; the others, and whoever asked, get `conflict`
   * or `forbidden`.
   */
  decide(staff: Staff, id: string, decision: 'approved' | 'refused'): Promise<void>;
  find(tenantId: TenantId, id: string): Promise<Erasure | undefined>;
  /** What services that keep something of the person were asked, and what they answered. */
  receipts(tenantId: TenantId, id: string): Promise<Receipt[]>;
  /** Newest first. */
  recent(staff: Staff, limit: number): Promise<Erasure[]>;
  /** Until when the person has to have an answer, counted from when a colleague entered what they asked. */
  deadline(tenantId: TenantId, erasure: Pick<Erasure, 'askedAt' | 'place'>): Promise<Deadline>;
  /** Who may agree to what somebody asks: other managers and admins. */
  approvers(asker: Pick<Staff, 'id' | 'tenantId'>): Promise<Staff[]>;
  /** Carries out what was agreed on. Key: the erasure's id. */
  run: EffectHandler;
}

/** A request is still with a gateway: its outcome is waited for. */
const AGAIN_SECONDS = 10;

export interface ErasureDeps {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  staff: StaffBook;
  optOuts: OptOuts;
  /** Under what a sender's raw webhooks are found. */
  senderHash(address: string): Buffer;
}

export function createErasures(deps: ErasureDeps): Erasures {
  const { db, clock, tenants, staff: book, optOuts } = deps;

  const approvers = async (asker: Pick<Staff, 'id' | 'tenantId'>) =>
    (await book.list(asker.tenantId)).filter(({ id, role }) => id !== asker.id && may(role, 'privacy.erase'));

  async function erase(tx: Tx, erasure: Erasure, dataKey: Buffer): Promise<void> {
    const { personId, id } = erasure;
    const tenant = await tenants.byId(tx.tenantId);
    const addresses = await tx.query<{ value: string }>('select value from addresses where person_id = $1', [personId]);
    const now = clock.now();
    const hashes = addresses.map(({ value }) => deps.senderHash(value));
    const { zone, language } = tenant;
    const alone = (await tenants.only()) !== undefined;
    const facts = { id: personId, hashes, alone, zone, language, erasureId: id, dataKey, now };
    const { removed } = await erasePerson(tx, facts);
    await tx.query(`update erasures set state = 'done', done_at = $2, removed = $3 where id = $1`, [
      id,
      now,
      JSON.stringify(removed),
    ]);
  }

  return {
    approvers,
    async survey(staff, personId) {
      demand(staff, 'privacy.erase');
      const survey = await db.inTenant(staff.tenantId, (tx) => surveyOf(tx, personId, clock.now()));
      if (!survey) throw nobody();
      return survey;
    },
    async ask(staff, personId) {
      demand(staff, 'privacy.erase');
      if ((await approvers(staff)).length === 0) throw alone();
      return db.inTenant(staff.tenantId, async (tx) => {
        if (!(await lockPerson(tx, personId)) || !(await surveyOf(tx, personId, clock.now()))) throw nobody();
        const id = newId();
        const now = clock.now();
        if (!(await insertErasure(tx, { id, personId, askedBy: staff.id, now }))) throw askedAlready();
        await append(tx, tx.tenantId, now, actorOf(staff), [
          { type: 'erasure.asked', personId, data: { erasureId: id } },
        ]);
        await request(tx, tx.tenantId, [{ kind: 'erasure.show', key: id }]);
        return id;
      });
    },
    async decide(staff, id, decision) {
      demand(staff, 'privacy.erase');
      await db.inTenant(staff.tenantId, async (tx) => {
        const erasure = await findErasure(tx, id, 'lock');
        if (!erasure) throw nobody();
        if (erasure.askedBy.id === staff.id) throw own();
        if (erasure.state !== 'asked') throw decided(erasure.state);
        const now = clock.now();
        await tx.query('update erasures set state = $2, decided_by = $3, decided_at = $4 where id = $1', [
          id,
          decision,
          staff.id,
          now,
        ]);
        const { personId } = erasure;
        await append(tx, tx.tenantId, now, `staff:${staff.id}`, [
          { type: 'erasure.decided', personId, data: { erasureId: id, decision } },
        ]);
        await request(tx, tx.tenantId, [
          { kind: 'erasure.show', key: id },
          ...(decision === 'approved' ? [{ kind: 'person.erase' as const, key: id }] : []),
        ]);
      });
    },
    async deadline(tenantId, { askedAt, place }) {
      const { zone } = await tenants.byId(tenantId);
      const day = DateTime.fromJSDate(askedAt, { zone }).toFormat('yyyy-MM-dd');
      const holidays = await tenants.holidays(tenantId, day);
      return deadlineOf(day, place, new Set(holidays.map((each) => each.day)));
    },
    find: (tenantId, id) => db.inTenant(tenantId, (tx) => findErasure(tx, id)),
    receipts: (tenantId, id) => db.inTenant(tenantId, (tx) => receiptsOf(tx, id)),
    async recent(staff, limit) {
      demand(staff, 'privacy.see');
      return db.inTenant(staff.tenantId, (tx) => recentErasures(tx, limit));
    },
    async run({ tenantId, key }) {
      const erasure = await db.inTenant(tenantId, (tx) => findErasure(tx, key));
      if (erasure?.state !== 'approved') return; // done before a crash
      const { personId } = erasure;
      const by = erasure.decidedBy ?? erasure.askedBy;
      // as hard as a stop of their own: every address is remembered by its keyed hash, and what is under way settles
      const stopped = await optOuts.run(tenantId, { personId, scope: 'all', by: 'staff', actor: `staff:${by.id}` });
      if (stopped && !stopped.settled) throw new ComeBackLater(AGAIN_SECONDS);
      const { data } = await tenants.keys(tenantId);
      await db.inTenant(tenantId, async (tx) => {
        await lockPerson(tx, personId);
        const now = await findErasure(tx, key, 'lock');
        if (now?.state !== 'approved') return;
        // an address may have come between, and must be remembered like the others
        const { inFlight } = await optOuts.apply(tx, {
          personId,
          scope: 'all',
          by: 'staff',
          actor: `staff:${by.id}`,
        });
        if (inFlight) throw new ComeBackLater(AGAIN_SECONDS);
        await erase(tx, now, data);
      });
    },
  };
}

const nobody = () => new KnownError('not_found', 'no such person', 'That person is not here (any more).');

const own = () =>
  new KnownError('forbidden', 'two people are needed', 'You have asked for it, so another manager or admin decides.');

const alone = () =>
  new KnownError(
    'conflict',
    'nobody could agree',
    'Somebody else has to agree, and there is no other manager or admin. Make one with `/rescue people`.',
  );

const askedAlready = () =>
  new KnownError(
    'conflict',
    'erasure asked for already',
    'Somebody has asked for it already, and it is being decided.',
  );

const decided = (state: ErasureState) =>
  new KnownError(
    'conflict',
    'erasure decided already',
    state === 'refused' ? 'A colleague has refused it already.' : 'A colleague has agreed already.',
  );
