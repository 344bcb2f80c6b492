import type { SealedIn } from '../../audit/index.ts';
import { grouped } from '../format.ts';

/** Where the proof of an event is: `Event 18,402 in sealed batch 97 · …`. `seals` as `sealOf` gives them. Pure. */
export function proofOf(eventId: number, seals: ReadonlyMap<number, SealedIn>): string {
  const sealed = seals.get(eventId);
  return sealed
    ? `Event ${grouped(eventId)} in sealed batch ${grouped(sealed.batch)} · \`npm run audit -- prove ${eventId}\``
    : `Event ${grouped(eventId)}, sealed within seconds`;
}
