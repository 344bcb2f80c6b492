import type { IncomingHttpHeaders } from 'node:http';
import { createRequire } from 'node:module';
import type { Dispatcher, Pool as UndiciPool } from 'undici';

// The pool alone: undici's front door also loads fetch, WebSocket, caches and proxies (90 ms and 9 MB more at start).
const Pool = createRequire(import.meta.url)('undici/lib/dispatcher/pool.js') as typeof UndiciPool;

const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

export interface HttpCall {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query, as it stands on the wire. */
  path: string;
  headers: Record<string, string>;
  body?: string;
  /** Machine ms from which on nothing may be written any more. Without it only the pool's time-out holds. */
  writeBefore?: number;
}

/** What is known after one call. Only after `not_written` is it certain that the other side saw nothing. */
export type HttpResult =
  | { kind: 'reply'; status: number; headers: IncomingHttpHeaders; body: string }
  | { kind: 'not_written'; detail: string }
  | { kind: 'no_reply'; detail: string };

export interface HttpPool {
  /** Makes one call, never a second one by itself. Never throws. Settles within twice the time-out. */
  call(call: HttpCall): Promise<HttpResult>;
  /** Waits for calls in flight, then closes the connections. Calls made afterwards are `not_written`. */
  close(): Promise<void>;
  /** Cuts what is in flight and closes the connections. */
  destroy(): Promise<void>;
}

export interface HttpPoolOptions {
  /** Scheme, host and port. */
  origin: string;
  /** At most this many calls at once; more would wait behind others. */
  connections: number;
  /** Bounds the wait for a connection, and from the write on the wait for the whole answer, each by this many ms. */
  timeoutMs: number;
  machine?: () => number;
}

/** HTTP/1.1 connections to one origin, one request on each at a time, for calls that must not be made twice. */
export function createHttpPool(options: HttpPoolOptions): HttpPool {
  const { timeoutMs, machine = Date.now } = options;
  const pool = new Pool(options.origin, {
    connections: options.connections,
    pipelining: 1,
    // The exchange below bounds the total time itself; undici would bound headers and body one by one.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: timeoutMs },
    maxResponseSize: MAX_RESPONSE_BYTES,
  });
  let closing: Promise<void> | undefined;
  return {
    call: ({ writeBefore = Number.POSITIVE_INFINITY, ...call }) =>
      new Promise((resolve) => {
        const exchange = new Exchange(resolve, { writeBefore, timeoutMs, machine });
        if (!exchange.settled) pool.dispatch(call, exchange);
      }),
    close() {
      closing ??= pool.close();
      return closing;
    },
    destroy() {
      closing = pool.destroy();
      return closing;
    },
  };
}

interface Limits {
  writeBefore: number;
  timeoutMs: number;
  machine: () => number;
}

/** One call as undici drives it. It alone decides whether the request may be written, and remembers that it was. */
class Exchange implements Dispatcher.DispatchHandler {
  settled = false;
  readonly #resolve: (result: HttpResult) => void;
  readonly #limits: Limits;
  #written = false;
  #timer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];

  constructor(resolve: (result: HttpResult) => void, limits: Limits) {
    this.#resolve = resolve;
    this.#limits = limits;
    const left = limits.writeBefore - limits.machine();
    if (left <= 0) this.#settle({ kind: 'not_written', detail: 'deadline passed' });
    else this.#timer = setTimeout(() => this.#expire(), Math.min(left, limits.timeoutMs));
  }

  /**
   * undici calls this immediately before `socket.write`, in the same tick. Throwing here fails the request with
   * nothing written and keeps the connection. It refuses a second write too, should undici ever requeue a request.
   */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.settled || this.#written) throw new Error('no longer wanted');
    if (this.#limits.machine() >= this.#limits.writeBefore) throw new Error('deadline passed');
    this.#written = true;
    this.#controller = controller;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#expire(), this.#limits.timeoutMs);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const whole = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.#settle({ kind: 'reply', status: this.#status, headers: this.#headers, body: whole.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail('code' in error && typeof error.code === 'string' ? error.code : error.message);
  }

  #expire(): void {
    this.#fail(this.#written ? 'no answer in time' : 'no connection in time');
    this.#controller?.abort(new Error('no answer in time'));
  }

  #fail(detail: string): void {
    this.#settle({ kind: this.#written ? 'no_reply' : 'not_written', detail });
  }

  #settle(result: HttpResult): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.#timer);
    this.#resolve(result);
  }
}
