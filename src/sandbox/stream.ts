import type { Request, Response } from 'express';
import type { Live } from './live/index.ts';

/** Longest wait for a sign of life. */
const HEARTBEAT_MS = 15_000;
/** A page that reads so slowly is cut off, and starts afresh when it comes back. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;
/** Pages open at once; each costs memory. */
const MAX_STREAMS = 32;
/** A page comes back so soon after a break. */
const RETRY_MS = 500;

export interface Streams {
  /** Answers with server-sent events (WHATWG HTML 9.2): each `data:` one patch, the first with everything. */
  open(request: Request, response: Response): Promise<void>;
  /** Ends all of them. */
  stop(): void;
}

export function createStreams(live: Live): Streams {
  const open = new Set<Response>();
  let stopped = false;

  return {
    async open(request, response) {
      if (open.size >= MAX_STREAMS) {
        response.status(503).json({ error: 'Too many pages are open.' });
        return;
      }
      request.socket.setNoDelay(true);
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write(`retry: ${RETRY_MS}\n\n`);
      if (stopped) {
        response.end(); // a page comes back by itself unless it is refused
        return;
      }
      open.add(response);
      let end = () => {};
      let gone = false;
      response.once('close', () => {
        gone = true;
        open.delete(response);
        end();
      });
      const send = (patch: string) => {
        if (response.writableEnded) return;
        response.write(`data: ${patch}\n\n`);
        if (response.writableLength > MAX_WAITING_BYTES) response.destroy();
      };
      const watching = await live.watch(send);
      if (gone) return watching.end();
      const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS);
      end = () => {
        clearInterval(heartbeat);
        watching.end();
      };
      send(watching.everything);
    },
    stop() {
      stopped = true;
      for (const response of open) response.end();
    },
  };
}
