import { type Logger, pino, stdTimeFunctions } from 'pino';

export type { Logger };

/**
 * JSON logs to stdout. ERROR means a person must act. Bodies, numbers, addresses and tokens are never passed in; the
 * redaction is the second net.
 */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: [
        'body',
        'phone',
        'to',
        'from',
        'email',
        'name',
        'token',
        '*.body',
        '*.phone',
        '*.email',
        '*.token',
        '*.authorization',
      ],
      censor: '[hidden]',
    },
    serializers: {
      // a database or gateway error may quote a row: its message is for the debugger, not for the log
      err: (error: unknown) =>
        error instanceof Error
          ? {
              type: error.name,
              code: (error as { code?: unknown }).code,
              message: scrub(error.message),
              stack: scrub(error.stack ?? ''),
            }
          : { type: typeof error },
    },
  });
}

/** Hides what looks like a phone number, a mailbox or a token in a text that goes to the log. */
export function scrub(text: string): string {
  return text
    .replace(/[\w.+-]+@[\w-]+\.[\w.]+/g, '[mailbox]')
    .replace(/\+?\d[\d ()-]{7,}\d/g, '[number]')
    .replace(/\b(xox[a-z]-|xapp-|sk-|AC[0-9a-f]{30})[\w-]+/g, '[token]');
}
