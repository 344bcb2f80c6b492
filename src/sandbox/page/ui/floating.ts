import { type CSSProperties, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';

const GAP = 6;
const EDGE = 8;

export interface Floating {
  open: boolean;
  setOpen(open: boolean): void;
  anchor: RefObject<HTMLButtonElement | null>;
  box: RefObject<HTMLDivElement | null>;
  style: CSSProperties;
}

/** A box that opens beside a button, over everything, where there is room; a press elsewhere closes it. */
export function useFloating(): Floating {
  const [open, setOpen] = useState(false);
  const [style, setStyle] = useState<CSSProperties>({ position: 'fixed', opacity: 0 });
  const anchor = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (!open) return;
    const place = () => {
      if (!anchor.current || !box.current) return;
      const from = anchor.current.getBoundingClientRect();
      const { width, height } = box.current.getBoundingClientRect();
      const below = innerHeight - from.bottom - GAP - EDGE;
      const above = from.top - GAP - EDGE;
      const down = below >= height || below >= above;
      setStyle({
        position: 'fixed',
        left: Math.max(EDGE, Math.min(from.left, innerWidth - width - EDGE)),
        ...(down ? { top: from.bottom + GAP } : { bottom: innerHeight - from.top + GAP }),
        maxHeight: Math.max(120, down ? below : above),
        minWidth: from.width,
      });
    };
    place();
    addEventListener('resize', place);
    document.addEventListener('scroll', place, true);
    return () => {
      removeEventListener('resize', place);
      document.removeEventListener('scroll', place, true);
    };
  }, [open]);

  useEffect(() => {
    if (!open) return;
    const onPress = (event: PointerEvent) => {
      const at = event.target as Node;
      if (!box.current?.contains(at) && !anchor.current?.contains(at)) setOpen(false);
    };
    document.addEventListener('pointerdown', onPress);
    return () => document.removeEventListener('pointerdown', onPress);
  }, [open]);

  return { open, setOpen, anchor, box, style };
}
