import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { useFloating } from './floating.ts';

export interface MenuItem {
  key: string;
  words: string;
  more?: string;
  run(): void;
}

/** A button with a list of things to do. */
export function Menu(props: {
  label: string;
  button: ReactNode;
  items: MenuItem[];
  className?: string;
  title?: string;
}) {
  const { label, button, items, className, title } = props;
  const id = useId();
  const { open, setOpen, anchor, box, style } = useFloating();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) list.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus({ preventScroll: true });
  }, [open]);

  const close = () => {
    setOpen(false);
    anchor.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    const to = moves[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  return (
    <>
      <button
        type="button"
        ref={anchor}
        className={className ?? 'icon-button'}
        aria-label={label}
        title={title}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div ref={box} style={style} className="popup menu">
          <div id={id} ref={list} role="menu" aria-label={label} onKeyDown={onKey} tabIndex={-1}>
            {items.map((item) => (
              <button
                key={item.key}
                type="button"
                role="menuitem"
                tabIndex={-1}
                className="menu-item"
                onClick={() => {
                  close();
                  item.run();
                }}
              >
                <span>{item.words}</span>
                {item.more && <span className="menu-more">{item.more}</span>}
              </button>
            ))}
          </div>
        </div>
      )}
    </>
  );
}
