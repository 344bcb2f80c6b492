import type { Request, RequestHandler } from 'express';
import { newId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';

/** The pattern of the path (`/o/:token`), never the path itself: that may hold a token. */
export function routeOf(req: Request): string {
  const path: unknown = req.route?.path;
  return typeof path === 'string' ? path : '(none)';
}

/** Asked all the time by machines; only a failure of theirs is worth a line. */
const FREQUENT = /^\/(webhooks|healthz|readyz|metrics)(\/|$)/;

/** Names each request, and writes one line when it is over, without anything that could be personal. */
export function logRequests(log: Logger, machine: () => number): RequestHandler {
  return (req, res, next) => {
    const startedAt = machine();
    res.locals.startedAt = startedAt;
    res.locals.requestId = newId();
    res.set('X-Request-Id', res.locals.requestId);
    res.once('close', () => {
      const route = routeOf(req);
      const level = FREQUENT.test(route) && res.statusCode < 400 ? 'debug' : 'info';
      const outcome = res.writableFinished ? { status: res.statusCode } : { gone: true };
      const ms = Math.round(machine() - startedAt);
      log[level]({ request: res.locals.requestId, method: req.method, route, ...outcome, ms }, 'request');
    });
    next();
  };
}
