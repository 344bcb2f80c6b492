import express, { type RequestHandler } from 'express';
import { KnownError } from '../lib/errors.ts';
import { nestsTooDeep } from '../lib/json.ts';

/** Reads a JSON body up to `limit`, by default only where it is called JSON. What is none, or nests too deep, is a 400. */
export function readJsonBody(limit: string, type: string | string[] = 'application/json'): RequestHandler {
  return express.json({
    limit,
    type,
    strict: false,
    verify(_req, _res, bytes) {
      if (!nestsTooDeep(bytes.toString('utf8'))) return;
      throw new KnownError('validation_error', 'JSON nests too deep', 'Send JSON that nests less deep.');
    },
  });
}
