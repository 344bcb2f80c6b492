import { useState } from 'react';
import { Icon } from '../ui/icons.tsx';
import { Menu } from '../ui/menu.tsx';
import { useActing } from './acting.tsx';
import { ConfirmDialog } from './confirm.tsx';
import { isObject, type Json, textOf } from './json.ts';
import { type Option, optionsOf } from './values.ts';

/** The three dots. */
export function Overflow({ element }: { element: Json }) {
  const { press } = useActing();
  const [asking, setAsking] = useState<Option | null>(null);
  const actionId = textOf(element.action_id);
  const choose = ({ value, text }: Option) => void press({ actionId: `${actionId}:${value}`, text });
  return (
    <>
      <Menu
        className="button plain square"
        label="More actions"
        button={<Icon name="more" />}
        items={optionsOf(element).map(({ option, raw }) => ({
          key: option.value,
          words: option.text,
          ...(option.description && { more: option.description }),
          run() {
            const url = textOf(raw.url);
            if (url) window.open(url, '_blank', 'noopener,noreferrer');
            if (isObject(element.confirm)) setAsking(option);
            else choose(option);
          },
        }))}
      />
      {asking !== null && isObject(element.confirm) && (
        <ConfirmDialog
          confirm={element.confirm}
          label={asking.text}
          onNo={() => setAsking(null)}
          onYes={() => {
            setAsking(null);
            choose(asking);
          }}
        />
      )}
    </>
  );
}
