import type { Json } from './json.ts';

/** What every element gets. */
export interface ElementProps {
  block: Json;
  element: Json;
  /** Id of its DOM node, and of what describes it. */
  id?: string;
  describedBy?: string | undefined;
  invalid?: boolean;
  /** Said by screen readers where no label is beside it. */
  label?: string;
}
