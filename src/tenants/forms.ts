import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../db/index.ts';
import { append } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError } from '../lib/errors.ts';
import { newId, type TenantId } from '../lib/ids.ts';
import { demand, type Staff } from './staff.ts';

/** A form on a website whose enquiries come here. */
export interface Form {
  id: string;
  tenantId: TenantId;
  name: string;
  playbook: string;
  createdAt: Date;
  usedAt: Date | null;
}

/** The forms of tenants, and the keys by which their enquiries are known. */
export interface FormBook {
  /** Makes a form; the key is told this once, and only its hash is kept. */
  make(staff: Staff, form: { name: string; playbook: string }): Promise<{ form: Form; key: string }>;
  /** The form's key opens nothing any more. */
  revoke(staff: Staff, id: string): Promise<void>;
  list(tenantId: TenantId): Promise<Form[]>;
  /** The form of a key; undefined for one that is unknown or was revoked. */
  byKey(key: string): Promise<Form | undefined>;
}

const PREFIX = 'lrf_';
const MAX_NAME = 60;
const MAX_FORMS = 50;

/** A key has 192 random bits, so that a plain hash of it cannot be guessed back. */
const hashOf = (key: string) => createHash('sha256').update(key).digest();

const COLUMNS = `id, tenant_id as "tenantId", name, playbook, created_at as "createdAt", used_at as "usedAt"`;

export function createForms(deps: { db: Database; clock: Clock }): FormBook {
  const { db, clock } = deps;

  const list = (tenantId: TenantId) =>
    db.inTenant(tenantId, (tx) =>
      tx.query<Form>(
        // form_keys_tenant
        `select ${COLUMNS} from form_keys where tenant_id = $1 and revoked_at is null order by created_at, id`,
        [tenantId],
      ),
    );

  return {
    async make(staff, { name, playbook }) {
      demand(staff, 'settings.change');
      const words = name.replace(/[\s\p{Cc}]+/gu, ' ').trim();
      if (words === '' || words.length > MAX_NAME) {
        throw new KnownError(
          'validation_error',
          'form name',
          `Give the form a name of at most ${MAX_NAME} characters.`,
        );
      }
      const id = newId();
      const key = PREFIX + randomBytes(24).toString('base64url');
      const now = clock.now();
      return db.inTenant(staff.tenantId, async (tx) => {
        // one at a time, so that two cannot both be the last that fits, or have one name
        await tx.query('select from tenants where id = $1 for update', [tx.tenantId]);
        const forms = await tx.query<{ name: string }>(
          'select name from form_keys where tenant_id = $1 and revoked_at is null',
          [tx.tenantId],
        );
        if (forms.length >= MAX_FORMS) {
          throw new KnownError('conflict', 'too many forms', `There are ${MAX_FORMS} forms already. Revoke one first.`);
        }
        if (forms.some((form) => form.name.toLowerCase() === words.toLowerCase())) {
          throw new KnownError('conflict', 'form name taken', `There is a form called “${words}” already.`);
        }
        const [form] = await tx.query<Form>(
          `insert into form_keys (id, tenant_id, key_hash, name, playbook, created_by, created_at)
           values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
          [id, tx.tenantId, hashOf(key), words, playbook, staff.id, now],
        );
        if (!form) throw new Error('a form was not stored');
        await append(tx, tx.tenantId, now, `staff:${staff.id}`, [
          { type: 'form.made', data: { formId: id, playbook } },
        ]);
        return { form, key };
      });
    },
    async revoke(staff, id) {
      demand(staff, 'settings.change');
      const now = clock.now();
      await db.inTenant(staff.tenantId, async (tx) => {
        const revoked = await tx.query(
          'update form_keys set revoked_at = $2 where id = $1 and revoked_at is null returning id',
          [id, now],
        );
        if (revoked.length === 0)
          throw new KnownError('not_found', 'no such form', 'That form does not exist (any more).');
        await append(tx, tx.tenantId, now, `staff:${staff.id}`, [{ type: 'form.revoked', data: { formId: id } }]);
      });
    },
    list,
    async byKey(key) {
      if (!key.startsWith(PREFIX) || key.length > 100) return undefined;
      // whose it is nobody knows before: across tenants; the day of its last use is noted once a day
      const [form] = await db.system.query<Form>(
        {
          name: 'forms-by-key',
          text: `select ${COLUMNS} from form_keys where key_hash = $1 and revoked_at is null`,
        },
        [hashOf(key)],
      );
      const now = clock.now();
      if (form && (form.usedAt === null || now.getTime() - form.usedAt.getTime() > 86_400_000)) {
        await db.system.query('update form_keys set used_at = $2 where id = $1', [form.id, now]);
      }
      return form;
    },
  };
}
