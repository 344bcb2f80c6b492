import { useLayoutEffect, useRef } from 'react';

const NEVER = Symbol('never');

/** Does something when `what` has changed, and at first; not when only what is used in doing it has. */
export function useChange(what: unknown, run: () => void): void {
  const before = useRef<unknown>(NEVER);
  useLayoutEffect(() => {
    if (Object.is(before.current, what)) return;
    before.current = what;
    run();
  });
}
