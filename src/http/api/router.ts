import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express';
import { type Caller, Unauthorised } from '../../access/index.ts';
import type { Logger } from '../../lib/logger.ts';
import { demand } from '../../tenants/index.ts';
import { statusOf } from '../errors.ts';
import { readJsonBody } from '../json.ts';
import { routeOf } from '../request-log.ts';
import { mountDocs } from './docs.ts';
import { type ApiLimits, type ApiRates, createApiLimits, RATES } from './limits.ts';
import { KeyReused, once, onceKey } from './once.ts';
import { type ApiRooms, type Download, handOf, type Operation } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { sendThrown, sendTrouble, troublesOf } from './problem.ts';

const MAX_BODY = '1mb';

export interface Api {
  routes: Router;
  close(): void;
}

/** The API under `/api/v2`, made from the table of operations. */
export function createApi(rooms: ApiRooms, log: Logger, publicUrl: string, rates: ApiRates = RATES): Api {
  const limits = createApiLimits(rates);
  const routes = Router({ caseSensitive: true, strict: false });
  routes.use((_req, res, next) => {
    res.set('Cache-Control', 'no-store');
    next();
  });
  mountDocs(routes, publicUrl);
  routes.use(limits.address);

  for (const path of pathsInOrder()) {
    const operations = OPERATIONS.filter((operation) => operation.path === path);
    const route = routes.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    for (const operation of operations) route[operation.method](...chainOf(rooms, limits, operation));
    const methods = operations.map(({ method }) => method.toUpperCase()).join(', ');
    route.all((_req, res) => {
      res.set('Allow', methods);
      sendTrouble(res, 405, `Here one can ${methods}.`);
    });
  }
  routes.use((_req, res) => sendTrouble(res, 404, 'See /api/v2/docs for what there is.'));
  routes.use(translate(log));
  return { routes, close: () => limits.close() };
}

/** Every path once; a word before a parameter at the same place, so that `/leads/bulk` is not the id of a lead. */
const pathsInOrder = (): string[] => {
  const place = (path: string) => path.replaceAll('{', '\uffff');
  return [...new Set(OPERATIONS.map(({ path }) => path))].sort((a, b) => (place(a) < place(b) ? -1 : 1));
};

function chainOf(rooms: ApiRooms, limits: ApiLimits, operation: Operation): RequestHandler[] {
  const { permission } = operation;
  const open = permission === 'public';
  const guards: RequestHandler[] = open ? [limits.signIn] : [signedIn(rooms), limits.key, limits.all];
  const may: RequestHandler = (_req, res, next) => {
    if (permission !== 'public' && permission !== 'key') demand((res.locals.caller as Caller).key, permission);
    next();
  };
  const body: RequestHandler[] = operation.body ? [onlyJson, readJsonBody(MAX_BODY)] : [];
  return [...guards, may, ...body, (req, res) => answer(rooms, operation, req, res)];
}

const signedIn =
  (rooms: ApiRooms): RequestHandler =>
  async (req, res, next) => {
    const [, token] = /^Bearer ([A-Za-z0-9._-]{1,4000})$/i.exec(req.get('authorization') ?? '') ?? [];
    if (!token) throw new Unauthorised('no token', 'Send an access token: Authorization: Bearer …');
    res.locals.caller = await rooms.signIns.caller(token);
    next();
  };

const onlyJson: RequestHandler = (req, res, next) => {
  if (req.is('application/json')) next();
  else sendTrouble(res, 415, 'Send the body as application/json.');
};

async function answer(rooms: ApiRooms, operation: Operation, req: Request, res: Response): Promise<void> {
  const params = operation.params?.safeParse(req.params);
  // an id that is none is the name of nothing
  if (params && !params.success) return sendTrouble(res, 404, undefined, troublesOf(params.error, 'parameter'));
  const query = operation.query?.safeParse(req.query);
  if (query && !query.success) return sendTrouble(res, 400, undefined, troublesOf(query.error, 'parameter'));
  const body = operation.body?.safeParse(req.body);
  if (body && !body.success) return sendTrouble(res, 400, undefined, troublesOf(body.error, 'body'));

  const input = { params: params?.data, query: query?.data, body: body?.data };
  if (operation.permission === 'public') {
    const run = operation.run as (call: object) => Promise<unknown>;
    res.status(operation.status).json(await run({ rooms, body: input.body }));
    return;
  }
  const caller = res.locals.caller as Caller;
  const work = async (once: string) => ({
    status: operation.status,
    body: await operation.run({ rooms, caller, hand: handOf(caller.key), ...input, once }),
  });
  if (operation.download) return sendFile(res, (await work('')).body as Download);
  const key = operation.method === 'post' ? onceKey(req) : undefined;
  const request = `${operation.id}\n${JSON.stringify([input.params, req.body])}`;
  const done = await once(rooms.apiAnswers, caller.key, key, request, work);
  if (done.again) res.set('Idempotency-Replayed', 'true');
  if (done.status === 204) res.status(204).end();
  else res.status(done.status).json(done.body);
}

/** Piece by piece, no faster than it is read; what fails once it has begun breaks the answer off. */
async function sendFile(res: Response, { name, type, pieces }: Download): Promise<void> {
  res.status(200).set({ 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}"` });
  for await (const piece of pieces) {
    if (res.destroyed) return;
    if (!res.write(piece)) await drained(res);
  }
  res.end();
}

/** Until it is read on, or nobody reads any more. */
async function drained(res: Response): Promise<void> {
  let go = () => {};
  await new Promise<void>((resolve) => {
    go = resolve;
    res.on('drain', go).on('close', go);
  });
  res.off('drain', go).off('close', go);
}

function translate(log: Logger): ErrorRequestHandler {
  return (error, req, res, _next) => {
    if (error instanceof KeyReused) {
      sendTrouble(res, 422, 'Use a new key for a new request.');
      return;
    }
    const status = statusOf(error);
    if (status >= 500) {
      const facts = { err: error, request: res.locals.requestId, route: routeOf(req) };
      if (status === 503) log.warn(facts, 'request refused for now');
      else log.error(facts, 'request failed');
    }
    if (res.headersSent) res.destroy();
    else sendThrown(res, error);
  };
}
