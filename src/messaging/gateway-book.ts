import type { Credential, Credentials } from '../tenants/index.ts';
import type { Gateway, TemplateGateway } from './port.ts';

/** A gateway as a vendor makes it. */
export type VendorGateway = Gateway & {
  templates?: TemplateGateway;
  /** Proves the access that takes messages, where listing them proves another one. Throws `misconfigured`. */
  tryAccess?(): Promise<void>;
  /** Begins to listen for what nobody brings to us: once it is in use, not while it is tried. */
  listen?(): void;
  close?(): Promise<void>;
};

/** What has to be known of an account to find who carries its messages. */
export interface Carried {
  vendor: string;
  credentialId?: string | null;
}

/** Who carries the messages of an account: the platform's gateway of its vendor, or one opened with the tenant's own access. */
export interface GatewayBook {
  /** Undefined when there is none (any more), or it cannot be opened. */
  of(account: Carried): Promise<VendorGateway | undefined>;
  /** The platform's gateways, by vendor. */
  readonly platform: ReadonlyMap<string, VendorGateway>;
  /** Vendors whose inbound messages are not brought to us. */
  readonly pulling: readonly string[];
  /** Closes what was opened here, not the platform's. */
  close(): Promise<void>;
}

/** How gateways are opened with a tenant's own access. */
export interface OwnGateways {
  /** Undefined for a vendor that tenants cannot bring along. */
  connect(credential: Pick<Credential, 'vendor' | 'gatewayAccount' | 'secrets'>): VendorGateway | undefined;
  /** Vendors whose inbound messages have to be asked for. */
  pulling: readonly string[];
}

interface Opened {
  version: number;
  gateway: VendorGateway | undefined;
}

export function createGatewayBook(deps: {
  platform: ReadonlyMap<string, VendorGateway>;
  credentials: Pick<Credentials, 'byId'>;
  own?: OwnGateways | undefined;
}): GatewayBook {
  const { platform, credentials, own } = deps;
  const opened = new Map<string, Opened>();
  const pulls = [...platform].flatMap(([vendor, { capabilities }]) => (capabilities.pulls ? [vendor] : []));

  /** Given anew, it is opened again; what is on its way by the old one ends there. */
  async function ofTenant(id: string): Promise<VendorGateway | undefined> {
    const credential = await credentials.byId(id);
    const before = opened.get(id);
    if (before && before.version === credential?.version) return before.gateway;
    opened.delete(id);
    void before?.gateway?.close?.();
    if (!credential) return undefined;
    const gateway = own?.connect(credential);
    gateway?.listen?.();
    opened.set(id, { version: credential.version, gateway });
    return gateway;
  }

  return {
    of: async ({ vendor, credentialId }) => (credentialId ? ofTenant(credentialId) : platform.get(vendor)),
    platform,
    pulling: [...new Set([...pulls, ...(own?.pulling ?? [])])],
    async close() {
      await Promise.all([...opened.values()].map(({ gateway }) => gateway?.close?.()));
      opened.clear();
    },
  };
}
