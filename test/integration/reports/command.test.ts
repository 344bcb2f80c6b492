import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answer } from '../../../src/reports-answer.ts';
import { settled } from '../../support/settled.ts';
import { openWorld, type World } from '../../support/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.drive(await world.hire('Sofia Lind', 'salesperson'));
  await world.settle();
  await settled(world.database.db);
});
afterAll(() => world.close());

const ask = (...args: string[]) =>
  answer(args, async () => ({ counting: world.rooms.counting, close: async () => {} }));

test('numbers that fit are proven so', async () => {
  expect(await ask('check')).toEqual({
    code: 0,
    out: expect.stringMatching(
      /^\d+ events were counted again: the numbers that are shown are exactly those of the log\./,
    ),
    err: '',
  });
});

test('a difference is shown, and gone after a rebuild', async () => {
  await world.database.db.system.query(`update report_days set n = n + 1 where measure = 'captured'`);
  const found = await ask('check');
  expect(found.code).toBe(1);
  expect(found.out).toContain('2 rows differ');
  expect(found.out).toContain('captured slack: 2, recounted 1');
  expect((await ask('rebuild')).out).toContain('The new numbers are shown now.');
  expect((await ask('check')).code).toBe(0);
});

test.each([[[]], [['verify']], [['check', 'twice']]])('%j is answered with how to write it', async (args) => {
  expect(await ask(...args)).toMatchObject({ code: 2, err: expect.stringContaining('Usage:') });
});
