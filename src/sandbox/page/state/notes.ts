/** Short notes to the person at the page: what went wrong, in Slack's voice or ours. */
export interface Note {
  id: number;
  voice: 'problem' | 'slack' | 'word';
  words: string;
}

/** Long enough to read two lines. */
const SHOWN_MS = 9000;

let notes: readonly Note[] = [];
let last = 0;
const watchers = new Set<() => void>();

function set(next: readonly Note[]): void {
  notes = next;
  for (const watcher of [...watchers]) watcher();
}

export function notify(voice: Note['voice'], words: string): void {
  last += 1;
  const id = last;
  set([...notes.filter((note) => note.words !== words), { id, voice, words }].slice(-3));
  setTimeout(() => dismiss(id), SHOWN_MS);
}

export const dismiss = (id: number): void => set(notes.filter((note) => note.id !== id));

export const notesNow = (): readonly Note[] => notes;

export function watchNotes(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}
