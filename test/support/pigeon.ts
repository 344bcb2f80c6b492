import { KnownError } from '../../src/lib/errors.ts';
import type { Gateway, InboundMessage, ListedMessage, RefusalReason } from '../../src/messaging/port.ts';

/** What a pigeon has carried, and what became of it. */
interface Loft {
  open: boolean;
  losesAnswers: boolean;
  refuses: RefusalReason | undefined;
  carried: (ListedMessage & { to: string; from: string })[];
  came: (InboundMessage & { at: Date })[];
}

export const newLoft = (): Loft => ({ open: true, losesAnswers: false, refuses: undefined, carried: [], came: [] });

/** A channel in forty lines: docs/channels.md is written along it, and the contract suite passes for it. */
export function createPigeon(loft: Loft, ring: string): Gateway {
  return {
    capabilities: { listsMessages: true, confirmsStop: () => false, pulls: true },
    async send(message, deadline) {
      if (Date.now() >= deadline) return { kind: 'not_written', detail: 'deadline passed' };
      if (!loft.open) return { kind: 'not_written', detail: 'nobody at home' };
      if (ring !== 'good') return { kind: 'refused', reason: 'sender', code: 'unknown_ring' };
      if (loft.refuses) return { kind: 'refused', reason: loft.refuses, code: loft.refuses };
      const { to, from, body } = message;
      const gatewayId = `P${loft.carried.length}`;
      loft.carried.push({ gatewayId, to, from, body, status: 'sent', createdAt: new Date() });
      return loft.losesAnswers
        ? { kind: 'uncertain', detail: 'it did not come back' }
        : { kind: 'accepted', gatewayId };
    },
    findSent: async ({ to, from, createdAfter }) =>
      loft.carried.filter((each) => each.to === to && each.from === from && each.createdAt >= createdAfter),
    listInbound: async ({ to, since }) => loft.came.filter((each) => each.to === to && each.at >= since),
    async fetchMedia() {
      throw new KnownError('not_found', 'pigeons carry words', 'Pigeons carry no files.');
    },
  };
}
