/* Where the tour's note goes: beside what it points at, inside the window, never over it. Pure. */

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export type Side = 'top' | 'right' | 'left' | 'bottom';

const GAP = 16;
const EDGE = 12;
const USUAL: readonly Side[] = ['top', 'right', 'left', 'bottom'];

/** `note` is the size of the note, `room` the window's, `wanted` the side to try first. Without a target: below, in the middle. */
export function placeNote(
  target: Box | undefined,
  note: Pick<Box, 'width' | 'height'>,
  room: Pick<Box, 'width' | 'height'>,
  wanted: Side = 'top',
): { left: number; top: number } {
  if (!target) return { left: (room.width - note.width) / 2, top: room.height - note.height - 3 * EDGE };
  const right = target.left + target.width;
  const bottom = target.top + target.height;
  const alongX = clamp(target.left + target.width / 2 - note.width / 2, room.width - note.width);
  const alongY = clamp(target.top + target.height / 2 - note.height / 2, room.height - note.height);
  const sides: Record<Side, { free: number; needs: number; left: number; top: number }> = {
    top: { free: target.top, needs: note.height, left: alongX, top: target.top - GAP - note.height },
    right: { free: room.width - right, needs: note.width, left: right + GAP, top: alongY },
    left: { free: target.left, needs: note.width, left: target.left - GAP - note.width, top: alongY },
    bottom: { free: room.height - bottom, needs: note.height, left: alongX, top: bottom + GAP },
  };
  const fitting = [wanted, ...USUAL].map((side) => sides[side]).find(({ free, needs }) => free >= needs + GAP + EDGE);
  if (fitting) return { left: fitting.left, top: fitting.top };
  // nowhere beside it: at the edge that is further from its middle
  const inRightHalf = target.left + target.width / 2 > room.width / 2;
  return {
    left: inRightHalf ? EDGE : room.width - note.width - EDGE,
    top: clamp(target.top, room.height - note.height),
  };
}

const clamp = (at: number, most: number) => Math.max(EDGE, Math.min(at, most - EDGE));
