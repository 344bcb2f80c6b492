import { useId, useState } from 'react';
import { act } from '../state/server.ts';
import { chooseCustomer } from '../state/ui.ts';
import { Dialog } from '../ui/dialog.tsx';
import { freeNumber, phoneWords, readNumber } from '../words/phone.ts';

/** Somebody with a phone of whom the business has never heard. */
export function NewCustomer({ taken, onClose }: { taken: readonly string[]; onClose(): void }) {
  const id = useId();
  const [name, setName] = useState('');
  const [number, setNumber] = useState(() => phoneWords(freeNumber(taken)));
  const e164 = readNumber(number);
  const ready = e164 !== undefined && name.trim() !== '';

  async function add() {
    if (!e164 || !ready) return;
    await act({ act: 'customer', number: e164, name: name.trim() });
    chooseCustomer(e164, null);
    onClose();
  }

  return (
    <Dialog
      title="New customer"
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button plain" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" form={id} className="button primary" disabled={!ready}>
            Add the phone
          </button>
        </>
      }
    >
      <form
        id={id}
        className="small-form"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <p>A phone the business does not know. Write from it and see who is told.</p>
        <label className="field-label" htmlFor={`${id}-name`}>
          Name
        </label>
        <input
          id={`${id}-name`}
          className="field"
          value={name}
          autoComplete="off"
          maxLength={80}
          onChange={(event) => setName(event.target.value)}
        />
        <label className="field-label" htmlFor={`${id}-number`}>
          Mobile, with country code
        </label>
        <input
          id={`${id}-number`}
          className="field"
          value={number}
          inputMode="tel"
          autoComplete="off"
          aria-invalid={e164 === undefined}
          onChange={(event) => setNumber(event.target.value)}
        />
        <p className="field-hint">Numbers from +46 70 174 06 05 to 99 belong to nobody.</p>
      </form>
    </Dialog>
  );
}
