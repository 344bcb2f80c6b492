import type { Settings, Tenant } from '../tenants/index.ts';
import type { BucketState } from './blobs.ts';
import { isInEu, type Residency, residencyOf } from './regions.ts';

/** Where a business's data may lie, and what of it was checked. */
export interface Places {
  residency: Residency;
  /** Whether the business has set it, or its country has. */
  by: 'setting' | 'country';
  /** Empty: photos are in the database. */
  buckets: (BucketState & { allowed: boolean })[];
}

/** Judges what the buckets have told of themselves. Pure. */
export function placesOf(
  settings: Pick<Settings, 'residency'>,
  tenant: Pick<Tenant, 'country'>,
  buckets: readonly BucketState[],
): Places {
  const residency = residencyOf(settings, tenant);
  return {
    residency,
    by: settings.residency === null ? 'country' : 'setting',
    buckets: buckets.map((bucket) => ({
      ...bucket,
      allowed: bucket.region !== undefined && (residency === 'any' || isInEu(bucket.region)),
    })),
  };
}

/** The same in sentences, what cannot be checked included. Pure. */
export function placesInWords({ residency, by, buckets }: Places): string[] {
  const why = by === 'setting' ? 'as you have set it' : 'because of your country';
  const rule =
    residency === 'eu'
      ? `Photos may be stored in the EU only (${why}). A bucket elsewhere is refused, whatever is configured.`
      : `Photos may be stored anywhere (${why}).`;
  const each = buckets.map(({ name, region, allowed }) => {
    if (region === undefined) return `Bucket ${name}: does not answer, so nothing is written to it.`;
    return `Bucket ${name}: in ${region}, as it says itself${allowed ? '' : '; nothing of yours is written to it'}.`;
  });
  return [
    rule,
    ...(buckets.length > 0 ? each : ['No object store is configured: photos are in the database, encrypted.']),
    'Not checked, because nothing tells it reliably: in which region the database runs, with its backups. Ask whoever runs it.',
  ];
}
