import { useEffect, useState } from 'react';
import type { Box } from './place.ts';

/** Things move when messages arrive and panes scroll; this is soon enough to follow them. */
const LOOK_MS = 160;

/** Where the first of some elements is that can be seen; undefined while none can. */
export function useTarget(selectors: readonly string[]): Box | undefined {
  const [box, setBox] = useState<Box>();
  const wanted = selectors.join('\n');
  useEffect(() => {
    const all = wanted.split('\n').filter(Boolean);
    let shown: Element | undefined;
    const look = () => {
      const found = all.map(newestSeen).find((each) => each !== undefined);
      if (found && found !== shown) found.scrollIntoView({ block: 'nearest' });
      shown = found;
      const next = found && boxOf(found);
      setBox((before) => (same(before, next) ? before : next));
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    addEventListener('resize', look);
    return () => {
      clearInterval(timer);
      removeEventListener('resize', look);
    };
  }, [wanted]);
  return box;
}

/** The last one in the document: of several cards the newest. */
const newestSeen = (selector: string): Element | undefined =>
  [...document.querySelectorAll<HTMLElement>(selector)].filter((each) => each.offsetParent !== null).at(-1);

function boxOf(element: Element): Box {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { left, top, width, height };
}

const same = (one: Box | undefined, other: Box | undefined) =>
  one === other ||
  (one !== undefined &&
    other !== undefined &&
    one.left === other.left &&
    one.top === other.top &&
    one.width === other.width &&
    one.height === other.height);
