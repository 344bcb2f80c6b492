import { type RefObject, useEffect, useRef } from 'react';

const REACHABLE =
  'a[href], button:not(:disabled), input:not(:disabled):not(.unseen), textarea, select, [tabindex]:not([tabindex="-1"])';

const stack: HTMLElement[] = [];

/** Keeps Tab inside a window while it is open, closes it with Escape, and gives the focus back afterwards. */
export function useFocusTrap(box: RefObject<HTMLElement | null>, onEscape: () => void): void {
  const onLeave = useRef(onEscape);
  onLeave.current = onEscape;
  useEffect(() => {
    const node = box.current;
    if (!node) return;
    const before = document.activeElement;
    stack.push(node);
    if (!node.contains(before)) (node.querySelector<HTMLElement>('[data-first], .field') ?? reach(node)[0])?.focus();
    const onKey = (event: KeyboardEvent) => {
      if (stack.at(-1) !== node || event.defaultPrevented) return;
      if (event.key === 'Escape') {
        event.preventDefault();
        onLeave.current();
      } else if (event.key === 'Tab') keepInside(event, node);
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      stack.splice(stack.indexOf(node), 1);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [box]);
}

const reach = (node: HTMLElement) =>
  [...node.querySelectorAll<HTMLElement>(REACHABLE)].filter((each) => each.offsetParent !== null);

function keepInside(event: KeyboardEvent, node: HTMLElement): void {
  const all = reach(node);
  const edge = event.shiftKey ? all[0] : all.at(-1);
  const active = document.activeElement;
  // the rest of the page stays usable with the mouse; the keyboard that is in the window stays there
  if (active !== edge && node.contains(active)) return;
  if (!node.contains(active) && active !== document.body) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0])?.focus();
}
