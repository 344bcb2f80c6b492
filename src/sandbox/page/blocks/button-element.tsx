import { useState } from 'react';
import { useActing } from './acting.tsx';
import { ConfirmDialog } from './confirm.tsx';
import { isObject, type Json, textOf, wordsOf } from './json.ts';
import { TextObject } from './text-object.tsx';

/** A button. Asks first where the app wants it; one with an address opens it, and the app hears of it all the same. */
export function ButtonElement({ element }: { element: Json }) {
  const { press } = useActing();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const actionId = textOf(element.action_id);
  const value = textOf(element.value);
  const url = textOf(element.url);

  async function go() {
    setAsking(false);
    if (url) window.open(url, '_blank', 'noopener,noreferrer');
    setBusy(true);
    await press({ actionId, ...(value && { value }) });
    setBusy(false);
  }

  return (
    <>
      <button
        type="button"
        className={`button ${textOf(element.style) || 'plain'}`}
        data-action={actionId}
        aria-busy={busy}
        aria-label={textOf(element.accessibility_label) || undefined}
        onClick={() => (isObject(element.confirm) ? setAsking(true) : busy || void go())}
      >
        <TextObject value={element.text} inline />
      </button>
      {asking && isObject(element.confirm) && (
        <ConfirmDialog
          confirm={element.confirm}
          label={wordsOf(element.text)}
          onYes={() => void go()}
          onNo={() => setAsking(false)}
        />
      )}
    </>
  );
}
