import { createHash, randomFillSync } from 'node:crypto';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Id<'tenant'>;
export type StaffId = Id<'staff'>;
export type PersonId = Id<'person'>;
export type AddressId = Id<'address'>;
export type LeadId = Id<'lead'>;
export type EnrolmentId = Id<'enrolment'>;
export type MessageId = Id<'message'>;
export type AccountId = Id<'account'>;
export type ApiKeyId = Id<'api-key'>;
export type HookId = Id<'hook'>;
export type SettingChangeId = Id<'setting-change'>;
export type PhoneId = Id<'phone'>;
export type AlertId = Id<'alert'>;

const pool = Buffer.alloc(16 * 256);
let used = pool.length;

function randomTen(): Buffer {
  if (used + 16 > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 16;
  return pool.subarray(used - 16, used);
}

function format(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A UUIDv7 (RFC 9562): ordered by machine time, so that new rows sit together in an index. */
export function newId<T extends string = string>(): T {
  const bytes = randomTen();
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return format(bytes.toString('hex')) as T;
}

/**
 * An id derived from names (UUIDv8, RFC 9562): the same gateway message always becomes the same row, however often it
 * is delivered.
 */
export function derivedId<T extends string = string>(...names: string[]): T {
  const bytes = createHash('sha256').update(names.join('\u0000')).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return format(bytes.toString('hex')) as T;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a lower-case UUID; ids from outside are checked before they reach a query. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}
