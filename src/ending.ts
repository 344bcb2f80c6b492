import { ConfigError } from './config.ts';
import { isKnown } from './lib/errors.ts';
import type { Logger } from './lib/logger.ts';

/** After this the process ends whatever is still open. */
const DRAIN_MS = 9500;

/** What of `process` is used. */
export interface Ending {
  on(event: string, listener: (reason: unknown) => void): unknown;
  exit(code?: number): void;
}

/**
 * Ends the process in order: it finishes what is under way, closes, and exits. After an error that nobody has caught with 1, so that its supervisor starts another one. What the process believes may be wrong by then, so it does not
 * go on; it is drained all the same, because what left without being recorded would have to be reconciled.
 */
export function endInOrder(process: Ending, log: Logger, close: () => Promise<void>): void {
  let ending = false;
  const end = (code?: number) => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), DRAIN_MS).unref();
    close().then(
      () => process.exit(code),
      (error) => {
        log.error({ err: error }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT']) {
    process.on(signal, () => {
      if (!ending) log.info({ signal }, 'stopping: finishing what is under way');
      end();
    });
  }
  for (const event of ['unhandledRejection', 'uncaughtException']) {
    process.on(event, (error) => {
      log.error({ err: error, event }, 'an error that nobody caught: the process finishes what is under way and ends');
      end(1);
    });
  }
}

/** What is told of a start that comes to nothing: of what is known what to do about it, of anything else where it happened. */
export function whyNot(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return isKnown(error) ? error.userMessage : `LeadRescue could not start.\n${(error as Error)?.stack}`;
}
