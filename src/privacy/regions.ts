import type { Settings, Tenant } from '../tenants/index.ts';

/** Where a business's photos may be stored. */
export type Residency = 'eu' | 'any';

/** EU-27 and the EEA's other three, ISO2: the GDPR applies to all of them. */
const EEA = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO'.split(' '),
);
/** Amazon calls them eu-, and they are in the United Kingdom and in Switzerland. */
const OUTSIDE = new Set(['eu-west-2', 'eu-central-2']);

/** What the business has set, else what its country suggests. Pure. */
export const residencyOf = (settings: Pick<Settings, 'residency'>, tenant: Pick<Tenant, 'country'>): Residency =>
  settings.residency ?? (EEA.has(tenant.country) ? 'eu' : 'any');

/** Whether a region that a bucket has told lies inside the EU, by Amazon's names; the sovereign cloud's are `eusc-`. Pure. */
export const isInEu = (region: string): boolean => /^eu(sc)?-[a-z]/.test(region) && !OUTSIDE.has(region);
