import type { ReactNode } from 'react';

/** A phone, drawn: frame, status bar, and a screen for whatever runs. */
export function PhoneFrame({ time, lying, children }: { time: string; lying?: boolean; children: ReactNode }) {
  return (
    <div className={lying ? 'phone lying' : 'phone'}>
      <div className="screen">
        <div className="status-bar" aria-hidden="true">
          <span>{lying ? '' : time}</span>
          <span className="speaker" />
          <svg viewBox="0 0 44 12" width="44" height="12" focusable="false" aria-hidden="true">
            <path d="M1 9h2v2H1zM5 7h2v4H5zM9 5h2v6H9zM13 3h2v8h-2z" />
            <rect x="22.5" y="2.5" width="17" height="8" rx="2.2" className="outline" />
            <rect x="24" y="4" width="11" height="5" rx="1" />
            <path d="M41 5h1.4v3H41z" />
          </svg>
        </div>
        {children}
      </div>
    </div>
  );
}
