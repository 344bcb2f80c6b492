import type { EffectHandler } from '../../events/index.ts';
import { createCards } from '../card/index.ts';
import type { Feature } from '../feature.ts';
import type { ReportDeps } from './deps.ts';
import { createDigestPost } from './digest.ts';
import { kpiFeature } from './kpi.ts';
import { reportSettings } from './settings.ts';

export { percent } from './words.ts';

export interface ReportFeature {
  feature: Feature;
  handlers: Record<'digest.post', EffectHandler>;
}

/** Numbers in Slack: `/kpi`, digests, and what they are made with. */
export function createReportFeature(given: Omit<ReportDeps, 'cards'>): ReportFeature {
  const deps: ReportDeps = { ...given, cards: createCards(given) };
  const { commands, actions } = kpiFeature(deps);
  return {
    feature: { commands: [...commands, ...reportSettings(deps)], actions },
    handlers: { 'digest.post': createDigestPost(deps) },
  };
}
