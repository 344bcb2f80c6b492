import type { KeyboardEvent } from 'react';

const BACK = new Set(['ArrowLeft', 'ArrowUp']);
const ON = new Set(['ArrowRight', 'ArrowDown']);

/** Arrow keys between the tabs (or radio buttons) of one list; the one reached is chosen. */
export function roving(event: KeyboardEvent<HTMLElement>): void {
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab], [role=radio]')];
  const at = all.indexOf(document.activeElement as HTMLElement);
  if (at < 0 || (!BACK.has(event.key) && !ON.has(event.key))) return;
  event.preventDefault();
  const to = all[(at + (ON.has(event.key) ? 1 : -1) + all.length) % all.length];
  to?.focus();
  to?.click();
}
