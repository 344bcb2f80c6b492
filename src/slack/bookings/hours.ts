import type { Database } from '../../db/index.ts';
import type { Clock } from '../../lib/clock.ts';
import { validationError } from '../../lib/errors.ts';
import type { Tenants } from '../../tenants/index.ts';
import type { Asked, Command, Modal } from '../feature.ts';
import { show } from '../lead/modals.ts';
import { dayOf } from './book-view.ts';
import { HOURS, hoursModal, readHours } from './hours-view.ts';

interface HoursDeps {
  db: Database;
  clock: Pick<Clock, 'now'>;
  tenants: Tenants;
}

/** `/rescue hours` with words stays what it was; without any it opens the form of all hours. */
export function withHoursForm(deps: HoursDeps, command: Command): Command {
  if (command.name !== '/rescue hours') return command;
  return {
    ...command,
    summary: 'Opening hours, closed days, length of an appointment, and when automated messages leave.',
    async run(asked, text) {
      if (text !== '') return command.run(asked, text);
      const { id, zone } = asked.tenant;
      const [settings, holidays] = await Promise.all([
        deps.tenants.settings(id),
        deps.tenants.holidays(id, dayOf(deps.clock.now(), zone)),
      ]);
      await show(asked, null, hoursModal(settings, zone, holidays));
      return undefined;
    },
  };
}

/** Saves the form; what is wrong is shown at its input. */
export function hoursModals(deps: HoursDeps): Record<string, Modal> {
  return {
    [HOURS]: {
      permission: 'settings.change',
      async submit(asked: Asked, values) {
        const read = readHours(values);
        if ('problems' in read) throw validationError(read.problems);
        const { tenant, staff } = asked;
        await deps.db.inTenant(tenant.id, (tx) => deps.tenants.change(tx, read.patch, staff.id));
        const text = 'Saved: the new hours count from now on. Appointments and messages that are planned stay.';
        asked.afterwards(() => asked.whisper({ text }));
        return { kind: 'close' };
      },
    },
  };
}
