import { createHash } from 'node:crypto';
import type { Database } from '../../db/index.ts';
import { isId, newId, type TenantId } from '../../lib/ids.ts';
import type { Logo } from '../settings.ts';
import { MAX_LOGO_BYTES, type PictureFacts, readPicture } from './picture.ts';
import type { PictureFetcher } from './port.ts';

/** Pictures that businesses show to customers. Which one counts is a setting, and comes to count as every setting does. */
export interface LogoBook {
  /** The bytes at an address that somebody wrote, or why there are none. */
  fetch(url: string): Promise<Buffer | string>;
  /** Keeps a picture; the same one twice is one. A text says why it is none. */
  keep(tenantId: TenantId, bytes: Buffer): Promise<Logo | string>;
  /** Whoever knows the id may see it. */
  find(id: string): Promise<{ type: PictureFacts['type']; bytes: Buffer } | undefined>;
}

export function createLogos({ db, fetcher }: { db: Database; fetcher?: PictureFetcher | undefined }): LogoBook {
  return {
    fetch: async (url) =>
      fetcher ? fetcher.fetch(url, MAX_LOGO_BYTES) : 'Pictures are not fetched here. Add it as a file.',
    async keep(tenantId, bytes) {
      const facts = readPicture(bytes);
      if (typeof facts === 'string') return facts;
      const { type, width, height } = facts;
      const digest = createHash('sha256').update(bytes).digest();
      return db.inTenant(tenantId, async (tx) => {
        // whoever tries one picture after the other leaves none behind: what no change of a day ago wanted goes
        await tx.query(
          `delete from logos l where l.tenant_id = $1 and l.kept_at < clock_timestamp() - interval '1 day'
             and not exists (select from settings s where s.tenant_id = $1 and s.values #>> '{branding,logo,id}' = l.id::text)
             and not exists (select from setting_changes c, jsonb_array_elements(c.changes) e
               where c.tenant_id = $1 and l.id::text in (e #>> '{before,logo,id}', e #>> '{after,logo,id}'))`,
          [tenantId],
        );
        const [row] = await tx.query<{ id: string }>(
          `insert into logos (id, tenant_id, type, width, height, bytes, digest) values ($1, $2, $3, $4, $5, $6, $7)
           on conflict (tenant_id, digest) do update set kept_at = clock_timestamp() returning id`,
          [newId(), tenantId, type, width, height, bytes, digest],
        );
        if (!row) throw new Error('a logo was not kept');
        return { id: row.id, width, height };
      });
    },
    async find(id) {
      if (!isId(id)) return undefined;
      const [row] = await db.system.query<{ type: PictureFacts['type']; bytes: Buffer }>(
        'select type, bytes from logos where id = $1', // primary key
        [id],
      );
      return row;
    },
  };
}
