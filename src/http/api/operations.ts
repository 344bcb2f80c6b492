import { analyticsOperations } from './analytics.ts';
import { automationOperations } from './automation.ts';
import { conversationOperations } from './conversations.ts';
import { hookOperations } from './hooks.ts';
import { integrationOperations } from './integrations.ts';
import { leadReads } from './leads-read.ts';
import { leadWrites } from './leads-write.ts';
import type { Operation } from './operation.ts';
import { tokenOperations } from './tokens.ts';

/** Everything the API can do, in the order of its page. */
export const OPERATIONS: readonly Operation[] = [
  ...tokenOperations,
  ...leadReads,
  ...leadWrites,
  ...conversationOperations,
  ...automationOperations,
  ...analyticsOperations,
  ...integrationOperations,
  ...hookOperations,
];
