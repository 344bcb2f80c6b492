import type { Playbooks } from '../playbooks/index.ts';
import type { Base, Logo, Settings } from '../settings.ts';

/** What was entered in one field: text, or what was chosen. */
export interface Entered {
  text: string;
  chosen: readonly string[];
  /** The picture that was given, once it is kept. */
  picture?: Logo;
  /** The place that was meant, when it is known. */
  place?: Base;
}

/** One input of a settings form, whatever draws it. */
export interface FormField {
  name: string;
  label: string;
  hint?: string;
  /**
   * `text` is typed, of `choice` one is chosen, of `choices` any number; a `picture` is a file, or an address to fetch it
   * from; a `place` is a city or postal code; a `channel` is one of Slack in which we may write.
   */
  kind: 'text' | 'choice' | 'choices' | 'picture' | 'place' | 'channel';
  optional?: true;
  options?: readonly { text: string; value: string }[];
  /** What it shows before anything is entered. */
  shows(settings: Settings): Entered;
  /** What it changes, on top of what the fields before it have changed; a text says what is wrong. */
  reads(entered: Entered, so: Settings): Partial<Settings> | string;
}

/** What a form depends on: the playbooks there are, and the groups whose changes can be made to wait. */
export interface About {
  playbooks: Playbooks;
  approvable: readonly { key: string; label: string }[];
}
