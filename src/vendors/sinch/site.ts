import { createHttpPool, type HttpCall, type HttpPool, type HttpResult } from '../../lib/http.ts';
import { createTokens, type Tokens } from './token.ts';

/** Sinch keeps the data of an app in one of these regions. */
export type Region = 'eu' | 'us' | 'br';

export interface SiteOptions {
  projectId: string;
  keyId: string;
  keySecret: string;
  region: Region;
  /** Replaces the origin of every Sinch host. */
  origin: string | undefined;
  timeoutMs: number;
  connections: number;
  machine: () => number;
}

/** Sinch's hosts as one project speaks to them. Each call brings the token along. */
export interface Site {
  readonly projectId: string;
  readonly tokens: Tokens;
  /** Messages on their way out. */
  readonly sends: HttpPool;
  read(call: Pick<HttpCall, 'method' | 'path' | 'body'>, host?: 'conversation' | 'provisioning'): Promise<HttpResult>;
  close(): Promise<void>;
}

/** Reading has few connections of its own, so that it never takes one from a send. */
const READ_CONNECTIONS = 8;

export const headersOf = (token: string): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
  accept: 'application/json',
  'user-agent': 'leadrescue',
});

export function createSite(options: SiteOptions): Site {
  const { region, origin, timeoutMs, machine } = options;
  const pool = (host: string, connections: number) =>
    createHttpPool({ origin: origin ?? `https://${host}`, connections, timeoutMs, machine });
  const auth = pool('auth.sinch.com', 2);
  const sends = pool(`${region}.conversation.api.sinch.com`, options.connections);
  const reads = {
    conversation: pool(`${region}.conversation.api.sinch.com`, READ_CONNECTIONS),
    provisioning: pool('provisioning.api.sinch.com', READ_CONNECTIONS),
  };
  const tokens = createTokens(auth, options, machine);
  return {
    projectId: options.projectId,
    tokens,
    sends,
    async read(call, host = 'conversation') {
      for (let tries = 1; ; tries++) {
        const token = await tokens.get();
        if (token.kind === 'none') return { kind: 'not_written', detail: token.detail };
        if (token.kind === 'refused') return { kind: 'reply', status: 401, headers: {}, body: '' };
        const result = await reads[host].call({ ...call, headers: headersOf(token.value) });
        const refused = result.kind === 'reply' && result.status === 401;
        if (!refused || !tokens.stale(token.value) || tries === 2) return result;
      }
    },
    async close() {
      await Promise.all([auth, sends, reads.conversation, reads.provisioning].map((each) => each.close()));
    },
  };
}
