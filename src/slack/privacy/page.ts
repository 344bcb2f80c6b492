/** What is shown of one person: in a window, or where the command was typed. */
export interface Page {
  title: string;
  text: string;
  blocks: object[];
  /** Asks something: only a window can. */
  submit?: { id: string; label: string; metadata: string };
}
