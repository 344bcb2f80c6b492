import type { Entry } from '../state/store.ts';

/** Whether one person alone sees it: keys of messages begin with the channel, those of whispers with a person. */
export const whispered = (entry: Entry<'message' | 'whisper'>): boolean =>
  !entry.id.startsWith(`${entry.value.channel}/`);
