import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { until } from '../support/until.ts';
import { ANDERS, openShop, type Shop, SOFIA } from './shop.ts';
import { addSocket, type SlackSocket } from './slack-socket.ts';
import { inputsOf, wordsOf } from './slack-words.ts';

jest.setTimeout(60_000); // another program is started and waited for

let shop: Shop;
let socket: SlackSocket;
beforeAll(async () => {
  shop = await openShop((slack) => {
    socket = addSocket(slack);
    slack.carry = async (payload) => {
      const since = performance.now();
      const type = 'command' in payload ? 'slash_commands' : 'event' in payload ? 'events_api' : 'interactive';
      const answer = await socket.send(type, payload);
      return { status: 200, body: answer ? JSON.stringify(answer) : '', ms: performance.now() - since };
    };
    return { SLACK_APP_TOKEN: slack.appToken, SLACK_SIGNING_SECRET: '' };
  });
  await shop.toMonday();
}, 120_000); // it may be the first to build
afterAll(() => shop?.close());

const ready = async () => (await fetch(`${shop.product.origin}/readyz`)).status;

describe('with an app token Slack is reached through a socket', () => {
  test('it connects and says that it is ready', async () => {
    await until(async () => (await ready()) === 200, 'readiness');
    expect(socket.connections()).toBe(1);
  });

  test('/drive opens the form, and what is submitted is logged and sent', async () => {
    await shop.slack.slash(SOFIA, '/drive', 'Anna Karlsson 070-174 06 50 BMW X5');
    const view = await shop.slack.opens(SOFIA, 'Log a test drive');
    expect(inputsOf(view).map(({ label }) => label)).toContain('Mobile');
    const refused = await shop.slack.submit(SOFIA, {}, view);
    expect(Object.keys(refused.errors)).toEqual(['Consent']);
    await shop.slack.submit(SOFIA, { Consent: true }, view);
    await shop.carrier.reaches('+46701740650', 1);
  });

  test('answers come back the same way', async () => {
    expect((await shop.slack.slash(SOFIA, '/leads')).words).toContain('Anna Karlsson');
    expect((await shop.slack.slash(ANDERS, '/rescue')).words).toContain('You are the first');
  });

  test('buttons work', async () => {
    const card = await shop.slack.finds(SOFIA, 'Anna Karlsson', 'Day 0');
    await shop.slack.press(SOFIA, card, 'Pause');
    await until(() => wordsOf(card.blocks).includes('Paused'), 'the card to say so');
  });

  test('over HTTP nobody gets in', async () => {
    const response = await fetch(`${shop.product.origin}/slack/events`, { method: 'POST', body: 'command=%2Fleads' });
    expect(response.status).toBe(404);
  });

  test.each([
    ['Slack refreshes it', 'refresh_requested'],
    ['it breaks', undefined],
  ])('when %s, it is connected again', async (_why, reason) => {
    const before = socket.connections();
    socket.close(reason);
    await until(() => socket.connections() > before && socket.isOpen(), 'another connection', 15_000);
    await until(async () => (await ready()) === 200, 'readiness');
    expect((await shop.slack.slash(SOFIA, '/leads')).words).toContain('Anna Karlsson');
  });
});
