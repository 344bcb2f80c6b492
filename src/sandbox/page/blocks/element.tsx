import { ButtonElement } from './button-element.tsx';
import { Checkboxes, RadioButtons } from './choices.tsx';
import type { ElementProps } from './element-props.ts';
import { fieldOf } from './fields.ts';
import { FileInput } from './file-input.tsx';
import { textOf } from './json.ts';
import { Overflow } from './overflow.tsx';
import { Select } from './select.tsx';
import { DateField, DateTimeField, TextField } from './typed-fields.tsx';

/** Any element a person can act on. */
export function ElementOf(props: ElementProps) {
  const type = textOf(props.element.type);
  const field = fieldOf(props.block, props.element);
  const parts = { ...props, field };
  switch (type) {
    case 'button':
      return <ButtonElement element={props.element} />;
    case 'overflow':
      return <Overflow element={props.element} />;
    case 'checkboxes':
      return <Checkboxes {...parts} />;
    case 'radio_buttons':
      return <RadioButtons {...parts} />;
    case 'datepicker':
    case 'timepicker':
      return <DateField {...parts} />;
    case 'datetimepicker':
      return <DateTimeField {...parts} />;
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
    case 'rich_text_input':
      return <TextField {...parts} />;
    case 'file_input':
      return <FileInput {...parts} />;
    default:
      return /_select$/.test(type) ? <Select {...parts} /> : <span className="unknown">({type})</span>;
  }
}
