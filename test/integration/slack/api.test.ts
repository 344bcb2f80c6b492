import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { U_ADMIN, U_SOFIA } from '../../support/slack.ts';
import { startEdge, type TestEdge } from '../../support/slack-edge.ts';

let world: TestEdge;
beforeAll(async () => {
  world = await startEdge();
  for (const user of [U_ADMIN, U_SOFIA]) await world.staff(user);
});
afterAll(() => world.stop());

const say = async (user: string, text: string) => (await world.slack.slash(user, '/rescue', text)).shown?.text ?? '';

test('an admin makes a key that is shown once, sees it listed, and revokes it', async () => {
  expect(await say(U_ADMIN, 'api')).toContain('none yet');
  const made = await say(U_ADMIN, 'api add Web site Manager');
  expect(made).toMatch(/lrk_[0-9a-f-]{36}_[\w-]{43}/);
  expect(made).toContain('As manager it also captures leads');
  const listed = await say(U_ADMIN, 'api');
  expect(listed).toContain('*Web site* · manager · not used yet');
  expect(listed).not.toContain('lrk_');
  expect(await say(U_ADMIN, 'api add Web site admin')).toContain('There is a key called “Web site” already.');
  expect(await say(U_ADMIN, 'api add Website')).toContain('End with the key’s role');
  expect(await say(U_ADMIN, 'api revoke web site')).toContain('is revoked');
  expect(await say(U_ADMIN, 'api')).toContain('none yet');
});

test('nobody else does', async () => {
  expect(await say(U_SOFIA, 'api add Website manager')).toContain('Only admins can do this');
  expect(world.slack.violations).toEqual([]);
});
