import { Dialog } from '../ui/dialog.tsx';
import { type Json, textOf, wordsOf } from './json.ts';
import { TextObject } from './text-object.tsx';

/** "Are you sure?", in the app's words. */
export function ConfirmDialog(props: { confirm: Json; label: string; onYes(): void; onNo(): void }) {
  const { confirm, label, onYes, onNo } = props;
  const danger = textOf(confirm.style) === 'danger';
  return (
    <Dialog
      title={wordsOf(confirm.title) || 'Are you sure?'}
      onClose={onNo}
      footer={
        <>
          <button type="button" className="button plain" onClick={onNo}>
            {wordsOf(confirm.deny) || 'Cancel'}
          </button>
          <button type="button" className={`button ${danger ? 'danger full' : 'primary'}`} onClick={onYes} data-first>
            {wordsOf(confirm.confirm) || label}
          </button>
        </>
      }
    >
      <TextObject value={confirm.text} />
    </Dialog>
  );
}
