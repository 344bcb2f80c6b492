import type { Clock } from '../../lib/clock.ts';
import { isKnown, validationError } from '../../lib/errors.ts';
import type { Playbooks, SettingChanges, Tenants } from '../../tenants/index.ts';
import type { Asked, Command, Modal } from '../feature.ts';
import { show } from '../lead/modals.ts';
import { confirmView, toConfirm } from '../settings/confirm.ts';
import { context } from '../views.ts';
import { dayOf } from './book-view.ts';
import { HOURS, hoursModal, readHours } from './hours-view.ts';

interface HoursDeps {
  clock: Pick<Clock, 'now'>;
  tenants: Tenants;
  changes: SettingChanges;
  playbooks: Playbooks;
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

/** What the form would change is shown before it counts; what is wrong is shown at its input. */
export function hoursModals(deps: HoursDeps): Record<string, Modal> {
  return {
    [HOURS]: {
      permission: 'settings.change',
      async submit(asked: Asked, values, base) {
        const read = readHours(values);
        if ('problems' in read) throw validationError(read.problems);
        // what others have changed while the form was open stays
        const change = { patch: () => read.patch, base: Number(base) || 0 };
        const draft = await deps.changes.draft(asked.staff, change).catch((error: unknown) => {
          throw atItsInput(error);
        });
        const note = context('New hours count from now on. Appointments that are made stay.');
        return toConfirm(confirmView(deps, draft, { blocks: [note] }), draft, 'day_1');
      },
    },
  };
}
