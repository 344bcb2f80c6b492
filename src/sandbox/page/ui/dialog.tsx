import { type ReactNode, useId, useRef } from 'react';
import { createPortal } from 'react-dom';
import { useFocusTrap } from './focus.ts';
import { Icon } from './icons.tsx';

/** A small window over everything that waits for an answer. */
export function Dialog(props: { title: string; onClose(): void; children: ReactNode; footer: ReactNode }) {
  const { title, onClose, children, footer } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  useFocusTrap(box, onClose);
  return createPortal(
    <div className="veil" role="presentation">
      <div className="dialog" role="alertdialog" aria-modal="true" aria-labelledby={id} ref={box}>
        <header className="dialog-head">
          <h2 id={id}>{title}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div className="dialog-body">{children}</div>
        <footer className="dialog-foot">{footer}</footer>
      </div>
    </div>,
    document.body,
  );
}
