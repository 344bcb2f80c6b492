import type { BusyId } from '../../bookings/index.ts';
import { validationError } from '../../lib/errors.ts';
import { isId, type StaffId } from '../../lib/ids.ts';
import { may } from '../../tenants/index.ts';
import { inline } from '../card/index.ts';
import type { Action, ActionPlace, Asked, Command, FormValues, Modal, Submitted } from '../feature.ts';
import { plural } from '../format.ts';
import { change, show } from '../lead/modals.ts';
import type { ModalView } from '../views.ts';
import { AWAY, awayModal, busyWords, DAY_END, instantOf } from './away-view.ts';
import { dayOf } from './book-view.ts';
import { type BookingDeps, businessTimes } from './deps.ts';

/** Blocking out time: one's own, or as a manager anybody's. */
export function createAway(deps: BookingDeps): {
  commands: Command[];
  actions: Record<string, Action>;
  modals: Record<string, Modal>;
} {
  const { bookings, clock } = deps;

  async function view(asked: Asked): Promise<ModalView> {
    const { tenant, staff: me } = asked;
    const all = await deps.staff.list(tenant.id);
    const others = all.filter((person) => person.role !== null && person.id !== me.id);
    const now = clock.now();
    return awayModal({
      chosen: may(me.role, 'lead.see_all') && others.length > 0 ? me.slackUserId : null,
      hasColleagues: others.length > 0,
      today: dayOf(now, tenant.zone),
      coming: await bookings.busyTimes(me),
      names: new Map(all.map((person) => [person.id, person.name])),
      zone: tenant.zone,
      times: businessTimes(asked, now),
    });
  }

  const open = async (asked: Asked, place: ActionPlace | null) => {
    await show(asked, place, await view(asked));
  };

  async function submit(asked: Asked, values: FormValues): Promise<Submitted> {
    const { tenant, staff: me } = asked;
    const people = await deps.staff.list(tenant.id);
    /** Who was chosen among everybody in Slack. */
    const chosen = (field: string): StaffId | null => {
      const slackUserId = values.choice(field);
      if (slackUserId === '') return null;
      const person = people.find((each) => each.slackUserId === slackUserId && each.role !== null);
      if (person) return person.id;
      throw validationError([{ field, message: 'They have no place in this business yet: /rescue people gives one.' }]);
    };
    const staffId = chosen('who') ?? me.id;
    const startsAt = instantOf(values.choice('from'), values.choice('from_time'), tenant.zone);
    const endsAt = instantOf(values.choice('until'), values.choice('until_time') || DAY_END, tenant.zone);
    if (!startsAt) throw validationError([{ field: 'from', message: 'Choose a day.' }]);
    if (!endsAt) throw validationError([{ field: 'until', message: 'Choose a day.' }]);
    const reason = values.text('reason').trim();
    const coverId = chosen('cover');
    const { busy, clashes } = await bookings.blockOut(me, { staffId, startsAt, endsAt, reason, coverId });
    const times = businessTimes(asked, clock.now());
    const what = `Blocked out: ${busyWords(busy, times, tenant.zone)}.${coverId ? ' Both of you are told when the time has come.' : ''}`;
    const names = clashes.map((booking) => `${inline(booking.personName)} ${times.full(booking.startsAt)}`);
    const still =
      clashes.length > 0
        ? ` ${plural(clashes.length, 'appointment lies', 'appointments lie')} in it and stays as it is: ${names.slice(0, 5).join(', ')}. Move them with \`/rescue bookings\` or on their cards.`
        : '';
    asked.afterwards(() => asked.whisper({ text: `${what}${still}` }));
    return { kind: 'close' };
  }

  return {
    commands: [
      {
        name: '/rescue away',
        summary: 'Block out time, and say who stands in for you meanwhile; managers do it for everybody.',
        permission: 'lead.see_own',
        async run(asked) {
          await open(asked, null);
          return undefined;
        },
      },
    ],
    actions: {
      [AWAY]: { permission: 'lead.see_own', run: (asked, _value, place) => open(asked, place) },
      booking_unblock: {
        permission: 'lead.see_own',
        async run(asked, value, place) {
          if (isId(value)) await bookings.unblock(asked.staff, value as BusyId);
          if (place.viewId) await change(asked, place.viewId, await view(asked));
        },
      },
    },
    modals: { [AWAY]: { permission: 'lead.see_own', submit } },
  };
}
