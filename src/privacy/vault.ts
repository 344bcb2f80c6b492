import type { Database, Tx } from '../db/index.ts';
import { append, type NewEffect, type NewEvent, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { type LeadId, newId, type TenantId } from '../lib/ids.ts';
import { open, seal } from '../lib/secrets.ts';
import type { Playbooks, Tenants } from '../tenants/index.ts';
import { type Blobs, beginBlob, dropBlobs, keepBlob, sweepBlobs } from './blobs.ts';
import { checkPhoto, type PhotoFile, type PhotoType, photoProblem } from './photo.ts';
import { residencyOf } from './regions.ts';
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
export function createVault(deps: {
  db: Database;
  clock: Clock;
  tenants: Tenants;
  playbooks: Playbooks;
  blobs: Blobs;
}): Vault {
  const { db, clock, tenants, playbooks, blobs } = deps;

  /** Seals a photo and, where there is an object store, writes it there; nothing belongs to a lead yet. */
  async function prepare(tenantId: TenantId, photo: PhotoFile, mime: PhotoType): Promise<Prepared> {
    const { data } = await tenants.keys(tenantId);
    const id = newId();
    const sealed = seal(data, placeOf(tenantId, id), photo.bytes);
    if (!blobs.outside) return { id, mime, content: sealed, bucket: null };
    const [tenant, settings] = await Promise.all([tenants.byId(tenantId), tenants.settings(tenantId)]);
    await db.inTenant(tenantId, (tx) => beginBlob(tx, id));
    const bucket = await blobs.put(tenantId, id, sealed, residencyOf(settings, tenant)).catch(async (error) => {
      // whatever was written before it failed goes as well
      await db.inTenant(tenantId, (tx) => dropBlobs(tx, tenantId, [id]));
      throw error;
    });
    return { id, mime, content: null, bucket };
  }

  async function storeIn(tx: Tx, prepared: Prepared, leadId: LeadId, photo: NewPhoto): Promise<string> {
    const lead = await lockLead(tx, leadId);
    if (!lead) throw missing('lead');
    const now = clock.now();
    let assetId = await assetOf(tx, leadId);
    if (assetId) await dropBlobs(tx, tx.tenantId, [prepared.id]);
    else {
      assetId = prepared.id;
      if (prepared.bucket !== null && !(await keepBlob(tx, assetId, prepared.bucket))) throw tooSlow();
      const { mime, content } = prepared;
      await insertAsset(tx, { id: assetId, leadId, mime, content, original: photo.original ?? 'none', now });
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
      const prepared = await prepare(tenantId, photo, checked.type);
      const assetId = await db.inTenant(tenantId, (tx) => storeIn(tx, prepared, leadId, photo));
      return { assetId };
    },
    async open(tenantId, assetId) {
      const { data } = await tenants.keys(tenantId);
      const asset = await db.inTenant(tenantId, (tx) => readAsset(tx, assetId));
      if (!asset) throw missing('photo');
      const sealed = asset.content ?? (await blobs.get(tenantId, assetId, asset.bucket));
      if (!sealed) throw missing('photo');
      return { bytes: open(data, placeOf(tenantId, assetId), sealed), mime: asset.mime };
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
      const prepared = await prepare(link.tenantId, file, checked.type);
      return db.inTenant(link.tenantId, async (tx) => {
        if (!(await takeLink(tx, token, clock.now()))) {
          await dropBlobs(tx, link.tenantId, [prepared.id]);
          return { kind: 'used' };
        }
        const assetId = await storeIn(tx, prepared, link.leadId, { ...file, by: 'upload' });
        return { kind: 'stored', assetId };
      });
    },
    async purge() {
      const now = clock.now();
      await sweepBlobs(db.system);
      const due = cutOffs(playbooks.all, now);
      for (let total = 0; ; ) {
        const purged = await db.system.transaction(async (sql) => {
          const gone = await deleteDue(sql, due, PURGE_BATCH);
          for (const [tenantId, photos] of byTenant(gone)) {
            const events = photos.map(
              ({ assetId, leadId }): NewEvent => ({ type: 'licence.purged', leadId, data: { assetId } }),
            );
            await append(sql, tenantId, now, 'system', events);
            await dropBlobs(
              sql,
              tenantId,
              photos.map(({ assetId }) => assetId),
            );
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

/** A sealed photo that belongs to nothing yet: its bytes are here, or in a bucket. */
interface Prepared {
  id: string;
  mime: PhotoType;
  content: Buffer | null;
  bucket: string | null;
}

/** What a sealed photo is bound to. */
const placeOf = (tenantId: TenantId, assetId: string) => `${tenantId}/${assetId}/content`;

/** Where a change to the photo is seen. */
export const shown = (leadId: LeadId): NewEffect[] => [{ kind: 'card.refresh', key: leadId }];

function byTenant(purged: readonly Purged[]): Map<TenantId, Purged[]> {
  const groups = new Map<TenantId, Purged[]>();
  for (const photo of purged) groups.set(photo.tenantId, [...(groups.get(photo.tenantId) ?? []), photo]);
  return groups;
}

/** It was given up as left behind, and is being removed. */
function tooSlow(): KnownError {
  return new KnownError('unavailable', 'a photo took over an hour to store', 'That took too long. Please try again.');
}

export function missing(what: 'lead' | 'photo'): KnownError {
  return new KnownError('not_found', `no such ${what}`, `This ${what} does not exist (any more).`);
}
