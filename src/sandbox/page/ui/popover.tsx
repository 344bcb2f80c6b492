import { type ReactNode, useId, useRef } from 'react';
import { useFloating } from './floating.ts';
import { useFocusTrap } from './focus.ts';

interface PopoverProps {
  label: string;
  button: ReactNode;
  children: ReactNode;
  className: string;
  tour?: string;
  /** Of the sheet, where it looks its own way. */
  sheet?: string;
}

/** A button that opens a sheet with more in it. */
export function Popover({ label, button, children, className, tour, sheet = 'sheet' }: PopoverProps) {
  const id = useId();
  const { open, setOpen, anchor, box, style } = useFloating();
  return (
    <>
      <button
        type="button"
        ref={anchor}
        className={className}
        data-tour={tour}
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div ref={box} style={style} className={`popup ${sheet}`}>
          <Sheet id={id} label={label} onClose={() => setOpen(false)}>
            {children}
          </Sheet>
        </div>
      )}
    </>
  );
}

function Sheet(props: { id: string; label: string; children: ReactNode; onClose(): void }) {
  const box = useRef<HTMLDivElement>(null);
  useFocusTrap(box, props.onClose);
  return (
    <div id={props.id} ref={box} role="dialog" aria-label={props.label}>
      {props.children}
    </div>
  );
}
