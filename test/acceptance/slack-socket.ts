import { createHash, randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { SlackApi } from './slack-api.ts';
import { asText, type Json } from './slack-words.ts';

/*
 * Slack's side of socket mode over a WebSocket (RFC 6455), as much of it as is needed: text frames in both directions,
 * ping, close. Node has no WebSocket server, and none of the product's packages brings one.
 */

const TEXT = 1;
const CLOSE = 8;
const PING = 9;

/** A frame from the server: never masked. */
function frame(code: number, payload: Buffer): Buffer {
  const length =
    payload.length < 126
      ? Buffer.from([payload.length])
      : Buffer.from([126, payload.length >> 8, payload.length & 255]);
  return Buffer.concat([Buffer.from([128 | code]), length, payload]);
}

/** Takes the first whole frame off what a client has sent: always masked. */
function unframe(bytes: Buffer): { code: number; payload: Buffer; rest: Buffer } | undefined {
  if (bytes.length < 6) return undefined;
  const short = bytes.readUInt8(1) & 127;
  const head = short < 126 ? 2 : 4;
  const length = short < 126 ? short : bytes.readUInt16BE(2);
  const end = head + 4 + length;
  if (short === 127 || bytes.length < end) return undefined;
  const mask = bytes.subarray(head, head + 4);
  const payload = Buffer.from(bytes.subarray(head + 4, end).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return { code: bytes.readUInt8(0) & 15, payload, rest: bytes.subarray(end) };
}

export interface SlackSocket {
  /** How many connections there have been. */
  connections(): number;
  isOpen(): boolean;
  /** Sends an envelope and waits for its acknowledgement; returns the payload of that. */
  send(type: string, payload: Json): Promise<Json | undefined>;
  /** Slack closes the connection, with or without a word before. */
  close(reason?: string): void;
}

/** Adds `/socket` to Slack's server. */
export function addSocket(api: SlackApi): SlackSocket {
  let current: Duplex | undefined;
  let connections = 0;
  const waiting = new Map<string, (payload: Json | undefined) => void>();
  const write = (json: Json) => current?.write(frame(TEXT, Buffer.from(JSON.stringify(json))));

  api.server.on('upgrade', (request, socket: Duplex) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    let bytes = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('close', () => {
      if (current === socket) current = undefined;
    });
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (let next = unframe(bytes); next; next = unframe(bytes)) {
        bytes = Buffer.from(next.rest);
        if (next.code === PING) socket.write(frame(PING + 1, next.payload));
        if (next.code === CLOSE) socket.end(frame(CLOSE, next.payload));
        if (next.code !== TEXT) continue;
        const { envelope_id, payload } = JSON.parse(next.payload.toString()) as { envelope_id: string; payload?: Json };
        waiting.get(envelope_id)?.(payload);
      }
    });
    current = socket;
    connections++;
    write({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A0APP' }, debug_info: {} });
  });

  return {
    connections: () => connections,
    isOpen: () => current !== undefined,
    send(type, payload) {
      const envelope_id = randomUUID();
      return new Promise((resolve, reject) => {
        const late = setTimeout(
          () => reject(new Error(`no acknowledgement of ${type} ${asText(payload.command)}`)),
          15_000,
        );
        waiting.set(envelope_id, (answer) => {
          clearTimeout(late);
          resolve(answer);
        });
        write({
          envelope_id,
          type,
          payload,
          accepts_response_payload: type !== 'events_api',
          retry_attempt: 0,
          retry_reason: '',
        });
      });
    },
    close(reason) {
      if (reason) write({ type: 'disconnect', reason, debug_info: {} });
      current?.end(frame(CLOSE, Buffer.from([3, 232])));
    },
  };
}
