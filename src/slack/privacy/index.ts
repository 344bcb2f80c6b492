import type { EffectHandler } from '../../events/index.ts';
import type { Feature } from '../feature.ts';
import { createClean } from './clean.ts';
import type { PrivacyDeps } from './deps.ts';
import { erasureActions, erasureModals } from './erase.ts';
import { findFeature } from './find.ts';
import { licenceActions } from './licence.ts';
import { overviewFeature } from './overview.ts';
import { createReceiptsShow } from './receipts.ts';
import { recordsCommand } from './records.ts';
import { ruleCommands } from './rules.ts';
import { createErasureShow } from './show.ts';

export interface PrivacyFeature {
  feature: Feature;
  handlers: Record<'erasure.show' | 'erasure.clean' | 'erasure.receipts', EffectHandler>;
}

/** Privacy in Slack: licence photos, exports, erasure, the consent ledger, and the rules of keeping. */
export function createPrivacyFeature(deps: PrivacyDeps): PrivacyFeature {
  const overview = overviewFeature(deps);
  const find = findFeature(deps);
  return {
    feature: {
      commands: [...(overview.commands ?? []), ...(find.commands ?? []), recordsCommand(deps), ...ruleCommands(deps)],
      actions: { ...overview.actions, ...find.actions, ...licenceActions(deps), ...erasureActions(deps) },
      modals: { ...find.modals, ...erasureModals(deps) },
    },
    handlers: {
      'erasure.show': createErasureShow(deps),
      'erasure.clean': createClean(deps),
      'erasure.receipts': createReceiptsShow(deps),
    },
  };
}
