import type { EffectHandler } from '../../events/index.ts';
import { clearLicence } from './clear.ts';
import { fetchLicence, type LicenceDeps } from './fetch.ts';

export { BY_LINK } from './fetch.ts';

/** What the outbox asks for when a licence photo was added in Slack. */
export function createLicenceHandlers(deps: LicenceDeps): Record<'licence.fetch' | 'licence.clear', EffectHandler> {
  return {
    'licence.fetch': (effect) => fetchLicence(deps, effect),
    'licence.clear': (effect) => clearLicence(deps, effect),
  };
}
