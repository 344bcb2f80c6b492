import { pino } from 'pino';
import { createLogger } from '../../src/lib/logger.ts';

/** The product's own logger, so that what must not be in a log can be looked for; its lines are kept. */
export function collecting(lines: object[]): ReturnType<typeof createLogger> {
  const log = createLogger('debug');
  return Object.assign(log, { [pino.symbols.streamSym]: { write: (line: string) => lines.push(JSON.parse(line)) } });
}
