import { type CSSProperties, type RefObject, useState } from 'react';
import { useChange } from '../state/change.ts';
import { useMedia } from '../state/hooks.ts';
import { type Box, placeNote, type Side } from './place.ts';

/** Puts a note beside its target; on a phone the stylesheet has a place for it. `words` are what decides its size. */
export function usePlacing(
  note: RefObject<HTMLElement | null>,
  target: Box | undefined,
  side: Side,
  words: string,
): { style: CSSProperties | undefined; className: string } {
  const narrow = useMedia('(max-width: 759px)');
  const [place, setPlace] = useState<{ left: number; top: number }>();
  const at = target && [target.left, target.top, target.width, target.height].join();
  useChange(`${at} ${side} ${words} ${innerWidth} ${innerHeight}`, () => {
    if (!note.current) return;
    const { offsetWidth: width, offsetHeight: height } = note.current;
    setPlace(placeNote(target, { width, height }, { width: innerWidth, height: innerHeight }, side));
  });
  if (!place) return { style: undefined, className: 'coach' };
  const low = target !== undefined && target.top + target.height / 2 > innerHeight / 2;
  return narrow
    ? { style: undefined, className: low ? 'coach placed up' : 'coach placed' }
    : { style: place, className: 'coach placed' };
}
