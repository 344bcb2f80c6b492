import { createHash, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FORM, U_SOFIA } from '../../support/slack.ts';
import { startEdge, type TestEdge, until } from '../../support/slack-edge.ts';

/*
 * Socket mode: Slack gives out the address of a WebSocket (apps.connections.open), sends envelopes on it and takes the
 * acknowledgements from it (docs.slack.dev, "Using Socket Mode"). Everything else goes to the stand-in.
 */

const APP_TOKEN = 'xapp-test';

interface SocketSlack {
  url: string;
  /** Sockets that are open. */
  sockets: Duplex[];
  /** Tokens that asked for a socket. */
  asked: (string | undefined)[];
  /** What the app has sent on sockets. */
  heard: { envelope_id: string; payload?: { text?: string } }[];
  /** Answers the next requests for a socket with this error. */
  refuse: string | null;
  send(envelope: object): void;
  stop(): Promise<void>;
}

async function startSocketSlack(apiUrl: () => string): Promise<SocketSlack> {
  const slack: Omit<SocketSlack, 'url' | 'stop'> = {
    sockets: [],
    asked: [],
    heard: [],
    refuse: null,
    send: (envelope) => slack.sockets.at(-1)?.write(frame(JSON.stringify(envelope))),
  };
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.setHeader('content-type', 'application/json');
    if (request.url === '/api/apps.connections.open') {
      slack.asked.push(request.headers.authorization);
      const { port } = server.address() as AddressInfo;
      const answer = slack.refuse
        ? { ok: false, error: slack.refuse }
        : { ok: true, url: `ws://127.0.0.1:${port}/link` };
      return void response.end(JSON.stringify(answer));
    }
    const passed = await fetch(`${apiUrl()}${request.url?.replace('/api/', '')}`, {
      method: 'POST',
      headers: { 'content-type': FORM, authorization: request.headers.authorization ?? '' },
      body: Buffer.concat(chunks),
    });
    response.end(await passed.text());
  });
  server.on('upgrade', (request, socket) => {
    const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    slack.sockets.push(socket);
    socket.on('close', () => slack.sockets.splice(slack.sockets.indexOf(socket), 1));
    socket.on('error', () => {});
    socket.on('data', (data: Buffer) => {
      for (const text of texts(data, socket)) slack.heard.push(JSON.parse(text));
    });
    socket.write(frame(JSON.stringify({ type: 'hello' })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
  return Object.assign(slack, {
    url,
    async stop() {
      for (const socket of [...slack.sockets]) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** A text frame of a server (RFC 6455, section 5.2). */
function frame(text: string, opcode = 0x81): Buffer {
  const body = Buffer.from(text);
  const head =
    body.length < 126 ? Buffer.of(opcode, body.length) : Buffer.of(opcode, 126, body.length >> 8, body.length & 255);
  return Buffer.concat([head, body]);
}

/** The texts in what a client sent; a close is answered with a close, a ping with a pong. */
function texts(data: Buffer, socket: Duplex): string[] {
  const found: string[] = [];
  for (let at = 0; at + 2 <= data.length; ) {
    const opcode = (data[at] ?? 0) & 15;
    const short = (data[at + 1] ?? 0) & 127;
    const length = short === 126 ? data.readUInt16BE(at + 2) : short;
    const mask = at + (short === 126 ? 4 : 2);
    const body = Buffer.from(data.subarray(mask + 4, mask + 4 + length)).map(
      (byte, i) => byte ^ (data[mask + (i % 4)] ?? 0),
    );
    at = mask + 4 + length;
    if (opcode === 1) found.push(Buffer.from(body).toString('utf8'));
    if (opcode === 9) socket.write(Buffer.concat([Buffer.of(0x8a, length), body]));
    if (opcode === 8) socket.end(Buffer.of(0x88, 0));
  }
  return found;
}

let world: TestEdge;
let slack: SocketSlack;
beforeAll(async () => {
  slack = await startSocketSlack(() => world.slack.apiUrl);
  slack.refuse = 'internal_error';
  world = await startEdge({ config: { appToken: APP_TOKEN, apiUrl: slack.url, signingSecret: undefined } });
});
afterAll(async () => {
  await world.stop();
  await slack.stop();
});

const command = (text: string) => ({
  envelope_id: randomUUID(),
  type: 'slash_commands',
  accepts_response_payload: true,
  payload: {
    command: '/rescue',
    text,
    team_id: 'T0DEMO',
    user_id: U_SOFIA,
    channel_id: 'C0GENERAL',
    trigger_id: '1.2.x',
  },
});

async function answerTo(text: string) {
  const envelope = command(text);
  slack.send(envelope);
  await until(() => slack.heard.some((each) => each.envelope_id === envelope.envelope_id));
  return slack.heard.find((each) => each.envelope_id === envelope.envelope_id)?.payload?.text;
}

describe('socket mode', () => {
  test('is not ready until there is a socket, and tries until there is one', async () => {
    await until(() => slack.asked.length > 0);
    expect(world.edge.ready()).toBe(false);
    slack.refuse = null;
    await until(() => world.edge.ready());
    expect(new Set(slack.asked)).toEqual(new Set([`Bearer ${APP_TOKEN}`]));
  });

  test('answers a command by its envelope', async () => {
    expect(await answerTo('')).toContain('Welcome to LeadRescue at Nordic Motors');
    expect(await answerTo('hlep')).toContain('Did you mean `/rescue help`?');
  });

  test('has no door over HTTP', async () => {
    expect((await world.slack.send('x=1', FORM)).status).toBe(404);
  });

  test.each([
    ['Slack moves us to another socket', () => slack.send({ type: 'disconnect', reason: 'refresh_requested' })],
    ['the connection breaks', () => slack.sockets.at(-1)?.destroy()],
  ])('connects again when %s', async (_name, lose) => {
    const before = slack.asked.length;
    lose();
    await until(() => slack.asked.length > before && world.edge.ready());
    expect(await answerTo('help')).toContain('What you may do');
  });

  test('a refused app token is an error for a person, and the process lives', async () => {
    slack.refuse = 'invalid_auth';
    slack.sockets.at(-1)?.destroy();
    await until(() => world.logged.some(({ level, msg }) => level === 'error' && msg.includes('SLACK_APP_TOKEN')));
    expect(world.edge.ready()).toBe(false);
  });
});
