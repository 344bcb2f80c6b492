import type { Database } from './db/index.ts';
import type { Metrics } from './http/index.ts';
import type { Clock } from './lib/clock.ts';
import type { Logger } from './lib/logger.ts';
import { createPictures, type Pictures } from './reports/index.ts';
import type { Rooms } from './rooms.ts';
import { createAgentFeature } from './slack/agent/index.ts';
import { createAlertsFeature } from './slack/alerts/index.ts';
import { createAuditFeature } from './slack/audit/index.ts';
import { createBookingFeature } from './slack/bookings/index.ts';
import type { CardDeps } from './slack/card/index.ts';
import { createImportFeature } from './slack/import/index.ts';
import { createLeadFeature } from './slack/lead/index.ts';
import { createPhoneFeature } from './slack/phones/index.ts';
import { createPrivacyFeature } from './slack/privacy/index.ts';
import { createReportFeature } from './slack/reports/index.ts';

export interface FeatureDeps {
  rooms: Rooms;
  db: Database;
  clock: Clock;
  log: Logger;
  clientOf: CardDeps['clientOf'];
  publicUrl: string;
  observeAlert: Metrics['observeAlert'];
  /** What draws, where that is no process of its own. */
  pictures?: Pictures | undefined;
}

/** What people meet in Slack, each feature wired to the rooms, and the effects that they carry out. */
export function createFeatures({ rooms, ...wiring }: FeatureDeps) {
  const { pictures = createPictures() } = wiring;
  const deps = { ...rooms, ...wiring, pictures };
  const all = [
    createLeadFeature(deps),
    createAgentFeature(deps),
    createBookingFeature(deps),
    createAuditFeature(deps),
    createReportFeature(deps),
    createPrivacyFeature(deps),
    createPhoneFeature(deps),
    createAlertsFeature(deps),
    createImportFeature(deps),
  ];
  return {
    features: all.map(({ feature }) => feature),
    handlers: Object.fromEntries(all.flatMap(({ handlers }) => Object.entries(handlers))),
    stop: () => pictures.stop(),
  };
}
