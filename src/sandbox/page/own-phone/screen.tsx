import { type ReactNode, useId, useRef } from 'react';
import { useFocusTrap } from '../ui/focus.ts';
import { Icon } from '../ui/icons.tsx';

interface ScreenProps {
  title: string;
  onBack(): void;
  /** Another screen lies over it. */
  covered?: boolean;
  className?: string;
  children: ReactNode;
}

/** A screen over another: back by its arrow or Escape, and the focus goes back with it. */
export function Screen({ title, onBack, covered = false, className = '', children }: ScreenProps) {
  const id = useId();
  const box = useRef<HTMLElement>(null);
  useFocusTrap(box, onBack);
  return (
    <section ref={box} className={`own-screen pushed ${className}`} aria-labelledby={id} inert={covered}>
      <header className="own-head">
        <button type="button" className="icon-button" aria-label="Back" onClick={onBack}>
          <Icon name="back" />
        </button>
        <h3 id={id}>{title}</h3>
      </header>
      {children}
    </section>
  );
}
