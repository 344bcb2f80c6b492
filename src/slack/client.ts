import type { z } from 'zod';

/**
 * Slack's Web API for one workspace. Calls are bounded in time and never retried inside: the outbox does that.
 */
export interface SlackClient {
  /**
   * Calls a method and parses what it answers. Throws `ComeBackLater` when Slack asks to wait, `SlackRefusal` with
   * Slack's own code (`channel_not_found`, …) when it says no, `unavailable` when it cannot be reached.
   */
  call<T extends z.ZodType>(method: string, args: Record<string, unknown>, answer: T): Promise<z.infer<T>>;
  /**
   * Fetches a file with the bot's token, at most `maxBytes`; throws `KnownError` when it is larger, or when Slack shows
   * its sign-in page instead.
   */
  download(url: string, maxBytes: number): Promise<{ bytes: Buffer; mime: string }>;
  /** Puts a file's bytes at the address that `files.getUploadURLExternal` gave. */
  upload(url: string, bytes: Buffer): Promise<void>;
}

/** Slack refused a call; `code` is its word for why. */
export class SlackRefusal extends Error {
  readonly code: string;
  constructor(method: string, code: string) {
    super(`${method}: ${code}`);
    this.name = 'SlackRefusal';
    this.code = code;
  }
}
