import { createSinchStandIn, type SinchStandIn, type SinchStandInOptions } from '../../src/sandbox/sinch/index.ts';
import { createSinch, type Sinch, type SinchOptions } from '../../src/vendors/sinch/index.ts';

/** Sinch for tests: the stand-in, and the real vendor pointed at it. */
export const SINCH = {
  projectId: 'project-1',
  appId: '01APP',
  keyId: 'key-1',
  keySecret: 'key-secret',
  webhookSecret: 'foo_secret1234',
} as const;
export const SINCH_WHATSAPP = '+14155550002';

export interface TestSinch {
  readonly standIn: SinchStandIn;
  readonly url: string;
  connect(options?: Partial<SinchOptions>): Sinch;
  stop(): Promise<void>;
}

export async function startSinch(options: Partial<SinchStandInOptions> = {}): Promise<TestSinch> {
  const standIn = createSinchStandIn({
    ...SINCH,
    whatsappSender: SINCH_WHATSAPP,
    webhookBase: () => 'http://127.0.0.1:1',
    ...options,
  });
  const { url } = await standIn.start();
  const vendors: Sinch[] = [];
  return {
    standIn,
    url,
    connect(changes = {}) {
      const sinch = createSinch({ ...SINCH, apiUrl: url, machine: Date.now, ...changes });
      vendors.push(sinch);
      return sinch;
    },
    async stop() {
      await standIn.stop();
      await Promise.all(vendors.map((vendor) => vendor.close()));
    },
  };
}
