import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import { FACTS } from '../../support/agent.ts';
import { type SlackMessage, U_ADMIN, U_ERIK, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { MONDAY } from '../../support/world.ts';

let world: LeadWorld;
let serial = 10;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
  // the workspace has its first admin, so that nobody becomes it by the first /rescue
  await world.rooms.staff.found(world.tenant.id, world.admin);
});
beforeEach(async () => {
  world.clock.turnTo(MONDAY.getTime() - Date.now());
  await world.change({ agentMode: 'suggest', agentModes: {}, facts: FACTS });
});
afterEach(() => expect(world.slack.violations).toEqual([]));
afterAll(() => world.close());

interface Asked {
  leadId: LeadId;
  phone: string;
  /** The agent's note in the thread. */
  note(): Promise<SlackMessage>;
}

/** A customer writes, and everything happens. */
async function asks(text: string, language = 'en'): Promise<Asked> {
  const phone = `+467017418${serial++}`;
  const { leadId } = await world.drive(world.sofia, { phone, language, name: 'Anna Karlsson' });
  await world.flush();
  await world.writes(text, phone);
  await world.flush();
  await world.flush();
  const note = async () => {
    const found = (await world.thread(leadId)).findLast((each) =>
      /assistant|Draft|draft|digital/.test(visibleText(each)),
    );
    if (!found) throw new Error('the agent has no note in the thread');
    return found;
  };
  return { leadId, phone, note };
}
const toPhone = (phone: string) => world.twilio.journal.sent.filter(({ to }) => to === phone).map(({ body }) => body);
async function tenSeconds(): Promise<void> {
  await world.turnTo(new Date(world.clock.now().getTime() + 11_000));
  await world.flush();
}
const whispered = (user: string, start: string) =>
  world.slack.waitFor(() => world.slack.ephemerals(user).findLast(({ text }) => text.startsWith(start)), start);

describe('a draft in the thread', () => {
  test('shows what the customer asks, what the agent would say, and what can be done', async () => {
    const { note } = await asks('What are your opening hours? <!channel>');
    const text = visibleText(await note());
    expect(text).toContain('<@U0SOFIA> *Anna* by WhatsApp at 10:30:');
    expect(text).toContain('> What are your opening hours? &lt;!channel&gt;');
    expect(text).toContain('*Draft of the assistant:*');
    expect(text).toContain('> Hi Anna, this is the digital assistant at Nordic Motors. We are open Monday to Friday');
    expect(text).toMatch(/Send\nEdit\nDiscard\nTake over/);
  });

  test('is sent by its button, can be undone, and says who sent it', async () => {
    const { note, phone } = await asks('What are your opening hours?');
    await world.slack.click(U_SOFIA, { message: await note() }, 'Send');
    expect(visibleText(await whispered(U_SOFIA, 'It leaves in 10 s by WhatsApp'))).toContain('Undo');
    await world.effects();
    const decided = visibleText(await note());
    expect(decided).toContain('*Sent by Sofia Lindqvist:*');
    expect(decided).not.toContain('Discard');
    await tenSeconds();
    expect(toPhone(phone).at(-1)).toContain('We are open Monday to Friday');
    expect(visibleText(await note())).toContain('Reply sent Mon 23 Nov 10:30 by WhatsApp');
  });

  test('is edited in a window, and leaves in the words of the person', async () => {
    const { note, phone } = await asks('What are your opening hours?');
    const clicked = await world.slack.click(U_SOFIA, { message: await note() }, 'Edit');
    const window = await clicked.modal();
    expect(visibleText(window)).toContain('What are your opening hours?');
    const { closed } = await world.slack.submit(U_SOFIA, window, { 'Your words': 'We open at nine. /Sofia' });
    expect(closed).toBe(true);
    await tenSeconds();
    expect(toPhone(phone).at(-1)).toBe('We open at nine. /Sofia');
  });

  test('is discarded by its button', async () => {
    const { note } = await asks('What are your opening hours?');
    await world.slack.click(U_SOFIA, { message: await note() }, 'Discard');
    await whispered(U_SOFIA, 'Discarded');
    await world.flush();
    expect(visibleText(await note())).toContain('*Discarded by Sofia Lindqvist:*');
  });

  test('says that it is out of date once the customer has written again, and cannot be sent then', async () => {
    const { note, phone } = await asks('What are your opening hours?');
    const old = await note();
    await world.writes('and are you open on Sundays?', phone);
    await world.effects();
    await world.slack.click(U_SOFIA, { message: old }, 'Send');
    await whispered(U_SOFIA, 'The conversation has moved on');
    await tenSeconds();
    expect(toPhone(phone).join()).not.toContain('open Monday');
  });

  test("is not a colleague's to send", async () => {
    const { note, phone } = await asks('What are your opening hours?');
    await world.slack.click(U_ERIK, { message: await note() }, 'Send');
    await whispered(U_ERIK, 'This lead belongs to a colleague');
    await tenSeconds();
    expect(toPhone(phone).join()).not.toContain('open Monday');
  });

  test('hands the conversation to whoever takes over', async () => {
    const { note, phone } = await asks('What are your opening hours?');
    await world.slack.click(U_SOFIA, { message: await note() }, 'Take over');
    await whispered(U_SOFIA, 'You answer Anna from now on');
    await world.flush();
    expect(visibleText(await note())).toContain('Out of date');
    await world.writes('hello?', phone);
    await world.flush();
    const drafts = await world.database.db.system.query(
      `select from drafts d join persons p on p.id = d.person_id
      join addresses a on a.person_id = p.id where a.value = $1 and d.state = 'open'`,
      [phone],
    );
    expect(drafts).toHaveLength(0);
  });
});

describe('an agent that answers by itself', () => {
  beforeEach(() => world.change({ agentMode: 'auto' }));

  test('is seen in the thread, with how far its message got', async () => {
    const { note, phone } = await asks('What are your opening hours?');
    expect(toPhone(phone).at(-1)).toContain('We are open Monday to Friday');
    const text = visibleText(await note());
    expect(text).toContain('*The assistant answered:*');
    expect(text).toContain('Take over');
    expect(text).not.toContain('<@U0SOFIA>');
    await world.flush();
    expect((await note()).reactions?.length ?? 0).toBeGreaterThan(0);
  });

  test('rings the owner when it hands over, and says why', async () => {
    const { note, phone } = await asks('What does it cost with a towbar?');
    expect(toPhone(phone).at(-1)).toContain('I would rather not guess at figures');
    const text = visibleText(await note());
    expect(text).toContain('<@U0SOFIA> *Over to you:* your facts say nothing about price, towing.');
    expect(text).toContain('The assistant is silent until somebody presses Hand back.');
    expect(text).toMatch(/Reply\nHand back/);
  });
});

describe('/rescue agent', () => {
  const rescue = async (text: string, user = U_ADMIN) =>
    (await world.slack.slash(user, '/rescue', text)).shown?.text ?? '';
  const settings = () => world.rooms.tenants.settings(world.tenant.id);

  test('sets the mode for all lines of business, or for one', async () => {
    const told = await rescue('agent auto');
    expect(told).toContain('Test drive: suggest → auto');
    expect(told).toContain('*Test drive* (test-drive): auto, it answers by itself');
    expect(await settings()).toMatchObject({ agentMode: 'auto', agentModes: {} });
    await rescue('agent suggest test-drive');
    expect(await settings()).toMatchObject({ agentMode: 'auto', agentModes: { 'test-drive': 'suggest' } });
    await rescue('agent off');
    expect(await settings()).toMatchObject({ agentMode: 'off', agentModes: {} });
  });

  test('sets how often it may answer in a row', async () => {
    expect(await rescue('agent turns 3')).toContain('6 → 3 times');
    expect((await settings()).agentTurns).toBe(3);
    await rescue('agent turns 6');
  });

  test.each(['agent maybe', 'agent auto boats', 'agent turns 0', 'agent turns many'])(
    'helps with /rescue %s',
    async (text) => {
      const before = await settings();
      expect(await rescue(text)).toMatch(/Write it like this|There is no line of business/);
      expect(await settings()).toEqual(before);
    },
  );

  test('is for admins', async () => {
    expect(await rescue('agent auto', U_SOFIA)).toContain('Only admins can do this');
    expect(await rescue('facts', U_SOFIA)).toContain('Only admins can do this');
  });
});

describe('/rescue facts', () => {
  const list = async (text = '') => {
    const { shown } = await world.slack.slash(U_ADMIN, '/rescue', `facts ${text}`.trim());
    if (!shown) throw new Error('nothing was shown');
    return shown;
  };
  const topics = async () => (await world.rooms.tenants.settings(world.tenant.id)).facts.map(({ topic }) => topic);
  /** What is said after a window closed comes as a direct message. */
  const told = (start: string) =>
    world.slack.waitFor(() => world.direct(U_ADMIN).findLast(({ text }) => text.startsWith(start)), start);
  const saved = () => told('Saved');

  test('lists what the agent may say, and finds words in it', async () => {
    expect((await list()).text).toContain('*3 facts*');
    expect((await list('registreringsbevis')).text).toContain('Vi tar din gamla bil');
    expect((await list('registreringsbevis')).text).not.toContain('opening');
  });

  test('adds one by a form, for one car, in several languages', async () => {
    const form = await (await world.slack.click(U_ADMIN, { message: await list() }, 'Add a fact')).modal();
    const entered = {
      'It answers questions about': 'warranty',
      'Only for': 'BMW X5',
      Swedish: 'BMW X5 har tre års garanti.',
      English: 'The BMW X5 has three years of warranty.',
    };
    expect((await world.slack.submit(U_ADMIN, form, entered)).closed).toBe(true);
    await saved();
    const { facts } = await world.rooms.tenants.settings(world.tenant.id);
    expect(facts.at(-1)).toEqual({
      topic: 'warranty: BMW X5',
      words: { sv: 'BMW X5 har tre års garanti.', en: 'The BMW X5 has three years of warranty.' },
    });
  });

  test('changes and removes one', async () => {
    const edit = async (word: string) =>
      (await world.slack.click(U_ADMIN, { message: await list(word) }, 'Edit')).modal();
    await world.slack.submit(U_ADMIN, await edit('part exchange'), {
      English: 'We take any old car in part exchange.',
    });
    await saved();
    expect((await list('any old car')).text).toContain('any old car');
    await world.slack.submit(U_ADMIN, await edit('any old car'), { Remove: ['Remove this fact'] });
    await told('Removed');
    expect(await topics()).toEqual(['financing: BMW X5', 'opening_hours']);
  });

  test('says what is missing, at the input', async () => {
    const form = await (await world.slack.click(U_ADMIN, { message: await list() }, 'Add a fact')).modal();
    const empty = await world.slack.submit(U_ADMIN, form, { 'It answers questions about': 'warranty' });
    expect(JSON.stringify(empty)).toContain('Write it in at least one language');
    const twice = await world.slack.submit(U_ADMIN, form, {
      'It answers questions about': 'opening hours',
      English: 'Always open.',
    });
    expect(JSON.stringify(twice)).toContain('There is a fact about this already');
  });

  test('each change is a version with an event', async () => {
    const [last] = await world.database.db.system.query<{ actor: string; data: { keys: string[] } }>(
      `select actor, data from events where type = 'settings.changed' order by id desc limit 1`,
    );
    expect(last?.actor).toMatch(/^staff:/);
    expect(last?.data.keys).toContain('facts');
  });
});
