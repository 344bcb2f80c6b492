/** The door of what one of ours wrote into a lead; only they can say that a field is empty. */
export const AMENDED = 'amended';

/** One enquiry among those of a lead. */
export interface Enquiry {
  /** The door's own id, with the door: `form/…`. */
  key: string;
  receivedAt: Date;
  /** Checked fields; a field that the enquiry leaves out says nothing. */
  fields: Readonly<Record<string, string>>;
  /** Addresses that it names and that are not known to be theirs; see `Further`. */
  claimed?: readonly string[];
}

/**
 * What the enquiries of a lead say together: of each field the newest word. The same whatever order they are given in,
 * and however often one is given. Pure.
 */
export function foldEnquiries(enquiries: readonly Enquiry[]): Record<string, string> {
  const inTime = [...enquiries].sort(
    (a, b) => a.receivedAt.getTime() - b.receivedAt.getTime() || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
  );
  const said = inTime.flatMap(({ key, fields }) =>
    Object.entries(fields).filter(([, value]) => value !== '' || key.startsWith(`${AMENDED}/`)),
  );
  const newest = [...new Map(said)].filter(([, value]) => value !== '');
  return Object.fromEntries(newest.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The fields in which two states of a lead differ, in order. Pure. */
export function changedFields(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => before[key] !== after[key]).sort();
}
