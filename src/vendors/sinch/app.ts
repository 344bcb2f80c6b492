import { z } from 'zod';
import { isKnown, KnownError } from '../../lib/errors.ts';
import { memo } from '../../lib/memo.ts';
import { answerOf } from './problems.ts';
import type { Site } from './site.ts';

/** Which of Sinch's two stores its message list reads; it looks into one alone. */
export type MessagesSource = 'CONVERSATION_SOURCE' | 'DISPATCH_SOURCE';

export interface App {
  /**
   * Where this app's messages are listed. Throws `misconfigured` when the app is not the project's, or keeps nothing: an empty list
   * would then be taken for "nothing was sent" and "nobody wrote".
   */
  source(): Promise<MessagesSource>;
}

/** How long a mode that was read counts; it is changed by hand, if ever. */
const FRESH_MS = 60_000;

const app = z.object({
  processing_mode: z.enum(['CONVERSATION', 'DISPATCH']),
  dispatch_retention_policy: z.object({ ttl_days: z.number().optional() }).optional(),
});

/**
 * Reads how Sinch keeps an app's messages (developers.sinch.com/docs/conversation/processing-modes): in CONVERSATION mode for at
 * least a day; in DISPATCH mode, which apps made since April 2025 begin in, for 0 to 7 days, 0 being not at all.
 */
export function createApp(site: Site, appId: string, machine: () => number): App {
  const known = memo({ machine }, FRESH_MS, async (): Promise<MessagesSource> => {
    const path = `/v1/projects/${site.projectId}/apps/${encodeURIComponent(appId)}`;
    const read = answerOf(app, await site.read({ method: 'GET', path }), 'read the app');
    if (read.processing_mode === 'CONVERSATION') return 'CONVERSATION_SOURCE';
    if ((read.dispatch_retention_policy?.ttl_days ?? 0) >= 1) return 'DISPATCH_SOURCE';
    throw wrongApp('keeps no messages', KEEPS_NOTHING);
  });
  return {
    source: () =>
      known.get(appId).catch((error: unknown) => {
        throw isKnown(error) && error.code === 'not_found' ? wrongApp('unknown app', UNKNOWN_APP) : error;
      }),
  };
}

const KEEPS_NOTHING =
  'Sinch keeps no messages of this app, so nobody could tell what was sent or missed. In Sinch, set its dispatch retention to 7 days.';
const UNKNOWN_APP = 'This project at Sinch has no such app.';

const wrongApp = (log: string, message: string): KnownError =>
  new KnownError('misconfigured', `Sinch: ${log}`, message, { problems: [{ field: 'account', message }] });
