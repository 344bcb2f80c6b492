import type { Database, Tx } from '../db/index.ts';
import { append, ComeBackLater, type EffectHandler, request } from '../events/index.ts';
import type { Clock } from '../lib/clock.ts';
import { isKnown } from '../lib/errors.ts';
import { derivedId, type TenantId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import type { GatewayBook } from '../messaging/index.ts';
import type { Tenants } from '../tenants/index.ts';
import {
  answerReceipt,
  conversationOf,
  findOpenReceipt,
  type OpenReceipt,
  type ReceiptState,
  receiptsOf,
} from './receipts-store.ts';

/*
 * What others keep of an erased person is deleted there as well: each service is asked until it has done so, and what it answered
 * is a *receipt*. An erasure here waits for nobody: a gateway may be down, or may delete a message days after it was sent only.
 */

export interface ReceiptDeps {
  db: Database;
  clock: Clock;
  log: Logger;
  tenants: Tenants;
  gateways: Pick<GatewayBook, 'of'>;
}

interface Answer {
  deleted: Record<string, number>;
  /** Undefined: not everything is gone yet. */
  state?: Exclude<ReceiptState, 'asked'>;
}

/** A service that does not answer, or refuses our access, is asked again. */
const AGAIN_SECONDS = 15 * 60;
/** Twilio finalises a message within fourteen days at the latest; after that a person has to look. */
const PATIENCE_MS = 30 * 24 * 3_600_000;

/** Asks for one receipt. Key: its id. Idempotent: what is gone already is no error at any service. */
export function createReceipts(deps: ReceiptDeps): EffectHandler {
  const { db, clock, log, tenants } = deps;

  async function askGateway(tenantId: TenantId, receipt: OpenReceipt): Promise<Answer> {
    const conversation = await db.inTenant(tenantId, (tx) => conversationOf(tx, receipt));
    const gateway = conversation && (await deps.gateways.of(conversation));
    if (!conversation || !gateway?.forget || receipt.customer === null) return { deleted: {}, state: 'by_hand' };
    const { channel, sender, sent, gatewayAccount } = conversation;
    const received = new Set<string>(conversation.received);
    const { messages, media, pending } = await gateway.forget({
      channel,
      sender,
      customer: receipt.customer,
      sent,
      // of the messages to a sender that businesses share, this one's alone
      isOurs: (gatewayId) => received.has(derivedId(tenantId, gatewayAccount, gatewayId)),
    });
    const deleted = { ...(messages > 0 && { messages }), ...(media > 0 && { files: media }) };
    return { deleted, ...(pending === 0 && { state: 'deleted' as const }) };
  }

  /** Each bucket is asked by the effect of its own photo; here it is only seen when all of them are gone. */
  async function askStore(tenantId: TenantId, { blobIds }: OpenReceipt): Promise<Answer> {
    const left = await db.inTenant(tenantId, (tx) =>
      tx.query('select from blobs where id = any($1::uuid[])', [blobIds]),
    );
    return left.length > 0 ? { deleted: {} } : { deleted: { photos: blobIds.length }, state: 'deleted' };
  }

  async function ask(tenantId: TenantId, receipt: OpenReceipt): Promise<Answer> {
    try {
      return await (receipt.service === 's3' ? askStore : askGateway)(tenantId, receipt);
    } catch (error) {
      if (!isKnown(error)) throw error;
      log.warn({ err: error, service: receipt.service }, 'a service did not delete what it keeps of an erased person');
      return { deleted: {} };
    }
  }

  async function settle(tx: Tx, receipt: OpenReceipt, { deleted, state }: Answer): Promise<void> {
    const now = clock.now();
    const all = await answerReceipt(tx, receipt.id, { deleted, ...(state && { state }), now });
    if (!all || !state) return;
    const { erasureId, personId, service, channel } = receipt;
    const data = { erasureId, service, channel, state, deleted: all };
    await append(tx, tx.tenantId, now, 'system', [{ type: 'erasure.receipt', personId, data }]);
    const waiting = (await receiptsOf(tx, erasureId)).some((each) => each.state === 'asked');
    if (!waiting) await request(tx, tx.tenantId, [{ kind: 'erasure.receipts', key: erasureId }]);
  }

  return async ({ tenantId, key }) => {
    const { data } = await tenants.keys(tenantId);
    const receipt = await db.inTenant(tenantId, (tx) => findOpenReceipt(tx, key, data));
    if (!receipt) return; // it has its answer
    const answer = await ask(tenantId, receipt);
    const late = clock.now().getTime() - receipt.askedAt.getTime() > PATIENCE_MS;
    const settled: Answer = answer.state || !late ? answer : { ...answer, state: 'by_hand' };
    await db.inTenant(tenantId, async (tx) => {
      // two receipts that are settled at once: one of them sees that nothing waits any more
      await tx.query('select from erasures where id = $1 for update', [receipt.erasureId]);
      await settle(tx, receipt, settled);
    });
    if (!settled.state) throw new ComeBackLater(AGAIN_SECONDS);
  };
}
