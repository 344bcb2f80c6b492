import express, { type Application } from 'express';
import { Duration } from 'luxon';
import { z } from 'zod';
import { validationError } from '../lib/errors.ts';
import { only } from './answer.ts';
import type { HttpDeps } from './deps.ts';

const MAX_TURN = Duration.fromObject({ days: 400 }).toMillis();

const duration = z.string().refine((text) => {
  const parsed = Duration.fromISO(text);
  return parsed.isValid && parsed.toMillis() >= 0 && parsed.toMillis() <= MAX_TURN;
});
const turn = z.strictObject({ advance: duration });

/** Turns the business clock of an installation on stand-ins: `{"advance":"P2D"}`; `PT0S` only asks for the time. */
export function mountSandboxClock(app: Application, sandbox: NonNullable<HttpDeps['sandbox']>): void {
  app
    .route('/sandbox/clock')
    .post(express.json({ limit: '1kb', inflate: false }), async (req, res) => {
      // a form of another site could be posted without asking; JSON cannot
      if (!req.is('application/json')) throw new UnsupportedType();
      const wanted = turn.safeParse(req.body);
      if (!wanted.success) {
        const message = 'Send {"advance":"P2D"}: an ISO 8601 duration from PT0S to P400D.';
        throw validationError([{ field: 'advance', message }]);
      }
      const now = await sandbox.advance(wanted.data.advance);
      res.json({ now: now.toISOString() });
    })
    .all(only('POST'));
}

/** Express' own kind of error: the translator answers with its status. */
class UnsupportedType extends Error {
  readonly status = 415;
}
