import bolt from '@slack/bolt';
import { type Logger, scrub } from '../lib/logger.ts';

type SdkLogger = NonNullable<ConstructorParameters<typeof bolt.App>[0]>['logger'] & object;

/**
 * Our log behind Slack's SDK. At debug it would print whole requests, tokens and people's words, so that level leads
 * nowhere. What it calls an error is told to a person by us, where it matters: here it is a warning.
 */
export function sdkLogger(log: Logger): SdkLogger {
  const warn = (...said: unknown[]) => log.warn({ sdk: said.map(inWords).join(' ') }, "Slack's SDK reports a problem");
  return {
    debug: () => undefined,
    info: () => undefined,
    warn,
    error: warn,
    setLevel: () => undefined,
    getLevel: () => bolt.LogLevel.INFO,
    setName: () => undefined,
  };
}

const inWords = (said: unknown) => scrub(said instanceof Error ? said.message : String(said));
