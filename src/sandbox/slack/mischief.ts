/** Switches for a bad day at Slack. Tests and the sandbox page set the fields; `reset` brings the good day back. */
export interface Mischief {
  /** Each Web API call is answered this many milliseconds later. */
  slowMs: number;
  /** `unavailable` answers 503; `reset` cuts the connection before anything happened. */
  outage: 'none' | 'unavailable' | 'reset';
  /** The next `times` calls (of `methods`, or any) are answered 429 with `Retry-After: retryAfter` (seconds). */
  rateLimit: { retryAfter: number; times: number; methods?: readonly string[] } | null;
  /** The next n calls (of `methods`, or any) take effect, but the connection is cut before the answer. */
  loseAnswers: { times: number; methods?: readonly string[] } | null;
  /** Methods that refuse with this error code until taken out again, e.g. `chat.postMessage` -> `account_inactive`. */
  refuse: Map<string, string>;
  /** Real bots may not delete a person's file (`cant_delete_file`); some workspaces' tokens may. */
  botMayDeleteFiles: boolean;
  /** Messages are listed at most so many at once, whatever is asked for: 15 for apps outside Slack's marketplace. */
  pageSize: number;
  /** Files in payloads come without addresses, as with Slack Connect: the app has to ask files.info. */
  filesNeedInfo: boolean;
  reset(): void;
}

const goodDay = {
  slowMs: 0,
  outage: 'none',
  rateLimit: null,
  loseAnswers: null,
  botMayDeleteFiles: false,
  filesNeedInfo: false,
  pageSize: 1000,
} as const;

export function createMischief(): Mischief {
  const mischief: Mischief = {
    ...goodDay,
    refuse: new Map(),
    reset() {
      Object.assign(mischief, goodDay);
      mischief.refuse.clear();
    },
  };
  return mischief;
}

/** Whether a counted switch applies to this call; uses it up by one. */
export function strikes(trick: { times: number; methods?: readonly string[] } | null, method: string): boolean {
  if (trick === null || trick.times <= 0) return false;
  if (trick.methods !== undefined && !trick.methods.includes(method)) return false;
  trick.times -= 1;
  return true;
}
