/** What a window may take at most before it is answered, machine ms: Slack waits three seconds. */
export const ANSWER_MS = 2200;
