import type { Database } from '../db/index.ts';
import { append } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import type { LeadId, PersonId } from '../lib/ids.ts';
import {
  agentModeOf,
  demand,
  may,
  maySeeLead,
  type Playbooks,
  type RoutingBook,
  type Staff,
  type Tenants,
} from '../tenants/index.ts';
import type { Blobs } from './blobs.ts';
import { collectPerson, type PersonExport } from './collect-person.ts';
import { consentLedger, type Ledger } from './consent-ledger.ts';
import { type FoundPerson, findPeople } from './find-people.ts';
import { type Places, placesOf } from './places.ts';
import { findPrivateLink, insertPrivateLink, type PrivateLink, takePrivateLink } from './private-links.ts';
import { recipientsOf, recordsOfProcessing } from './records.ts';
import type { Vault } from './vault.ts';

/** What a one-time page shows once its button was pressed. */
export type Viewed =
  | { kind: 'licence'; customer: string; bytes: Buffer; mime: string }
  | { kind: 'export'; customer: string; held: PersonExport }
  /** The link does not work any more, or what it showed is gone. */
  | { kind: 'used' }
  | { kind: 'expired' }
  | { kind: 'gone' }
  /** Whoever asked for it may not see it any more. */
  | { kind: 'forbidden' }
  | { kind: 'unknown' };

export interface PrivacyDesk {
  /** The people that words are about; see `findPeople`. Throws `forbidden`. */
  find(staff: Staff, query: Parameters<typeof findPeople>[1]): Promise<FoundPerson[]>;
  /** What a person agreed to and refused. Throws `forbidden`, `not_found`. */
  consents(staff: Staff, personId: PersonId): Promise<Ledger>;
  /** A link for `/l/:token` that shows all that is held of a person, once. Throws `forbidden`, `not_found`. */
  exportLink(staff: Staff, personId: PersonId): Promise<{ token: string; customer: string }>;
  /** What a link is for; undefined for one that we did not make. Changes nothing. */
  findLink(token: string): Promise<PrivateLink | undefined>;
  /** Uses the link up and shows what it is for; who saw what is in the log in the same moment. */
  view(token: string): Promise<Viewed>;
  /** Where this business's photos may lie, as the buckets say themselves. */
  places(tenantId: Staff['tenantId']): Promise<Places>;
  /** Records of processing as Markdown. Throws `forbidden`. */
  records(staff: Staff): Promise<string>;
}

export interface PrivacyDeskDeps {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  routing: RoutingBook;
  vault: Vault;
  blobs: Blobs;
  /** Name of the language model, when there is one. */
  model: string | undefined;
}

export function createPrivacyDesk(deps: PrivacyDeskDeps): PrivacyDesk {
  const { db, clock, tenants, vault, blobs } = deps;

  /** Whether whoever asked for the link may still see it; roles and owners change. */
  async function mayStill(link: PrivateLink): Promise<boolean> {
    return db.inTenant(link.tenantId, async (tx) => {
      const [staff] = await tx.query<Staff>('select id, role from staff where id = $1', [link.staffId]);
      if (!staff) return false;
      if (link.kind === 'export') return may(staff.role, 'privacy.export');
      const [lead] = await tx.query<{ ownerId: string | null; coverId: string | null }>(
        `select l.owner_id as "ownerId", s.covered_by as "coverId" from assets a join leads l on l.id = a.lead_id
           left join staff s on s.id = l.owner_id where a.id = $1`,
        [link.subjectId],
      );
      return may(staff.role, 'licence.see') && (lead === undefined || maySeeLead(staff, lead));
    });
  }

  async function viewLicence(token: string, link: PrivateLink): Promise<Viewed> {
    const { tenantId, subjectId } = link;
    // opened first: a link is not used up by a store that does not answer
    const photo = await vault.open(tenantId, subjectId).catch((error) => {
      if (error instanceof KnownError && error.code === 'not_found') return undefined;
      throw error;
    });
    return db.inTenant(tenantId, async (tx) => {
      const [asset] = await tx.query<{ leadId: LeadId }>(
        'select lead_id as "leadId" from assets where id = $1 for key share',
        [subjectId],
      );
      if (!photo || !asset) return { kind: 'gone' };
      if (!(await takePrivateLink(tx, token, clock.now()))) return { kind: 'used' };
      await append(tx, tenantId, clock.now(), `staff:${link.staffId}`, [
        {
          type: 'licence.viewed',
          personId: link.personId,
          leadId: asset.leadId,
          data: { assetId: subjectId },
        },
      ]);
      return { kind: 'licence', customer: link.customer, ...photo };
    });
  }

  async function viewExport(token: string, link: PrivateLink): Promise<Viewed> {
    const { tenantId, personId } = link;
    const [{ data }, { name }] = await Promise.all([tenants.keys(tenantId), tenants.byId(tenantId)]);
    return db.inTenant(tenantId, async (tx) => {
      const now = clock.now();
      if (!(await takePrivateLink(tx, token, now))) return { kind: 'used' };
      // the log first, so that the export itself says that it was made
      await append(tx, tenantId, now, `staff:${link.staffId}`, [{ type: 'person.exported', personId, data: {} }]);
      const held = await collectPerson(tx, personId, { dataKey: data, business: name, now });
      return held ? { kind: 'export', customer: link.customer, held } : { kind: 'gone' };
    });
  }

  return {
    async find(staff, query) {
      demand(staff, 'privacy.see');
      return db.inTenant(staff.tenantId, (tx) => findPeople(tx, query));
    },
    async consents(staff, personId) {
      demand(staff, 'privacy.see');
      const ledger = await db.inTenant(staff.tenantId, (tx) => consentLedger(tx, personId));
      if (!ledger) throw nobody();
      return ledger;
    },
    async exportLink(staff, personId) {
      demand(staff, 'privacy.export');
      return db.inTenant(staff.tenantId, async (tx) => {
        const [person] = await tx.query<{ name: string }>(
          'select name from persons where id = $1 and erased_at is null',
          [personId],
        );
        if (!person) throw nobody();
        const link = { kind: 'export', subjectId: personId, personId, staffId: staff.id } as const;
        return { token: await insertPrivateLink(tx, link, clock.now()), customer: person.name };
      });
    },
    findLink: (token) => findPrivateLink(db.system, token, clock.now()),
    async view(token) {
      const link = await findPrivateLink(db.system, token, clock.now());
      if (!link) return { kind: 'unknown' };
      if (link.state !== 'open') return { kind: link.state };
      if (!(await mayStill(link))) return { kind: 'forbidden' };
      return link.kind === 'licence' ? viewLicence(token, link) : viewExport(token, link);
    },
    async places(tenantId) {
      const [settings, tenant, states] = await Promise.all([
        tenants.settings(tenantId),
        tenants.byId(tenantId),
        blobs.states(),
      ]);
      return placesOf(settings, tenant, states);
    },
    async records(staff) {
      demand(staff, 'privacy.see');
      const [settings, tenant, { accounts }, states] = await Promise.all([
        tenants.settings(staff.tenantId),
        tenants.byId(staff.tenantId),
        deps.routing.of(staff.tenantId),
        blobs.states(),
      ]);
      const playbooks = deps.playbooks.all;
      const assists = playbooks.some(({ key }) => agentModeOf(settings, key) !== 'off');
      return recordsOfProcessing({
        tenant,
        settings,
        playbooks,
        recipients: recipientsOf({
          vendors: Object.values(accounts).map(({ vendor }) => vendor),
          model: assists ? deps.model : undefined,
          outside: blobs.outside,
        }),
        places: placesOf(settings, tenant, states),
        day: clock.now().toISOString().slice(0, 10),
      });
    },
  };
}

const nobody = () => new KnownError('not_found', 'no such person', 'That person is not here (any more).');
