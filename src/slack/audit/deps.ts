import type { CardDeps } from '../card/index.ts';

/** What the log in Slack stands on. */
export type AuditDeps = CardDeps;
