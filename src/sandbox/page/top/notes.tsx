import { useSyncExternalStore } from 'react';
import { dismiss, notesNow, watchNotes } from '../state/notes.ts';
import { Icon } from '../ui/icons.tsx';

/** What went wrong, for a while, where it is seen and heard. */
export function Notes() {
  const notes = useSyncExternalStore(watchNotes, notesNow);
  return (
    <div className="notes" aria-live="assertive">
      {notes.map((note) => (
        <div key={note.id} className={`note ${note.voice}`}>
          <Icon name="alert" size={17} />
          <p>
            {note.voice === 'slack' && <strong>Slack: </strong>}
            {note.words}
          </p>
          <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dismiss(note.id)}>
            <Icon name="close" size={15} />
          </button>
        </div>
      ))}
    </div>
  );
}
