import type { Text } from '../../wire.ts';

/** One tick: sent. Two: delivered. Two in colour: read. A cross: it never arrived. */
export function Ticks({ status, words }: { status: Text['status']; words: string }) {
  return (
    <span className={`ticks ${status}`} role="img" aria-label={words} title={words}>
      <svg viewBox="0 0 20 12" width="18" height="11" aria-hidden="true" focusable="false">
        <path d={PATHS[status]} />
      </svg>
    </span>
  );
}

const ONE = 'M5 6.4 8.6 10 15.4 2';
const TWO = 'M1.4 6.4 5 10 11.8 2M8.4 9 9.4 10 16.2 2';
const CROSS = 'M6 2l8 8M14 2l-8 8';
const CLOCK = 'M10 1.4a4.6 4.6 0 1 0 0 9.2 4.6 4.6 0 0 0 0-9.2ZM10 3.6V6l1.6 1';

const PATHS: Record<Text['status'], string> = {
  queued: CLOCK,
  sent: ONE,
  delivered: TWO,
  read: TWO,
  received: TWO,
  undelivered: CROSS,
  failed: CROSS,
};
