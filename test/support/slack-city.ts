import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createHttpEdge, createMetrics } from '../../src/http/index.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { createSlackEdge, type SlackEdge } from '../../src/slack/index.ts';
import { freePort } from './free-port.ts';
import { startSlack, type TestSlack } from './slack.ts';
import { openWorld, type World } from './world.ts';

/*
 * Slack with several workspaces behind one address of its API: each token leads to its own workspace and to no other. Our
 * app is installed in them by OAuth.
 */

export const OAUTH = { clientId: '111.222', clientSecret: 'the-client-secret' };
const STATE_SECRET = 'a-secret-for-the-state';
const SIGNING_SECRET = 'test-signing-secret';

export interface City extends World {
  edge: SlackEdge;
  /** Our own address. */
  origin: string;
  /** Opens a workspace in which the app is not installed. */
  workspace(teamId: string, name: string): Promise<TestSlack>;
  /** Somebody installs the app in a browser of their own; gives the last page. */
  install(slack: TestSlack, userId: string, how?: Parameters<TestSlack['agree']>[2]): Promise<Visit>;
  /** One visit of a browser; cookies are kept in `jar`. */
  visit(url: string, jar?: Map<string, string>): Promise<Visit>;
}

export interface Visit {
  status: number;
  text: string;
  cookie: string | null;
}

export async function openCity(): Promise<City> {
  const world = await openWorld();
  const { rooms, clock } = world;
  const { db } = world.database;
  const log = createLogger('silent');
  const towns = new Map<string, TestSlack>();
  const api = createServer((req, res) => void lead(req, res, towns));
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}/api/`;
  const app = express();
  // the address must be known before the pages that name it are mounted
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const edge = createSlackEdge({
    ...rooms,
    app,
    db,
    clock,
    log,
    publicUrl: origin,
    features: [],
    config: { signingSecret: SIGNING_SECRET, oauth: OAUTH, apiUrl },
  });
  const http = createHttpEdge({
    ...rooms,
    app,
    db,
    clock,
    log,
    config: { host: '127.0.0.1', port, publicUrl: origin, production: false },
    metrics: createMetrics(),
    wakeMessages: async () => {},
    webhookSecrets: async () => [],
    ready: async () => [],
    ...(edge.install && { install: { ...edge.install, stateSecret: STATE_SECRET } }),
  });
  await http.listen();
  edge.start();

  async function visit(url: string, jar = new Map<string, string>()): Promise<Visit> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, {
      headers: { accept: 'text/html', ...(cookie && { cookie }) },
      redirect: 'manual',
    });
    const set = answer.headers.get('set-cookie');
    const [, name, value] = set?.match(/^([^=]+)=([^;]*)/) ?? [];
    if (name && value !== undefined) jar.set(name, value);
    return { status: answer.status, text: await answer.text(), cookie: set };
  }

  return {
    ...world,
    edge,
    origin,
    visit,
    async workspace(teamId, name) {
      const slack = await startSlack({
        eventsUrl: () => `${origin}/slack/events`,
        teamId,
        teamName: name,
        botToken: `xoxb-${teamId}`,
        oauth: OAUTH,
        now: () => clock.now(),
      });
      towns.set(teamId, slack);
      return slack;
    },
    async install(slack, userId, how) {
      const jar = new Map<string, string>();
      const { text } = await visit(`${origin}/slack/install`, jar);
      const address = text.match(/class="primary" href="([^"]+)"/)?.[1]?.replaceAll('&amp;', '&') ?? '';
      return visit(slack.agree(userId, address, how), jar);
    },
    async close() {
      await edge.stop();
      await http.close();
      for (const slack of towns.values()) await slack.stop();
      api.closeAllConnections();
      await new Promise((resolve) => api.close(resolve));
      await world.close();
    },
  };
}

/** Leads a call to the workspace of its token, or of its code. */
async function lead(req: IncomingMessage, res: ServerResponse, towns: ReadonlyMap<string, TestSlack>): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const code = new URLSearchParams(body.toString()).get('code') ?? '';
  const token = req.headers.authorization?.replace('Bearer ', '');
  const town = [...towns.values()].find((each) => each.botToken === token || code.startsWith(`${each.team.id}.`));
  if (!town) {
    const error = code ? 'invalid_code' : 'invalid_auth';
    return void res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: false, error }));
  }
  const target = new URL(req.url ?? '/', town.apiUrl);
  const onward = request(target, { method: req.method, headers: req.headers, agent: false }, (answer) => {
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
  });
  onward.on('error', () => res.destroy());
  onward.end(body);
}
