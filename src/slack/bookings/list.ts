import { DateTime } from 'luxon';
import type { Listed } from '../../bookings/index.ts';
import { may } from '../../tenants/index.ts';
import { bold, inline, subjectOf } from '../card/index.ts';
import type { Answer, Asked, Command } from '../feature.ts';
import type { Times } from '../format.ts';
import { button, buttons, section } from '../views.ts';
import { AWAY } from './away-view.ts';
import { type BookingDeps, businessTimes } from './deps.ts';

/** Rows of one answer: Slack takes fifty blocks. */
const MOST_ROWS = 40;

/** `/rescue bookings`: today's and tomorrow's appointments. */
export function listCommand(deps: BookingDeps): Command {
  return {
    name: '/rescue bookings',
    summary: "Today's and tomorrow's appointments; managers see everybody's.",
    permission: 'lead.see_own',
    run: (asked) => list(deps, asked),
  };
}

async function list(deps: BookingDeps, asked: Asked): Promise<Answer> {
  const now = deps.clock.now();
  const today = DateTime.fromJSDate(now, { zone: asked.tenant.zone }).startOf('day');
  const all = may(asked.staff.role, 'lead.see_all');
  const found = await deps.db.inTenant(asked.tenant.id, (tx) =>
    deps.bookings.between(
      tx,
      today.toJSDate(),
      today.plus({ days: 2 }).startOf('day').toJSDate(),
      all ? undefined : asked.staff.id,
    ),
  );
  const times = businessTimes(asked, now);
  const tomorrow = today.plus({ days: 1 }).toJSDate();
  const groups = [
    { title: 'Today', rows: found.filter((booking) => booking.startsAt < tomorrow) },
    { title: 'Tomorrow', rows: found.filter((booking) => booking.startsAt >= tomorrow) },
  ];
  const whose = all ? 'No appointments' : 'You have no appointments';
  const foot = buttons({ text: 'Block out time', actionId: AWAY });
  if (found.length === 0) {
    const text = `${whose} today or tomorrow.`;
    return { text, blocks: [section(text), ...foot] };
  }
  const line = (booking: Listed) => rowText(deps, booking, times, all);
  const shown = groups.filter(({ rows }) => rows.length > 0);
  return {
    text: shown.flatMap(({ title, rows }) => [`${title}:`, ...rows.map(line)]).join('\n'),
    blocks: [
      ...shown.flatMap(({ title, rows }) => [
        section(`*${title}*`),
        ...rows
          .slice(0, MOST_ROWS / 2)
          .map((booking) =>
            section(line(booking), button({ text: 'Move', actionId: 'booking_move', value: booking.id })),
          ),
      ]),
      ...foot,
    ],
  };
}

function rowText(deps: BookingDeps, booking: Listed, times: Times, all: boolean): string {
  const subject = subjectOf(booking, deps.playbooks.get(booking.playbook));
  const who = subject ? `${bold(booking.personName)} · ${inline(subject)}` : bold(booking.personName);
  const until = `${times.clock(booking.startsAt)}–${times.clock(booking.endsAt)}`;
  return `${until}  ${who}${all ? ` with ${inline(booking.staffName)}` : ''}`;
}
