/** Whether a host name or address (as `URL.hostname` writes it) can only be this machine (RFC 6761 6.3, RFC 1122 3.2.1.3). */
export function isLoopbackName(name: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(name);
}
