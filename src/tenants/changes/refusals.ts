import type { Tx } from '../../db/index.ts';
import { KnownError, validationError } from '../../lib/errors.ts';
import type { Settings } from '../settings.ts';
import { demand, type Staff } from '../staff.ts';
import type { Clash } from './diff.ts';
import { nameOf, valueWords } from './entries.ts';
import type { ChangeState, SettingChange } from './store.ts';
import type { Decision } from './types.ts';

/** Somebody changed the same thing meanwhile. */
export function movedOn(clashes: readonly Clash[]): KnownError {
  const each = clashes.map(({ change: { path, before }, now }) => {
    const short = (value: unknown) => valueWords(path, value).slice(0, 80);
    return `${nameOf(path)} was ${short(before)} when this was made, and is ${short(now)} now.`;
  });
  const words = `Somebody has changed the same thing meanwhile. ${each.join(' ')} Look at it and make the change again.`;
  return new KnownError('conflict', 'settings moved on', words);
}

/** No message would ever leave. */
export function closedAllDay({ start, end }: Settings['sendHours']): KnownError {
  const message = `Between ${start} and ${end} the law where you are lets no automated message leave, so none ever would. Choose other hours.`;
  return validationError([{ field: 'sendHours', message }]);
}

const BECAME: Record<ChangeState, string> = {
  draft: 'has not been asked for yet',
  waiting: 'waits for a second person',
  counted: 'was approved already',
  refused: 'was refused already',
  withdrawn: 'was taken back',
  outdated: 'no longer fits: the settings have moved on',
};

/** The change was decided by somebody else, or a moment ago. */
export async function noLongerOpen(tx: Tx, { state, decidedBy }: SettingChange): Promise<KnownError> {
  const [who] = decidedBy ? await tx.query<{ name: string }>('select name from staff where id = $1', [decidedBy]) : [];
  const by = who && (state === 'counted' || state === 'refused') ? ` by ${who.name}` : '';
  return new KnownError('conflict', `change is ${state}`, `This change ${BECAME[state]}${by}.`);
}

/** Approving takes another person than the one who asked; only that one takes a change back. */
export function permit(staff: Staff, row: SettingChange, decision: Decision): void {
  const own = staff.id === row.askedBy;
  if (decision === 'withdraw') {
    if (!own)
      throw new KnownError('forbidden', 'not theirs', 'Only who asked for a change takes it back. Refuse it instead.');
    return;
  }
  demand(staff, 'settings.approve');
  if (own) {
    const message = 'You asked for this change yourself, so somebody else has to decide.';
    throw new KnownError('forbidden', 'approver asked for it', message);
  }
}
