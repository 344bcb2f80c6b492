import type { Database, Tx } from '../db/index.ts';
import { append, type NewEffect, type NewEvent, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { type LeadId, newId, type TenantId } from '../lib/ids.ts';
import { open, seal } from '../lib/secrets.ts';
import type { Playbooks, Tenants } from '../tenants/index.ts';
import { checkPhoto, type PhotoFile, type PhotoType, photoProblem } from './photo.ts';
import { cutOffs } from './retention.ts';
import { findLink, insertLink, newToken, takeLink, type UploadLink } from './upload-links.ts';
import { assetOf, deleteDue, insertAsset, lockLead, noteOriginal, type Purged, readAsset } from './vault-store.ts';

export interface NewPhoto extends PhotoFile {
  /** The way it came. */
  by: 'slack' | 'upload';
  /** Whether the sender's copy is still where it was sent; `none` unless said. */
  original?: 'present' | 'none';
  /** What else is to follow, in the same transaction; a function where the effect is about the stored photo. */
  effects?: readonly NewEffect[] | ((assetId: string) => readonly NewEffect[]);
}

export type UploadOutcome =
  | { kind: 'stored'; assetId: string }
  /** The link does not work any more. */
  | { kind: 'used' }
  | { kind: 'expired' }
  /** Refused; the link still works. */
  | { kind: 'too_large' }
  | { kind: 'bad_type' }
  | { kind: 'unknown' };

export interface Vault {
  /**
   * Seals and keeps a lead's licence photo. A lead has one: a second one changes nothing and answers the first, so the
   * effects are asked for again but nothing is said twice. Throws a validation error at `licence_photo` when it is not
   * a JPEG, PNG, WebP or HEIC of at most 10 MB, `not_found` when this tenant has no such lead.
   */
  store(tenantId: TenantId, leadId: LeadId, photo: NewPhoto): Promise<{ assetId: string }>;
  /** The photo in clear, for whoever was found to be allowed. Throws `not_found`, also after it was purged. */
  open(tenantId: TenantId, assetId: string): Promise<{ bytes: Buffer; mime: string }>;
  /** Records what became of the original. Told twice, recorded once; nothing follows `deleted`. */
  original(tenantId: TenantId, assetId: string, outcome: 'deleted' | 'asked'): Promise<void>;
  /** Makes a link for `/u/:token` that takes one photo within 24 hours. Only its hash is kept. */
  createUploadLink(tenantId: TenantId, leadId: LeadId): Promise<string>;
  /** What a link is for; undefined for one that we did not make. Changes nothing. */
  findUploadLink(token: string): Promise<UploadLink | undefined>;
  /** Stores the photo and uses up the link, both or neither. */
  useUploadLink(token: string, file: PhotoFile): Promise<UploadOutcome>;
  /** Deletes the photos whose time is over. Returns how many. */
  purge(): Promise<number>;
}

const PURGE_BATCH = 100;

/** Licence photos: encrypted with the tenant's data key, each bound to its own row, deleted on time. */
export function createVault(deps: { db: Database; clock: Clock; tenants: Tenants; playbooks: Playbooks }): Vault {
  const { db, clock, tenants, playbooks } = deps;

  async function storeIn(tx: Tx, key: Buffer, leadId: LeadId, photo: NewPhoto, type: PhotoType): Promise<string> {
    const lead = await lockLead(tx, leadId);
    if (!lead) throw missing('lead');
    const now = clock.now();
    let assetId = await assetOf(tx, leadId);
    if (!assetId) {
      assetId = newId();
      const content = seal(key, placeOf(tx.tenantId, assetId), photo.bytes);
      await insertAsset(tx, { id: assetId, leadId, mime: type, content, original: photo.original ?? 'none', now });
      const data = { assetId, by: photo.by };
      await append(tx, tx.tenantId, now, 'system', [{ type: 'licence.stored', leadId, personId: lead.personId, data }]);
    }
    const effects = typeof photo.effects === 'function' ? photo.effects(assetId) : photo.effects;
    await request(tx, tx.tenantId, [...(effects ?? []), ...shown(leadId)]);
    return assetId;
  }

  return {
    async store(tenantId, leadId, photo) {
      const checked = checkPhoto(photo);
      if (checked.kind !== 'ok') throw photoProblem(checked.kind);
      const { data } = await tenants.keys(tenantId);
      const assetId = await db.inTenant(tenantId, (tx) => storeIn(tx, data, leadId, photo, checked.type));
      return { assetId };
    },
    async open(tenantId, assetId) {
      const { data } = await tenants.keys(tenantId);
      const asset = await db.inTenant(tenantId, (tx) => readAsset(tx, assetId));
      if (!asset) throw missing('photo');
      return { bytes: open(data, placeOf(tenantId, assetId), asset.content), mime: asset.mime };
    },
    async original(tenantId, assetId, outcome) {
      await db.inTenant(tenantId, async (tx) => {
        const leadId = await noteOriginal(tx, assetId, outcome);
        if (!leadId) return;
        await append(tx, tenantId, clock.now(), 'system', [{ type: 'licence.original', leadId, data: { outcome } }]);
        await request(tx, tenantId, shown(leadId));
      });
    },
    async createUploadLink(tenantId, leadId) {
      const token = newToken();
      await db.inTenant(tenantId, async (tx) => {
        if (!(await lockLead(tx, leadId))) throw missing('lead');
        await insertLink(tx, token, leadId, clock.now());
      });
      return token;
    },
    findUploadLink: (token) => findLink(db.system, token, clock.now()),
    async useUploadLink(token, file) {
      const link = await findLink(db.system, token, clock.now());
      if (!link) return { kind: 'unknown' };
      if (link.state !== 'open') return { kind: link.state };
      const checked = checkPhoto(file);
      if (checked.kind !== 'ok') return checked;
      const { data } = await tenants.keys(link.tenantId);
      return db.inTenant(link.tenantId, async (tx) => {
        if (!(await takeLink(tx, token, clock.now()))) return { kind: 'used' };
        const assetId = await storeIn(tx, data, link.leadId, { ...file, by: 'upload' }, checked.type);
        return { kind: 'stored', assetId };
      });
    },
    async purge() {
      const now = clock.now();
      const due = cutOffs(playbooks.all, now);
      for (let total = 0; ; ) {
        const purged = await db.system.transaction(async (sql) => {
          const gone = await deleteDue(sql, due, PURGE_BATCH);
          for (const [tenantId, photos] of byTenant(gone)) {
            const events = photos.map(
              ({ assetId, leadId }): NewEvent => ({ type: 'licence.purged', leadId, data: { assetId } }),
            );
            await append(sql, tenantId, now, 'system', events);
            await request(
              sql,
              tenantId,
              photos.flatMap(({ leadId }) => shown(leadId)),
            );
          }
          return gone.length;
        });
        total += purged;
        if (purged < PURGE_BATCH) return total;
      }
    },
  };
}

/** What a sealed photo is bound to. */
const placeOf = (tenantId: TenantId, assetId: string) => `${tenantId}/${assetId}/content`;

/** Where a change to the photo is seen. */
const shown = (leadId: LeadId): NewEffect[] => [{ kind: 'card.refresh', key: leadId }];

function byTenant(purged: readonly Purged[]): Map<TenantId, Purged[]> {
  const groups = new Map<TenantId, Purged[]>();
  for (const photo of purged) groups.set(photo.tenantId, [...(groups.get(photo.tenantId) ?? []), photo]);
  return groups;
}

function missing(what: 'lead' | 'photo'): KnownError {
  return new KnownError('not_found', `no such ${what}`, `This ${what} does not exist (any more).`);
}
