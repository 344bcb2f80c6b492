import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { enrolmentState } from '../../support/facts.ts';
import { openWorld, type World } from '../../support/world.ts';

const NIGHT = new Date('2026-11-23T22:00:00Z');
const PEOPLE = 6;

let world: World;
beforeAll(async () => {
  world = await openWorld({ at: NIGHT, whatsapp: false });
});
afterAll(() => world.close());

/** When the next message is due. */
async function next(): Promise<Date | undefined> {
  const [row] = await world.database.db.system.query<{ at: Date | null }>(
    `select min(due_at) as at from messages where state = 'scheduled'`,
  );
  return row?.at ?? undefined;
}

test('steps that became due while nothing ran, and wait for the same morning, leave in their order', async () => {
  const sofia = await world.hire('Sofia Lind', 'salesperson');
  const leads = await Promise.all(
    Array.from({ length: PEOPLE }, (_, n) =>
      world.drive(sofia, { phone: `+4670123456${n}`, name: `Person ${n}` }).then(({ leadId }) => leadId),
    ),
  );
  await world.turnTo(new Date(NIGHT.getTime() + 15 * 24 * 3_600_000));
  for (let at = await next(); at; at = await next()) await world.turnTo(new Date(at.getTime() + PEOPLE));

  const steps = await world.database.db.system.query<{ id: string; step: string }>(
    'select id, step_key as step from messages where step_key is not null',
  );
  const stepOf = new Map(steps.map(({ id, step }) => [id, step]));
  for (let n = 0; n < PEOPLE; n++) {
    const read = world.twilio.journal.sent
      .filter(({ to }) => to === `+4670123456${n}`)
      .map(({ statusCallback }) => stepOf.get(new URL(statusCallback ?? '').searchParams.get('message') ?? ''));
    expect(read).toEqual(['day_0', 'day_2', 'day_7', 'day_14']);
  }
  await world.twilio.idle();
  expect(await Promise.all(leads.map((lead) => enrolmentState(world, lead)))).toEqual(leads.map(() => 'completed'));
});
