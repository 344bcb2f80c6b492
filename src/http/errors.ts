import type { ErrorRequestHandler } from 'express';
import { type ErrorCode, isKnown } from '../lib/errors.ts';
import type { Logger } from '../lib/logger.ts';
import { sendProblem } from './answer.ts';
import { routeOf } from './request-log.ts';

const STATUS: Record<ErrorCode, number> = {
  validation_error: 400,
  not_found: 404,
  forbidden: 403,
  conflict: 409,
  opted_out: 409,
  unavailable: 503,
  misconfigured: 500,
  internal: 500,
};

/** The HTTP status of anything thrown: ours, Express' own (a body too large, a path that cannot be decoded), or 500. */
export function statusOf(error: unknown): number {
  if (isKnown(error)) return STATUS[error.code];
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

/** Turns whatever was thrown into an answer. Only our own words reach the person, only the cause reaches the log. */
export function translateErrors(log: Logger): ErrorRequestHandler {
  return (error, req, res, _next) => {
    const status = statusOf(error);
    if (status >= 500) {
      const facts = { err: error, request: res.locals.requestId, route: routeOf(req) };
      if (status === 503) log.warn(facts, 'request refused for now');
      else log.error(facts, 'request failed');
    }
    if (res.headersSent) res.destroy();
    else sendProblem(req, res, status, isKnown(error) && status < 500 ? error.userMessage : undefined);
  };
}
