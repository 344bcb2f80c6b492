import { createHash, randomBytes, randomInt } from 'node:crypto';
import type { Database, Tx } from '../db/index.ts';
import { append } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { KnownError, validationError } from '../lib/errors.ts';
import { newId, type TenantId } from '../lib/ids.ts';
import { isLoopbackName } from '../lib/loopback.ts';
import { demand, type Staff } from './staff.ts';

/** A form whose enquiries come here: one on a website, known by its key, and a page of ours, known by its slug. */
export interface Form {
  id: string;
  tenantId: TenantId;
  name: string;
  /** Names its page, for ever. */
  slug: string;
  playbook: string;
  /** Websites that may show the page in a frame, or send to it from a script: `https://example.com`. */
  origins: string[];
  createdAt: Date;
  usedAt: Date | null;
}

/** The forms of tenants, and the keys by which their enquiries are known. */
export interface FormBook {
  /** Makes a form; the key is told this once, and only its hash is kept. */
  make(staff: Staff, form: { name: string; playbook: string }): Promise<{ form: Form; key: string }>;
  /** Its name, and the websites that may show it. What it is reached by stays. */
  change(staff: Staff, id: string, to: { name: string; origins: readonly string[] }): Promise<Form>;
  /** The form's key opens nothing any more, and its page is closed. */
  revoke(staff: Staff, id: string): Promise<void>;
  list(tenantId: TenantId): Promise<Form[]>;
  /** The form of a key; undefined for one that is unknown or was revoked. */
  byKey(key: string): Promise<Form | undefined>;
  /** The form of a page; undefined where there is none, or it was closed. */
  bySlug(slug: string): Promise<Form | undefined>;
  /** An enquiry came by it. */
  used(form: Form): Promise<void>;
}

const PREFIX = 'lrf_';
const MAX_NAME = 60;
const MAX_FORMS = 50;
const MAX_ORIGINS = 10;
const MAX_SLUG = 40;
/** Without vowels, so that no word comes out. */
const ENDING = 'bcdfghjkmnpqrstvwxz23456789';

/** A key has 192 random bits, so that a plain hash of it cannot be guessed back. */
const hashOf = (key: string) => createHash('sha256').update(key).digest();

const COLUMNS = `id, tenant_id as "tenantId", name, slug, playbook, origins, created_at as "createdAt", used_at as "usedAt"`;

/** `Website contact` is `website-contact-x4k9wq`: to be read, and not to be guessed from another business's. */
function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]+/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, MAX_SLUG);
  const ending = Array.from({ length: 6 }, () => ENDING[randomInt(ENDING.length)]).join('');
  return `${words || 'form'}-${ending}`;
}

function nameIn(entered: string): string {
  const words = entered.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  if (words !== '' && words.length <= MAX_NAME) return words;
  const message = `Give the form a name of at most ${MAX_NAME} characters.`;
  throw new KnownError('validation_error', 'form name', message, { problems: [{ field: 'name', message }] });
}

/** Each website once, as browsers name it. Throws a validation error at `origins` for what is none. */
function originsIn(entered: readonly string[]): string[] {
  const refuse = (message: string) => validationError([{ field: 'origins', message }]);
  const origins = entered.map((each) => {
    const url = URL.canParse(each) ? new URL(each) : undefined;
    const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackName(url.hostname));
    if (!url || !secure) throw refuse(`“${each}” is no website: write it like https://www.example.com.`);
    return url.origin;
  });
  const once = [...new Set(origins)];
  if (once.length > MAX_ORIGINS) throw refuse(`Name ${MAX_ORIGINS} websites at most.`);
  return once;
}

/** One at a time, so that two cannot both be the last that fits, or have one name. */
async function othersOf(tx: Tx, except?: string): Promise<{ name: string }[]> {
  await tx.query('select from tenants where id = $1 for no key update', [tx.tenantId]);
  return tx.query<{ name: string }>(
    'select name from form_keys where tenant_id = $1 and revoked_at is null and id is distinct from $2',
    [tx.tenantId, except ?? null],
  );
}

function refuseTaken(name: string, others: readonly { name: string }[]): void {
  if (!others.some((form) => form.name.toLowerCase() === name.toLowerCase())) return;
  const message = `There is a form called “${name}” already.`;
  throw new KnownError('conflict', 'form name taken', message, { problems: [{ field: 'name', message }] });
}

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

  /** Whose it is nobody knew before, so across tenants; the day of a form's last use is noted once a day. */
  async function used([form]: readonly Form[]): Promise<Form | undefined> {
    const now = clock.now();
    if (form && (form.usedAt === null || now.getTime() - form.usedAt.getTime() > 86_400_000)) {
      await db.system.query('update form_keys set used_at = $2 where id = $1', [form.id, now]);
    }
    return form;
  }

  return {
    async make(staff, { name, playbook }) {
      demand(staff, 'settings.change');
      const words = nameIn(name);
      const id = newId();
      const key = PREFIX + randomBytes(24).toString('base64url');
      const now = clock.now();
      return db.inTenant(staff.tenantId, async (tx) => {
        const others = await othersOf(tx);
        if (others.length >= MAX_FORMS) {
          throw new KnownError('conflict', 'too many forms', `There are ${MAX_FORMS} forms already. Revoke one first.`);
        }
        refuseTaken(words, others);
        const [form] = await tx.query<Form>(
          `insert into form_keys (id, tenant_id, key_hash, name, slug, playbook, created_by, created_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}`,
          [id, tx.tenantId, hashOf(key), words, slugOf(words), playbook, staff.id, now],
        );
        if (!form) throw new Error('a form was not stored');
        await append(tx, tx.tenantId, now, `staff:${staff.id}`, [
          { type: 'form.made', data: { formId: id, playbook } },
        ]);
        return { form, key };
      });
    },
    async change(staff, id, { name, origins }) {
      demand(staff, 'settings.change');
      const words = nameIn(name);
      const sites = originsIn(origins);
      return db.inTenant(staff.tenantId, async (tx) => {
        refuseTaken(words, await othersOf(tx, id));
        const [form] = await tx.query<Form>(
          `update form_keys set name = $2, origins = $3 where id = $1 and revoked_at is null returning ${COLUMNS}`,
          [id, words, sites],
        );
        if (!form) throw gone();
        await append(tx, tx.tenantId, clock.now(), `staff:${staff.id}`, [
          { type: 'form.changed', data: { formId: id, origins: sites.length } },
        ]);
        return form;
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
        if (revoked.length === 0) throw gone();
        await append(tx, tx.tenantId, now, `staff:${staff.id}`, [{ type: 'form.revoked', data: { formId: id } }]);
      });
    },
    list,
    async byKey(key) {
      if (!key.startsWith(PREFIX) || key.length > 100) return undefined;
      return used(
        await db.system.query<Form>(
          {
            name: 'forms-by-key',
            text: `select ${COLUMNS} from form_keys where key_hash = $1 and revoked_at is null`,
          },
          [hashOf(key)],
        ),
      );
    },
    async bySlug(slug) {
      if (!/^[a-z0-9-]{1,60}$/.test(slug)) return undefined;
      const [form] = await db.system.query<Form>(
        // form_keys_slug
        { name: 'forms-by-slug', text: `select ${COLUMNS} from form_keys where slug = $1 and revoked_at is null` },
        [slug],
      );
      return form;
    },
    used: async (form) => void (await used([form])),
  };
}

const gone = (): KnownError => new KnownError('not_found', 'no such form', 'That form does not exist (any more).');
