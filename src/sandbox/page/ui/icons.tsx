/* Line icons on a 20 by 20 grid, drawn for this page. */

const PATHS = {
  alert: 'M10 3.2 17.6 16.4H2.4L10 3.2ZM10 8.2v3.6M10 14.1v.1',
  attach: 'M13.9 8.1l-4.8 4.8a1.6 1.6 0 0 0 2.3 2.3l5-5a3.4 3.4 0 0 0-4.8-4.8l-5.3 5.3a5.1 5.1 0 0 0 7.2 7.2l3-3',
  back: 'M16 10H4.5M9 5.2 4.2 10 9 14.8',
  bolt: 'M11 2.8 4.5 11.2h4.6L8.6 17.2l6.9-8.6h-4.8L11 2.8Z',
  car: 'M3.2 13.6v-2.4c0-.8.5-1.3 1.2-1.5l1.3-3.4c.3-.7.8-1.1 1.6-1.1h5.4c.8 0 1.3.4 1.6 1.1l1.3 3.4c.7.2 1.2.7 1.2 1.5v2.4H3.2ZM5.6 13.6v1.6M14.4 13.6v1.6M5.4 9.7h9.2',
  check: 'M4.4 10.6 8.2 14.3 15.8 6',
  chevron: 'M5.8 8 10 12.2 14.2 8',
  clock: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM10 6.2V10l2.6 1.8',
  close: 'M5.4 5.4l9.2 9.2M14.6 5.4l-9.2 9.2',
  compass: 'M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4ZM12.9 7.1l-1.7 4.1-4.1 1.7 1.7-4.1 4.1-1.7Z',
  file: 'M5.6 3h5.6l3.6 3.6V17H5.6V3ZM11 3v3.8h3.8',
  flask: 'M8 3h4M8.8 3v4.6L4.6 15c-.5.9.1 2 1.2 2h8.4c1.1 0 1.7-1.1 1.2-2l-4.2-7.4V3M6.8 12.4h6.4',
  hash: 'M8.2 3.6 6.6 16.4M13.4 3.6l-1.6 12.8M3.8 7.6h12.8M3.4 12.4h12.8',
  home: 'M3.6 9.2 10 3.8l6.4 5.4V16a.6.6 0 0 1-.6.6h-3.6v-4.4H7.8v4.4H4.2a.6.6 0 0 1-.6-.6V9.2Z',
  laptop: 'M4.6 4.6h10.8v8H4.6v-8ZM2.4 15.4h15.2',
  lock: 'M5.2 9.2h9.6v7.2H5.2V9.2ZM7.2 9.2V6.8a2.8 2.8 0 0 1 5.6 0v2.4',
  mail: 'M3 5h14v10H3V5ZM3.4 5.6 10 10.8l6.6-5.2',
  moon: 'M15.8 12.2A6.4 6.4 0 0 1 7.8 4.2a6.4 6.4 0 1 0 8 8Z',
  more: 'M4.8 10h.1M10 10h.1M15.2 10h.1',
  next: 'M4.4 5l6 5-6 5V5ZM14.6 5v10',
  phone: 'M6.6 3.2h6.8c.6 0 1 .4 1 1v11.6c0 .6-.4 1-1 1H6.6c-.6 0-1-.4-1-1V4.2c0-.6.4-1 1-1ZM9 14.6h2',
  plus: 'M10 4.4v11.2M4.4 10h11.2',
  question: 'M7.6 7.6a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1.1.9-1.1 1.7M10 14.2v.1',
  reply: 'M8.4 5 3.6 9.6l4.8 4.6M4 9.6h6.8c3.2 0 5.2 1.8 5.6 5.2',
  reset: 'M4 10a6 6 0 1 0 1.9-4.4M4.2 3.4v3.4h3.4',
  search: 'M8.8 3.6a5.2 5.2 0 1 0 0 10.4 5.2 5.2 0 0 0 0-10.4ZM12.6 12.6l4 4',
  send: 'M3.6 4.2 17 10 3.6 15.8l1.8-5L11 10 5.4 9.2l-1.8-5Z',
  speech: 'M3.4 4.6h13.2v8.8H9l-3.6 3v-3h-2V4.6Z',
  stop: 'M6.9 2.9h6.2l4 4v6.2l-4 4H6.9l-4-4V6.9l4-4ZM7 10h6',
  thread: 'M3.4 4.6h13.2v8.8H9l-3.6 3v-3h-2V4.6ZM6.6 8h6.8M6.6 10.6h4.4',
  person: 'M10 3.6a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4ZM3.8 16.8c.6-3 3-4.6 6.2-4.6s5.6 1.6 6.2 4.6',
} as const;

export type IconName = keyof typeof PATHS;

/** Beside words that say the same; nothing to hear. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" width={size} height={size} aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The product's sign: a lifebuoy. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg className="mark" viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <circle cx="16" cy="16" r="10" className="ring" />
      <path d="M16 2.4v7.4M16 22.2v7.4M2.4 16h7.4M22.2 16h7.4" className="bands" />
    </svg>
  );
}
