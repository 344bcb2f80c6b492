import { useId } from 'react';
import { useActing } from './acting.tsx';
import type { ElementProps } from './element-props.ts';
import type { Field } from './fields.ts';
import { TextObject } from './text-object.tsx';
import { type Option, optionsOf, type Value } from './values.ts';

type Props = ElementProps & { field: Field };

const chosenIn = (value: Value): Option[] => (value.is === 'options' ? value.options : []);

export function Checkboxes(props: Props) {
  const { heldBy, enter } = useActing();
  const chosen = chosenIn(heldBy(props.field));
  return (
    <Choices
      {...props}
      kind="checkbox"
      chosen={chosen}
      onChange={(option, on) => {
        const others = chosen.filter((each) => each.value !== option.value);
        enter(props.field, { is: 'options', options: on ? [...others, option] : others });
      }}
    />
  );
}

export function RadioButtons(props: Props) {
  const { heldBy, enter } = useActing();
  return (
    <Choices
      {...props}
      kind="radio"
      chosen={chosenIn(heldBy(props.field))}
      onChange={(option) => enter(props.field, { is: 'options', options: [option] })}
    />
  );
}

function Choices(
  props: Props & { kind: 'checkbox' | 'radio'; chosen: Option[]; onChange(option: Option, on: boolean): void },
) {
  const { element, kind, chosen, onChange, describedBy, invalid } = props;
  const name = useId();
  return (
    <div className="choices">
      {optionsOf(element).map(({ option, raw }) => (
        <label key={option.value} className="choice">
          <input
            type={kind}
            name={name}
            checked={chosen.some((each) => each.value === option.value)}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            onChange={(event) => onChange(option, event.target.checked)}
          />
          <span>
            <TextObject value={raw.text} inline />
            {raw.description !== undefined && (
              <span className="choice-more">
                <TextObject value={raw.description} inline />
              </span>
            )}
          </span>
        </label>
      ))}
    </div>
  );
}
