import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useChange } from '../state/change.ts';
import { useFloating } from './floating.ts';
import { Icon } from './icons.tsx';
import { moved, offered } from './picking.ts';

interface Choice {
  value: string;
  text: string;
  description?: string;
}

interface PickerProps {
  id?: string | undefined;
  label: string;
  placeholder: string;
  describedBy?: string | undefined;
  invalid?: boolean | undefined;
  options: readonly { group: string; option: Choice }[];
  chosen: readonly Choice[];
  many: boolean;
  most?: number | undefined;
  /** The options depend on what is typed; they are found by whoever listens. */
  onType?: ((typed: string) => void) | undefined;
  /** Shown instead of "nothing found". */
  wait?: ReactNode;
  onChange(chosen: Choice[]): void;
}

/** Lists longer than this can be searched. */
const SHORT_LIST = 7;

/** A button with a list to choose from, one or several. */
export function Picker(props: PickerProps) {
  const { id, label, placeholder, chosen, many, describedBy, invalid } = props;
  const { open, setOpen, anchor, box, style } = useFloating();
  const listId = useId();
  const words = chosen.map((each) => each.text).join(', ');
  return (
    <>
      <button
        type="button"
        id={id}
        ref={anchor}
        className="field picker"
        role="combobox"
        aria-haspopup="listbox"
        aria-expanded={open}
        aria-controls={listId}
        aria-label={id === undefined ? label : undefined}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
          event.preventDefault();
          setOpen(true);
        }}
      >
        <span className={words ? 'picked' : 'picked nothing'}>{words || placeholder}</span>
        <Icon name="chevron" size={16} />
      </button>
      {open && (
        <div ref={box} style={style} className="popup options">
          <List
            {...props}
            listId={listId}
            onDone={() => {
              setOpen(false);
              anchor.current?.focus();
            }}
            onPick={(choice) => {
              const on = chosen.some((each) => each.value === choice.value);
              if (!many) props.onChange([choice]);
              else if (on) props.onChange(chosen.filter((each) => each.value !== choice.value));
              else if (chosen.length < (props.most ?? Number.POSITIVE_INFINITY)) props.onChange([...chosen, choice]);
            }}
          />
        </div>
      )}
    </>
  );
}

function List(props: PickerProps & { listId: string; onDone(): void; onPick(choice: Choice): void }) {
  const { label, options, chosen, many, onType, wait, listId, onDone, onPick } = props;
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const focus = useRef<HTMLInputElement & HTMLDivElement>(null);
  const searchable = onType !== undefined || options.length > SHORT_LIST;
  const shown = onType ? options : offered(options, typed);
  const idOf = (index: number) => `${listId}-${index}`;

  useChange('opened', () => {
    focus.current?.focus({ preventScroll: true });
    onType?.('');
    setActive(
      Math.max(
        0,
        shown.findIndex(({ option }) => chosen.some((each) => each.value === option.value)),
      ),
    );
  });
  useEffect(() => {
    document.getElementById(`${listId}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, listId]);

  const onKey = (event: KeyboardEvent) => {
    const to = moved(event.key, active, shown.length);
    if (to !== undefined) {
      event.preventDefault();
      setActive(to);
    } else if (event.key === 'Enter' || (event.key === ' ' && !searchable)) {
      event.preventDefault();
      const choice = shown[active]?.option;
      if (choice) onPick(choice);
      if (!many) onDone();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault();
      event.stopPropagation();
      onDone();
    }
  };
  const held = { 'aria-activedescendant': shown.length > 0 ? idOf(active) : undefined, onKeyDown: onKey, ref: focus };
  const list = shown.map(({ group, option }, index) => (
    <div key={option.value} role="presentation">
      {group !== '' && group !== shown[index - 1]?.group && <div className="option-group">{group}</div>}
      <div
        id={idOf(index)}
        role="option"
        tabIndex={-1}
        aria-selected={chosen.some((each) => each.value === option.value)}
        className={index === active ? 'option active' : 'option'}
        onPointerMove={() => setActive(index)}
        onClick={() => {
          onPick(option);
          if (!many) onDone();
        }}
        onKeyDown={onKey}
      >
        <span>
          {option.text}
          {option.description && <span className="menu-more">{option.description}</span>}
        </span>
        <Icon name="check" size={16} />
      </div>
    </div>
  ));
  return (
    <>
      {searchable && (
        <input
          {...held}
          className="field search"
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-label={`Search: ${label}`}
          placeholder="Search"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setActive(0);
            onType?.(event.target.value);
          }}
        />
      )}
      <div
        {...(searchable ? {} : held)}
        id={listId}
        role="listbox"
        tabIndex={searchable ? -1 : 0}
        aria-label={label}
        aria-multiselectable={many}
        className="option-list"
      >
        {list}
      </div>
      {shown.length === 0 && <p className="option-none">{wait ?? 'Nothing found'}</p>}
    </>
  );
}
