import { KnownError } from '../../lib/errors.ts';
import { isLoopbackName } from '../../lib/loopback.ts';

/** A mail server as its address says. */
export interface MailServer {
  host: string;
  port: number;
  /** TLS from the first byte; otherwise it begins with STARTTLS, except on this machine. */
  tls: boolean;
  local: boolean;
  user: string | undefined;
  password: string | undefined;
}

/** What is beside us is not for tenants to reach. */
export const NOT_PUBLIC = 'This server is not one of the public internet, so it is never called.';

const PORTS: Record<string, number> = { 'smtp:': 587, 'smtps:': 465, 'imap:': 143, 'imaps:': 993 };

/** Reads `smtp://user:password@host:port` and its kin. Throws `misconfigured`, without the password. */
export function readServer(address: string): MailServer {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const port = url && PORTS[url.protocol];
  if (!url || !port || url.hostname === '') {
    const words = 'A mail server is written like smtp://user:password@mail.example.com:587.';
    throw new KnownError('misconfigured', 'mail server address', words);
  }
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? port : Number(url.port),
    tls: url.protocol.endsWith('s:'),
    local: isLoopbackName(url.hostname),
    user: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
  };
}
