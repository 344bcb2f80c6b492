import type { KnownPerson } from '../people/index.ts';
import type { Playbook, Settings, Tenant, TenantKeys } from '../tenants/index.ts';
import type { CaptureInput, Checked } from './enquiry.ts';
import type { Enrichment } from './enrich/index.ts';

/** Everything about an enquiry that is worked out before anything is stored. */
export interface Attempt {
  tenant: Tenant;
  settings: Settings;
  keys: TenantKeys;
  playbook: Playbook;
  input: CaptureInput;
  checked: Checked;
  enrichment: Enrichment;
  language: string;
}

/**
 * Whether the enquiry tells more of where a known person is than we knew. Their number's own place counts as well, so an
 * enquiry without it says less than we have. Pure.
 */
export function tellsPlace(
  { checked }: Pick<Attempt, 'checked'>,
  { enriched }: Pick<Enrichment, 'enriched'>,
  known: Pick<KnownPerson, 'addresses'>,
): boolean {
  const said = enriched.zoneBy !== undefined && enriched.zoneBy !== 'phone';
  return said && (checked.phone !== undefined || !known.addresses.some(({ kind }) => kind === 'phone'));
}
