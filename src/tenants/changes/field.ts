import type { Settings } from '../settings.ts';

/** What was entered in one field: text, or what was chosen. */
export interface Entered {
  text: string;
  chosen: readonly string[];
}

/** One input of a settings form, whatever draws it. */
export interface FormField {
  name: string;
  label: string;
  hint?: string;
  /** `text` is typed, of `choice` one is chosen, of `choices` any number. */
  kind: 'text' | 'choice' | 'choices';
  optional?: true;
  options?: readonly { text: string; value: string }[];
  /** What it shows before anything is entered. */
  shows(settings: Settings): Entered;
  /** What it changes, on top of what the fields before it have changed; a text says what is wrong. */
  reads(entered: Entered, so: Settings): Partial<Settings> | string;
}
