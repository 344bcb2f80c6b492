/** Something that is not as it was sealed. `events` are ids, in order; batches and rounds count from 1. */
export type Finding =
  | { kind: 'events_changed' | 'events_removed' | 'events_twice'; batch: number; events: readonly number[] }
  /** In the sealed part of the log, and in no batch. */
  | { kind: 'events_inserted'; events: readonly number[] }
  /** The batch's own list was tampered with; the events are as they were sealed. */
  | { kind: 'list_changed' | 'list_inserted' | 'order_changed'; batch: number; events: readonly number[] }
  /** The batch holds fewer or more entries than its head says. `after` is the event before each gap, where it is known. */
  | { kind: 'list_miscounted'; batch: number; missing: number; after: readonly number[]; span: Span }
  /** What is there does not give the signed root, and it cannot be said what of it was changed. */
  | { kind: 'batch_changed'; batch: number; span: Span; suspects: readonly number[] }
  | { kind: 'batch_unchecked' | 'batch_twice' | 'head_changed' | 'chain_broken' | 'peaks_changed'; batch: number }
  | { kind: 'batches_removed'; from: number; to: number }
  | { kind: 'head_foreign'; batch: number; fingerprint: string }
  | { kind: 'log_cut'; size: number; has: number; from: string }
  | { kind: 'witness_differs'; size: number; from: string }
  | { kind: 'round_changed'; round: number }
  | { kind: 'rounds_removed'; from: number; to: number }
  | { kind: 'seal_removed' | 'seal_replaced'; batch: number; tenant: string; round: number; at: string }
  | { kind: 'nothing_sealed'; events: number }
  | { kind: 'file_cut' }
  | { kind: 'file_unreadable'; line: number };

/** First and last event of a batch; null for one without any. */
export type Span = readonly [number, number] | null;

/** The finding as a sentence. Pure. */
export function inWords(finding: Finding): string {
  switch (finding.kind) {
    case 'events_changed':
      return `${Events(finding)} changed after being sealed in batch ${finding.batch}.`;
    case 'events_removed':
      return `${Events(finding)} removed after being sealed in batch ${finding.batch}.`;
    case 'events_twice':
      return `${Events(finding)} sealed a second time in batch ${finding.batch}.`;
    case 'events_inserted':
      return `${Events(finding)} inserted among sealed events, or taken out of the batch that sealed them: no batch holds them.`;
    case 'list_changed':
      return `The list of batch ${finding.batch} was changed at ${events(finding.events)}; the events themselves are as they were sealed.`;
    case 'list_inserted':
      return `${Events(finding)} put into batch ${finding.batch} after it was sealed.`;
    case 'order_changed':
      return `The order of ${events(finding.events)} in batch ${finding.batch} was changed.`;
    case 'list_miscounted':
      return miscounted(finding);
    case 'batch_changed': {
      const suspects = finding.suspects.length > 0 ? ` What does not fit at once: ${events(finding.suspects)}.` : '';
      return `Batch ${finding.batch}${spanned(finding.span)} was changed: its entries do not give the signed root.${suspects}`;
    }
    case 'batch_unchecked':
      return `Batch ${finding.batch} cannot be checked against its head, because what comes before it is damaged.`;
    case 'batch_twice':
      return `Batch ${finding.batch} is there a second time.`;
    case 'head_changed':
      return `The head of batch ${finding.batch} was changed: its signature does not fit.`;
    case 'chain_broken':
      return `The head of batch ${finding.batch} names another head before it than the one that is there.`;
    case 'peaks_changed':
      return `The subtrees kept with batch ${finding.batch} were changed.`;
    case 'batches_removed':
      return removed('Batch', 'Batches', finding);
    case 'head_foreign':
      return `From batch ${finding.batch} on, heads are signed with a key that is not trusted here: ${finding.fingerprint}.`;
    case 'log_cut':
      return `The end of the log was cut off: ${finding.from} shows ${count(finding.size)} events, and ${count(finding.has)} are sealed here.`;
    case 'witness_differs':
      return `This is another log than the one that was shown: ${finding.from} has another root at ${count(finding.size)} events.`;
    case 'round_changed':
      return `Sealing round ${finding.round} was changed: its signature or its place in the chain does not fit.`;
    case 'rounds_removed':
      return removed('Sealing round', 'Sealing rounds', finding);
    case 'seal_removed':
      return `Batch ${finding.batch} was removed: round ${finding.round} sealed it at ${finding.at}.`;
    case 'seal_replaced':
      return `Batch ${finding.batch} was replaced: round ${finding.round} sealed another one at ${finding.at}.`;
    case 'nothing_sealed':
      return `No batch is there, though ${count(finding.events)} events are: either the seals were removed, or no worker runs. The first batch is made within seconds of the start.`;
    case 'file_cut':
      return 'The file is not complete: it does not hold what its last line counts, or has no last line.';
    case 'file_unreadable':
      return `Line ${finding.line} of the file cannot be read.`;
  }
}

function miscounted({ batch, missing, after, span }: Extract<Finding, { kind: 'list_miscounted' }>): string {
  const many = Math.abs(missing);
  const what = `${count(many)} ${many === 1 ? 'entry' : 'entries'}`;
  const where = after.length > 0 ? ` (gone after ${events(after)})` : '';
  return missing > 0
    ? `Batch ${batch}${spanned(span)} lacks ${what} that its head counts${where}.`
    : `Batch ${batch}${spanned(span)} has ${what} more than its head counts.`;
}

const removed = (one: string, many: string, { from, to }: { from: number; to: number }) =>
  from === to ? `${one} ${from} was removed.` : `${many} ${from} to ${to} were removed.`;

const count = (value: number) => value.toLocaleString('en-US');
const spanned = (span: Span) => (span ? ` (events ${span[0]} to ${span[1]})` : '');

/** `Event 7 was`, `Events 7 to 9 and 12 were`. */
function Events({ events: ids }: { events: readonly number[] }): string {
  const words = events(ids);
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} ${ids.length === 1 ? 'was' : 'were'}`;
}

/** `event 7`, `events 7 to 9 and 12`; many runs are cut short. */
function events(ids: readonly number[]): string {
  const runs = runsOf(ids).map(([first, last]) => (first === last ? `${first}` : `${first} to ${last}`));
  const shown = runs.length > MAX_RUNS ? [...runs.slice(0, MAX_RUNS), 'more'] : runs;
  const list = shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}` : (shown[0] ?? '');
  return `${ids.length === 1 ? 'event' : 'events'} ${list}`;
}
const MAX_RUNS = 20;

function runsOf(ids: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const id of ids) {
    const run = runs.at(-1);
    if (run && id === run[1] + 1) run[1] = id;
    else runs.push([id, id]);
  }
  return runs;
}
