import type { KeyboardEvent } from 'react';
import { useActing } from './acting.tsx';
import type { ElementProps } from './element-props.ts';
import type { Field } from './fields.ts';
import { numberOf, objectOf, textOf, textsOf, wordsOf } from './json.ts';
import { localInput, secondsOf } from './local-input.ts';

type Props = ElementProps & { field: Field };

const INPUT_TYPES: Record<string, string> = { email_text_input: 'email', url_text_input: 'url' };

/** One line or several; tells the app on Enter or while typing where the app asked for it. */
export function TextField({ field, element, id, describedBy, invalid, label }: Props) {
  const { heldBy, enter } = useActing();
  const value = heldBy(field);
  const text = value.is === 'text' ? value.text : '';
  const type = textOf(element.type);
  const triggers = textsOf(objectOf(element.dispatch_action_config).trigger_actions_on);
  const eager = triggers.includes('on_character_entered');
  const max = numberOf(element.max_length);
  const common = {
    id,
    className: 'field',
    value: text,
    placeholder: wordsOf(element.placeholder) || undefined,
    'aria-describedby': describedBy,
    'aria-invalid': invalid,
    'aria-label': id === undefined ? label : undefined,
    autoFocus: element.focus_on_load === true,
    onChange: (event: { target: { value: string } }) => enter(field, { is: 'text', text: event.target.value }, !eager),
  };
  const onEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !field.dispatches || eager) return;
    event.preventDefault();
    enter(field, { is: 'text', text });
  };
  if (type === 'rich_text_input' || element.multiline === true) {
    return (
      <div className="counted">
        <textarea {...common} rows={4} />
        {max !== undefined && text.length > max * 0.8 && <span className="count">{max - text.length}</span>}
      </div>
    );
  }
  const number = type === 'number_input';
  return (
    <input
      {...common}
      type={INPUT_TYPES[type] ?? 'text'}
      inputMode={number ? 'decimal' : undefined}
      autoComplete="off"
      onKeyDown={onEnter}
    />
  );
}

export function DateField({ field, element, id, describedBy, invalid, label }: Props) {
  const { heldBy, enter } = useActing();
  const value = heldBy(field);
  return (
    <input
      id={id}
      className="field date"
      type={element.type === 'timepicker' ? 'time' : 'date'}
      value={value.is === 'text' ? value.text : ''}
      aria-label={id === undefined ? wordsOf(element.placeholder) || label || 'Date' : undefined}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      onChange={(event) => enter(field, { is: 'text', text: event.target.value })}
    />
  );
}

export function DateTimeField({ field, id, describedBy, invalid, label }: Props) {
  const { heldBy, enter } = useActing();
  const value = heldBy(field);
  return (
    <input
      id={id}
      className="field date"
      type="datetime-local"
      value={value.is === 'text' ? localInput(value.text) : ''}
      aria-label={id === undefined ? (label ?? 'Date and time') : undefined}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      onChange={(event) => enter(field, { is: 'text', text: secondsOf(event.target.value) })}
    />
  );
}
