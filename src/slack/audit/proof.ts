import type { SealedIn } from '../../audit/index.ts';
import { grouped } from '../format.ts';

/** Where an event is sealed: `Event 18,402 in sealed batch 97`. `seals` as `sealOf` gives them. Pure. */
export function sealedIn(eventId: number, seals: ReadonlyMap<number, SealedIn>): string {
  const sealed = seals.get(eventId);
  return sealed
    ? `Event ${grouped(eventId)} in sealed batch ${grouped(sealed.batch)}`
    : `Event ${grouped(eventId)}, sealed within seconds`;
}
