import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { settled } from '../../support/settled.ts';
import { type OpenView, U_ADMIN, U_ERIK, U_GUEST, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { MONDAY } from '../../support/world.ts';

let world: LeadWorld;
let serial = 10;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
});
beforeEach(() => world.clock.turnTo(MONDAY.getTime() - Date.now()));
afterAll(async () => {
  expect(world.slack.violations).toEqual([]);
  await world.close();
});

/** Opens App Home and waits until it is published anew; after a click, which writes it anew too, until it shows what it has to. */
async function openHome(userId = U_SOFIA, shows = /./): Promise<OpenView> {
  const before = world.slack.home(userId)?.view.hash;
  await world.slack.openHome(userId);
  return world.slack.waitFor(() => {
    const home = world.slack.home(userId);
    return home && home.view.hash !== before && shows.test(visibleText(home)) ? home : null;
  }, `App Home that shows ${shows}`);
}

async function waiting(name: string, words: string): Promise<{ phone: string }> {
  const phone = `+467017413${serial++}`;
  await world.drive(world.sofia, { phone, name });
  await world.flush();
  await world.writes(words, phone);
  await world.effects();
  return { phone };
}

describe('App Home', () => {
  test('of somebody to whom nobody has written says so', async () => {
    const home = visibleText(await openHome(U_ERIK));
    expect(home).toContain('Nobody waits for you');
    expect(home).toContain('No follow-up of yours leaves today any more.');
    expect(home).not.toContain('Your team');
  });

  test('lists the answers I owe, the longest first, with words that ring nobody', async () => {
    await waiting('Nora Berg', 'Is it still there?\n<!channel>');
    await world.turnTo(new Date(MONDAY.getTime() + 10.5 * 60_000));
    const second = await waiting('Bo Ek', 'First');
    await world.writes('Second', second.phone);
    const home = visibleText(await openHome());
    expect(home).toContain('You owe 2 answers');
    expect(home.indexOf('*Nora Berg* · BMW X5')).toBeLessThan(home.indexOf('*Bo Ek* · BMW X5'));
    expect(home).toContain('since 10:30 (10 min of opening hours)\n> Is it still there?\n> &lt;!channel&gt;');
    expect(home).toContain('since 10:40 (0 min of opening hours) · 2 messages\n> Second');
    expect(home).toContain('*Your week*\n*2* leads logged  ·  *2* customers replied  ·  *0* won');
  });

  test('its buttons work, and it is written anew afterwards', async () => {
    await world.turnTo(new Date(MONDAY.getTime() - 3_600_000)); // so that she waits the longest
    await waiting('Eva Dal', 'Hello?');
    const home = await openHome();
    const form = await (await world.slack.click(U_SOFIA, { view: home }, 'Reply')).modal();
    expect(visibleText(form)).toContain('Goes to *');
    const card = await (await world.slack.click(U_SOFIA, { view: home }, 'Open')).modal();
    expect(visibleText(card)).toContain('waits for an answer');
    const direct = world.direct(U_SOFIA).length;
    await world.slack.click(U_SOFIA, { view: home }, 'No answer needed');
    await world.slack.waitFor(() => {
      const now = world.slack.home(U_SOFIA);
      return now && !visibleText(now).includes('Eva Dal');
    }, 'App Home without her');
    expect(world.direct(U_SOFIA)).toHaveLength(direct);
  });

  test('of a manager shows what the team owes, who owes it, and what needs somebody', async () => {
    await waiting('Per Dahl', 'Hello?');
    await world.database.db.system.query(
      `update messages set state = 'unconfirmed', reason = 'no_answer' where id = (
         select id from messages where purpose = 'cadence' and state in ('sent', 'delivered') limit 1)`,
    );
    const home = visibleText(await openHome(U_MARIA));
    expect(home).toContain('Nobody waits for you');
    expect(home).toMatch(/Your team owes \d answers/);
    expect(home).toContain('Sofia Lindqvist');
    expect(home).toContain('1 message may have left, and nobody can say');
  });

  test('of a manager shows alerts with their button, what waits for a decision, and the pipeline', async () => {
    await settled(world.database.db);
    await world.rooms.counting.keepUp();
    await world.rooms.alerts.run();
    const home = await openHome(U_MARIA);
    const words = visibleText(home);
    expect(words).toContain('*1 message may have left, and nobody can say*');
    expect(words).toMatch(/\*Pipeline\*, leads of November 2026\n`█+░*` {2}\d+ {2}/);
    expect(words).toMatch(/\*Sofia Lindqvist\* {2}\d+ logged/);
    expect(words).not.toContain('Looking after LeadRescue');
    await world.slack.click(U_MARIA, { view: home }, 'I see to it');
    await world.slack.waitFor(() => {
      const now = world.slack.home(U_MARIA);
      return now && visibleText(now).includes('Maria Nyström sees to it.');
    }, 'App Home with the acknowledgement');
  });

  test('of an admin shows the set-up, the channels, the settings and the log', async () => {
    const home = await openHome(U_ADMIN);
    const words = visibleText(home);
    expect(words).toContain(
      'Live: follow-ups leave by themselves. 3 of 6 steps done; open: Terms, How customers see you, Activity feed.',
    );
    expect(words).toContain(':large_green_circle: *WhatsApp* from +46700000002 (Twilio): nothing waits');
    expect(words).toContain('Everything is as it came.');
    expect(words).toContain('Nothing is sealed yet.');
    const setup = await (await world.slack.click(U_ADMIN, { view: home }, { actionId: 'setup_open' })).modal();
    expect(visibleText(setup)).toContain('Activity feed');
    await world.change({ contact: '+46 8 123 45 67' });
    const after = await openHome(U_ADMIN, /Version 1, last changed \d\d:\d\d by Anders Berg\./);
    expect(after.view.blocks.length).toBeLessThanOrEqual(100);
  });

  test("shows today's follow-ups of mine", async () => {
    const morning = new Date('2026-11-25T05:00:00Z'); // the day of the second step, before it leaves
    await world.drive(world.erik, { phone: `+467017413${serial++}`, name: 'Ida Holm' });
    await world.flush();
    await world.turnTo(morning);
    const home = visibleText(await openHome(U_ERIK));
    expect(home).toContain('*1 follow-up of yours still leaves today:*\n10:00  Ida Holm · BMW X5 · day 2 · SMS');
  });

  test('of a guest says who can help, and nothing else', async () => {
    const home = visibleText(await openHome(U_GUEST));
    expect(home).toContain('You have no role in LeadRescue here.');
    expect(home).not.toContain('owe');
  });

  test('is not written for somebody who looks at the messages beside it', async () => {
    const before = world.slack.calls.filter(({ method }) => method === 'views.publish').length;
    await world.slack.deliver({ type: 'app_home_opened', user: U_SOFIA, channel: 'D0SOFIA', tab: 'messages' });
    await world.slack.slash(U_SOFIA, '/rescue help');
    expect(world.slack.calls.filter(({ method }) => method === 'views.publish')).toHaveLength(before);
  });
});
