import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ANNA, type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';

let world: LeadWorld;
beforeAll(async () => {
  world = await openLeadWorld({ whatsapp: false, quiet: true });
});
afterAll(() => world.close());

test('a card that was posted without anybody hearing of it is found by whoever needs it first', async () => {
  world.slack.mischief.loseAnswers = { times: 1, methods: ['chat.postMessage'] };
  const { leadId } = await world.drive(world.sofia);
  await world.effects();
  await expect(world.card(leadId)).rejects.toThrow('no card');
  // a note is due before the card is tried again
  await world.writes('Hej! Finns den i blått?', ANNA, 'sms');
  await world.effects();
  const all = world.slack.channels().flatMap(({ id }) => world.slack.messages(id));
  const cards = all.filter(({ metadata }) => JSON.stringify(metadata ?? null).includes(leadId));
  expect(cards.length).toBe(1);
  expect((await world.thread(leadId)).length).toBeGreaterThan(0);
});
