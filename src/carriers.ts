import type { Database } from './db/index.ts';
import type { Clock } from './lib/clock.ts';
import type { AccountId } from './lib/ids.ts';
import type { Logger } from './lib/logger.ts';
import { memo } from './lib/memo.ts';
import {
  type Carried,
  type ChannelDesk,
  type ChannelName,
  createChannelDesk,
  createGatewayBook,
  createHealth,
  type GatewayBook,
  type Health,
  type OwnGateways,
  type VendorGateway,
} from './messaging/index.ts';
import type { Account, Credentials, Playbooks, RoutingBook, SettingChanges, Tenants } from './tenants/index.ts';

/** Who carries messages, wired: gateways, how accounts do. */
export interface Carriers {
  gateways: GatewayBook;
  /** What people see and change of a tenant's senders. */
  channels: ChannelDesk;
  health: Health;
  /** The gateway of an account answers keywords (STOP, START, HELP) by itself on its channel. */
  gatewayAnswers(accountId: AccountId, channel: ChannelName): Promise<boolean>;
}

/** An account keeps its vendor for life. */
const FRESH_MS = 60_000;

export function createCarriers(deps: {
  db: Database;
  clock: Clock;
  log: Logger;
  tenants: Tenants;
  playbooks: Playbooks;
  routing: RoutingBook;
  credentials: Credentials;
  changes: SettingChanges;
  platform: ReadonlyMap<string, VendorGateway>;
  own: OwnGateways | undefined;
  statusUrl(account: Account): string;
}): Carriers {
  const { db, clock, log, tenants, playbooks, routing, credentials, changes, own, statusUrl } = deps;
  const gateways = createGatewayBook({ platform: deps.platform, credentials, own });
  const accounts = memo(clock, FRESH_MS, async (id: AccountId) => {
    const sql = 'select vendor, credential_id as "credentialId" from accounts where id = $1';
    const [account] = await db.system.query<Carried>(sql, [id]);
    return account;
  });
  return {
    gateways,
    channels: createChannelDesk({
      db,
      clock,
      log,
      credentials,
      routing,
      changes,
      gateways,
      own,
      tenants,
      playbooks,
      statusUrl,
    }),
    health: createHealth({ db, clock, log, routing }),
    async gatewayAnswers(accountId, channel) {
      const account = await accounts.get(accountId);
      const gateway = account && (await gateways.of(account));
      return gateway?.capabilities.confirmsStop(channel) ?? false;
    },
  };
}
