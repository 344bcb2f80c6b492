import type { Clock } from '../lib/clock.ts';
import { newId, type TenantId } from '../lib/ids.ts';
import type { Account, RoutingBook } from '../tenants/index.ts';
import type { GatewayBook } from './gateway-book.ts';
import type { SendOutcome } from './port.ts';

export interface StaffSms {
  /**
   * Sends a short text to the phone of somebody of the staff (E.164), by the tenant's own sender; undefined while it has
   * none. Not part of any conversation with a customer: it is sent once, and what became of it is not followed.
   */
  send(tenantId: TenantId, to: string, text: string): Promise<SendOutcome | undefined>;
}

/** Seconds in which the gateway must have taken it, and may keep trying: an alert that comes late is none. */
const VALIDITY = 300;

export function createStaffSms(deps: {
  clock: Pick<Clock, 'machine'>;
  routing: Pick<RoutingBook, 'of'>;
  gateways: Pick<GatewayBook, 'of'>;
  publicUrl: string;
  statusPath(account: Account): string;
  httpTimeoutMs: number;
}): StaffSms {
  const { clock, routing, gateways, publicUrl, statusPath, httpTimeoutMs } = deps;
  return {
    async send(tenantId, to, text) {
      const account = (await routing.of(tenantId)).accounts.sms;
      const gateway = account && (await gateways.of(account));
      if (!account || !gateway) return undefined;
      const message = {
        channel: 'sms',
        to,
        from: account.sender,
        body: text,
        statusCallback: `${publicUrl}${statusPath(account)}?message=${newId()}&attempt=1`,
        validitySeconds: VALIDITY,
      } as const;
      return gateway.send(message, clock.machine() + httpTimeoutMs);
    },
  };
}
