import { useState } from 'react';
import { useEntity } from '../state/hooks.ts';
import { act } from '../state/server.ts';
import { setUi } from '../state/ui.ts';
import { fresh } from '../tour/progress.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';

/** Everything from the beginning; asks first. */
export function Reset() {
  const canReset = useEntity('scene')?.canReset ?? false;
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  if (!canReset) return null;

  async function reset() {
    setBusy(true);
    const answer = await act({ act: 'reset' });
    setBusy(false);
    setAsking(false);
    if (answer) setUi({ places: {}, threads: {}, seen: {}, number: null, lead: null, apps: {}, tour: fresh });
  }

  return (
    <>
      <button type="button" className="top-button" title="Begin anew" onClick={() => setAsking(true)}>
        <Icon name="reset" size={17} />
        <span>Reset</span>
      </button>
      {asking && (
        <Dialog
          title="Begin anew?"
          onClose={() => setAsking(false)}
          footer={
            <>
              <button type="button" className="button plain" onClick={() => setAsking(false)}>
                Not now
              </button>
              <button type="button" className="button danger full" aria-busy={busy} onClick={() => void reset()}>
                Wipe everything
              </button>
            </>
          }
        >
          <p>All customers, messages and settings of this sandbox are deleted, and the clock shows real time again.</p>
        </Dialog>
      )}
    </>
  );
}
