import type { Clock } from '../../lib/clock.ts';
import { isKnown, validationError } from '../../lib/errors.ts';
import type { SettingChanges, Tenants } from '../../tenants/index.ts';
import type { Asked, Command, Modal } from '../feature.ts';
import { show } from '../lead/modals.ts';
import { changeNow, waitingNote } from '../settings/direct.ts';
import { dayOf } from './book-view.ts';
import { HOURS, hoursModal, readHours } from './hours-view.ts';

interface HoursDeps {
  clock: Pick<Clock, 'now'>;
  tenants: Tenants;
  changes: SettingChanges;
}

/** `/rescue hours` with words stays what it was; without any it opens the form of all hours. */
export function withHoursForm(deps: HoursDeps, command: Command): Command {
  if (command.name !== '/rescue hours') return command;
  return {
    ...command,
    summary: 'Opening hours, closed days, length of an appointment, and when automated messages leave.',
    async run(asked, text) {
      if (text !== '') return command.run(asked, text);
      await openHours(deps, asked);
      return undefined;
    },
  };
}

/** Opens the form of all hours; it carries the version that it shows. */
export async function openHours(deps: HoursDeps, asked: Asked): Promise<void> {
  const { id, zone } = asked.tenant;
  const [{ settings, version }, holidays] = await Promise.all([
    deps.changes.current(id),
    deps.tenants.holidays(id, dayOf(deps.clock.now(), zone)),
  ]);
  await show(asked, null, { ...hoursModal(settings, zone, holidays), private_metadata: String(version) });
}

/** What the settings refuse, at the input that it was entered in. */
function atItsInput(error: unknown): unknown {
  if (!isKnown(error) || error.code !== 'validation_error') return error;
  return validationError(
    error.problems.map(({ field, message }) => ({ field: field === 'sendHours' ? 'send' : field, message })),
  );
}

/** Saves the form; what is wrong is shown at its input. */
export function hoursModals(deps: HoursDeps): Record<string, Modal> {
  return {
    [HOURS]: {
      permission: 'settings.change',
      async submit(asked: Asked, values, base) {
        const read = readHours(values);
        if ('problems' in read) throw validationError(read.problems);
        // what others have changed while the form was open stays
        const outcome = await changeNow(deps, asked, read.patch, Number(base) || 0).catch((error: unknown) => {
          throw atItsInput(error);
        });
        const done = 'Saved: the new hours count from now on. Appointments and messages that are planned stay.';
        const text = waitingNote(outcome).trim() || done;
        asked.afterwards(() => asked.whisper({ text }));
        return { kind: 'close' };
      },
    },
  };
}
