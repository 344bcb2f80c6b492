import { createHash } from 'node:crypto';
import type { Database } from '../db/index.ts';
import type { Clock } from '../lib/clock.ts';
import type { PersonId } from '../lib/ids.ts';
import type { Logger } from '../lib/logger.ts';
import { type InboundMessage, settleInFlight } from '../messaging/index.ts';
import type { Handle } from './handle.ts';
import { wordsOfLetter } from './letter.ts';
import { MAIL_REPORT } from './mail-reports.ts';
import { understanding } from './meaning.ts';
import { type Candidate, findCandidates, ownerOf, route } from './route.ts';
import { LEAD_WEBHOOKS } from './source-leads.ts';
import type { WebhookLog } from './webhook-log.ts';

export interface Inbox {
  /**
   * Takes a verified message in: stores it, works out whose it is, stops first, records. Resolves when everything is
   * committed and, after a stop, when nothing is in flight for this person: then it may be acknowledged. `raw` is what
   * is kept. Delivered twice, it has one effect.
   */
  receive(message: InboundMessage, source: string, raw: Record<string, string>): Promise<void>;
  /** Keeps a verified message that nobody here can take in; it is parked, so that people see it. */
  keep(source: string, gatewayId: string, raw: Record<string, string>, reason: string): Promise<void>;
  /** Finishes what was stored but not processed. Returns how many. */
  retry(parse: (source: string, raw: Record<string, string>) => InboundMessage): Promise<number>;
}

export function createInbox(deps: {
  db: Database;
  clock: Clock;
  log: Logger;
  webhooks: WebhookLog;
  handle: Handle;
  /** A message came that could not be stored: the gateway has to be asked for it. */
  onMissed(): void;
}): Inbox {
  const { db, clock, log, webhooks, handle } = deps;

  async function process(id: string, received: InboundMessage, candidates: readonly Candidate[]): Promise<void> {
    const ahead = clock.now().getTime() - clock.machine();
    const cameAt = received.cameAt && new Date(received.cameAt.getTime() + ahead);
    const message = { ...wordsOfLetter(received), ...(cameAt && { cameAt }) };
    const understood = understanding(message);
    const destination = route(candidates, understood.kind === 'opt_out');
    if (destination.kind === 'nobody') {
      await webhooks.park(id, destination.reason, { tenantId: await ownerOf(db, message.accountSid) });
      log.error({ webhook: id, reason: destination.reason }, 'inbound message without a tenant is parked');
      return;
    }
    const stopped: PersonId[] = [];
    let erased = false;
    for (const candidate of destination.candidates) {
      const result = await handle(candidate, message, understood);
      if (result.inFlight) stopped.push(result.personId);
      erased ||= result.erased === true;
    }
    for (const personId of stopped) await settleInFlight(db.system, personId, clock.machine);
    // a message of somebody whom several businesses know is in the log of the first
    await webhooks.done(id, { empty: erased, tenantId: destination.candidates[0]?.tenantId });
  }

  /** Whether what was stored of a letter has other words: some programs give several letters one id, and any may be a stop. */
  async function hasOtherWords(id: string, { body, letter }: InboundMessage): Promise<boolean> {
    const stored = (await webhooks.body(id))?.message; // gone, or emptied: nobody can say, and it was taken in
    if (!stored) return false;
    const before = JSON.parse(stored) as Pick<InboundMessage, 'body' | 'letter'>;
    return before.body !== body || before.letter?.subject !== letter?.subject;
  }

  return {
    async receive(message, source, raw) {
      // a letter to two mailboxes has one id, and is two messages here
      const id = `${message.accountSid}/${message.gatewayId}`;
      const known = { sender: message.from, followed: true } as const;
      const [stored, candidates] = await Promise.all([
        webhooks.store(source, id, raw, known).catch((error) => {
          deps.onMissed();
          throw error;
        }),
        findCandidates(db, wordsOfLetter(message)),
      ]);
      // also while the one before waits to be tried again: this one must not end in its place
      if (!message.letter || !(await hasOtherWords(stored.id, message))) {
        if (!stored.done) await process(stored.id, message, candidates);
        return;
      }
      const words = createHash('sha256').update(`${message.letter.subject}\n${message.body}`).digest('hex');
      const other = { ...message, gatewayId: `${message.gatewayId}#${words}` };
      const kept = { message: JSON.stringify(other) };
      const again = await webhooks.store(source, `${other.accountSid}/${other.gatewayId}`, kept, known);
      if (!again.done) await process(again.id, other, candidates);
    },
    async keep(source, gatewayId, raw, reason) {
      const { id, done } = await webhooks.store(source, gatewayId, raw);
      if (done) return; // somebody has looked
      await webhooks.park(id, reason);
      log.error({ webhook: id, reason }, 'inbound message that cannot be taken in is parked');
    },
    async retry(parse) {
      const open = await webhooks.takeOpen(20, { but: [...LEAD_WEBHOOKS, MAIL_REPORT] });
      for (const webhook of open) {
        try {
          const parsed = parse(webhook.source, webhook.body);
          const message = { ...parsed, cameAt: new Date(parsed.cameAt ?? webhook.receivedAt) };
          await process(webhook.id, message, await findCandidates(db, wordsOfLetter(message)));
        } catch (error) {
          log.warn(
            { err: error, webhook: webhook.id, attempts: webhook.attempts },
            'stored webhook could not be processed yet',
          );
        }
      }
      return open.length;
    },
  };
}
