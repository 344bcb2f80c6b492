import { useId } from 'react';
import { useActing } from './acting.tsx';
import { ElementOf } from './element.tsx';
import { isObject, type Json, objectOf, textOf, wordsOf } from './json.ts';
import { TextObject } from './text-object.tsx';

const GROUPED = new Set(['checkboxes', 'radio_buttons', 'file_input']);

/** A label, its field, a hint, and what is wrong with it. */
export function InputBlock({ block }: { block: Json }) {
  const { errors } = useActing();
  const id = useId();
  const element = objectOf(block.element);
  const error = errors[textOf(block.block_id)];
  const hint = isObject(block.hint);
  const describedBy = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined;
  const label = (
    <>
      <TextObject value={block.label} inline />
      {block.optional === true && <span className="optional">optional</span>}
    </>
  );
  const field = (
    <ElementOf
      block={block}
      element={element}
      id={id}
      label={wordsOf(block.label)}
      describedBy={describedBy}
      invalid={error !== undefined}
    />
  );
  const below = (
    <>
      {error !== undefined && (
        <p className="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
      {hint && (
        <div className="field-hint" id={`${id}-hint`}>
          <TextObject value={block.hint} />
        </div>
      )}
    </>
  );
  const className = error === undefined ? 'block input' : 'block input wrong';
  if (GROUPED.has(textOf(element.type))) {
    return (
      <fieldset className={className} data-block={textOf(block.block_id)}>
        <legend className="field-label">{label}</legend>
        {field}
        {below}
      </fieldset>
    );
  }
  return (
    <div className={className} data-block={textOf(block.block_id)}>
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {field}
      {below}
    </div>
  );
}
