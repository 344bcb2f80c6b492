import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type SlackMessage, U_ADMIN, U_SOFIA, visibleText } from '../../support/slack.ts';
import { startEdge, type TestEdge } from '../../support/slack-edge.ts';

const FRIDAY = '2026-10-23T17:50';

let world: TestEdge;
beforeAll(async () => {
  world = await startEdge();
  for (const user of [U_ADMIN, U_SOFIA]) await world.staff(user);
});
afterEach(async () => {
  world.slack.mischief.reset();
  expect(world.slack.violations).toEqual([]);
  await world.change({ sendHours: { start: '09:00', end: '20:00' } });
});
afterAll(() => world.stop());

async function shownBy(edge: TestEdge, text: string, user = U_ADMIN): Promise<SlackMessage> {
  const { shown } = await edge.slack.slash(user, '/rescue', `rehearse ${text}`.trim());
  if (!shown) throw new Error('nothing was shown');
  return shown;
}
const rehearse = (text = '', user = U_ADMIN) => shownBy(world, text, user);
const lines = (message: SlackMessage) => visibleText(message).split('\n');

/** The message after a button or a choice in it: it takes the place of the one before. */
async function replaced(message: SlackMessage, shows: string, work: () => Promise<unknown>): Promise<SlackMessage> {
  await work();
  return world.slack.waitFor(
    () => world.slack.ephemerals(U_ADMIN).find((now) => now.ts === message.ts && visibleText(now).includes(shows)),
    'another rehearsal',
  );
}

describe('/rescue rehearse', () => {
  test('shows the timeline on the customer’s clock, with the words, and that nothing is sent', async () => {
    const message = await rehearse(`sv ${FRIDAY} reply-on 5`);
    const shown = lines(message);
    expect(shown.slice(0, 3)).toEqual([
      '*Test drive, rehearsed in Swedish*',
      "Anna in Stockholm, logged Fri 23 Oct 17:50. Times are the customer's; nothing is sent.",
      '○  *Day 0* · Fri 23 Oct 17:50 · SMS, 3 parts',
    ]);
    expect(shown[3]).toMatch(/^> Hej Anna! Tack för att du kom och provkörde BMW X5 hos oss på Nordic Motors\./);
    expect(shown[3]).toContain('så hjälper Anders dig gärna');
    expect(shown).toContain('○  *Day 2* · Sun 25 Oct 10:00 · SMS, 2 parts');
    expect(shown).toContain(
      '▸  *Day 5* · Wed 28 Oct 12:00 · Anna replies: the follow-up ends, 2 planned messages are cancelled.',
    );
    expect(shown).toContain('–  *Day 7* · Fri 30 Oct 10:00 · not sent: the customer replied, so the follow-up ended');
    expect(shown).toContain('The clock is turned on Sun 25 Oct; messages keep their local time.');
    expect(shown.join('\n')).toMatch(/No problem found\. \d+ plans checked in 5 languages/);
    for (const line of ['*Day 0* · Fri 23 Oct 17:50', 'Anna replies', 'not sent: the customer replied']) {
      expect(message.text).toContain(line);
    }
  });

  test('stores and sends nothing', async () => {
    await rehearse('opt-out-on 3');
    const [counts] = await world.db.system.query<Record<string, number>>(
      'select (select count(*) from persons) as persons, (select count(*) from messages) as messages',
    );
    expect(counts).toEqual({ persons: 0, messages: 0 });
    expect(world.twilio.standIn.journal.sent).toEqual([]);
  });

  test('another language, and without the reply, at one press in the same message', async () => {
    const message = await rehearse(`sv ${FRIDAY} reply-on 5`);
    const english = await replaced(message, '*Test drive, rehearsed in English*', () =>
      world.slack.select(U_ADMIN, { message }, 'rehearse_language', 'English'),
    );
    expect(visibleText(english)).toContain('> Hi Anna, thank you for test driving the BMW X5');
    expect(visibleText(english)).toContain('Anna replies');
    const whole = await replaced(english, '○  *Day 14* · Fri 6 Nov 10:00', () =>
      world.slack.click(U_ADMIN, { message: english }, 'Without the reply'),
    );
    expect(visibleText(whole)).toContain('*Test drive, rehearsed in English*');
    expect(visibleText(whole)).toContain('With a reply on day 5');
  });

  test('uses the business’s own hours and step time, and says on top what breaks a rule and what to do', async () => {
    await world.change({ sendHours: { start: '11:00', end: '19:00' } });
    const shown = lines(await rehearse(`sv ${FRIDAY}`));
    expect(shown[2]).toBe('*3 problems*');
    expect(shown[3]).toBe(
      '!  *Day 2* asks for 10:00, outside the send hours 11:00-19:00, so it always waits for the next opening. `/rescue hours` changes the hours.',
    );
    expect(shown).toContain('○  *Day 2* · Sun 25 Oct 11:00 · SMS, 2 parts');
    expect(shown).toContain("↳ later than Sun 25 Oct 10:00: it waits for the customer's send hours");
  });

  test('hours that the law leaves nothing of: nothing leaves, and why', async () => {
    await world.change({ sendHours: { start: '05:00', end: '07:00' } });
    const text = visibleText(await rehearse(`sv ${FRIDAY}`));
    expect(text).toContain('!  *Day 0* does not leave: the send hours and the law leave no time of day for it');
    expect(text).not.toContain('/rescue templates');
    expect(text).not.toContain('○');
  });

  test('an approved template goes by WhatsApp', async () => {
    const { id } = await world.tenant();
    await world.rooms.templates.submit(id, null, 'test-drive', ['sv']);
    await world.rooms.templates.follow();
    world.rooms.routing.forget(id);
    const shown = visibleText(await rehearse(`sv ${FRIDAY}`));
    expect(shown.match(/WhatsApp template/g)).toHaveLength(4);
    expect(visibleText(await rehearse(`de ${FRIDAY}`)).match(/· SMS/g)).toHaveLength(4);
  });

  test('a customer elsewhere, on their clock', async () => {
    const shown = lines(await rehearse(`en new york ${FRIDAY}`));
    expect(shown[1]).toContain('Anna in New York, logged Fri 23 Oct 17:50.');
    expect(shown).toContain('○  *Day 2* · Mon 26 Oct 09:00 · SMS, 2 parts');
  });

  test('words that are not understood get the choices', async () => {
    const { text } = await rehearse('klingon');
    expect(text).toContain('“klingon” is neither a language (en, sv, de, es, hi) nor a place');
    expect(text).toContain('/rescue rehearse sv 2026-10-23T17:50 reply-on 5');
    const perth = await rehearse('perth');
    expect(perth.text).toContain('such a customer is taken to live by Australia/Sydney');
  });

  test('is for managers and admins, and help has it', async () => {
    expect((await rehearse('', U_SOFIA)).text).toContain('Only managers and admins can do this.');
    const { shown } = await world.slack.slash(U_ADMIN, '/rescue', 'help rehearse');
    expect(visibleText(shown ?? (await rehearse()))).toContain(
      '`/rescue rehearse [sv] [2026-10-23T17:50] [reply-on 5]`',
    );
  });
});

test('without a sender every step is a problem, with where to look', async () => {
  const bare = await startEdge({ noSenders: true });
  try {
    await bare.staff(U_ADMIN);
    const shown = lines(await shownBy(bare, FRIDAY));
    expect(shown[2]).toBe('*4 problems*');
    expect(shown[3]).toBe(
      '!  *Day 0* does not leave: no sender is set up for any channel that reaches the customer. `/rescue channels` shows what is connected.',
    );
    expect(bare.slack.violations).toEqual([]);
  } finally {
    await bare.stop();
  }
});
