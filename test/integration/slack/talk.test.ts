import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type LeadId, newId } from '../../../src/lib/ids.ts';
import { type OpenView, type SlackMessage, U_ERIK, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { MONDAY } from '../../support/world.ts';

let world: LeadWorld;
let serial = 10;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
});
beforeEach(() => world.clock.turnTo(MONDAY.getTime() - Date.now()));
afterEach(async () => {
  world.slack.mischief.reset();
  await world.change({ feedChannel: null, cardChannel: null });
});
afterAll(async () => {
  expect(world.slack.violations).toEqual([]);
  await world.close();
});

async function aLead(changes: object = {}): Promise<{ leadId: LeadId; phone: string }> {
  const phone = `+467017411${serial++}`;
  const { leadId } = await world.drive(world.sofia, { phone, ...changes });
  await world.flush();
  return { leadId, phone };
}

/** A lead whose customer has written. */
async function waiting(words = 'Is it still there?', changes: object = {}) {
  const lead = await aLead(changes);
  await world.writes(words, lead.phone);
  await world.effects();
  return lead;
}

function whispers(userId = U_SOFIA): { next(what: string): Promise<SlackMessage> } {
  const before = world.slack.ephemerals(userId).length;
  return { next: (what) => world.slack.waitFor(() => world.slack.ephemerals(userId)[before], what) };
}

async function press(message: SlackMessage, button: string, userId = U_SOFIA): Promise<string> {
  const told = whispers(userId);
  await world.slack.click(userId, { message }, button);
  const answer = await told.next(`the answer to ${button}`);
  await world.effects();
  return answer.text;
}

/** The newest note of the thread; the newest that says so. */
async function lastNote(leadId: LeadId, saying = ''): Promise<SlackMessage> {
  const note = (await world.thread(leadId)).findLast((each) => visibleText(each).includes(saying));
  if (!note) throw new Error('no note');
  return note;
}

const shown = async (leadId: LeadId) => visibleText(await world.card(leadId));
const later = (minutes: number) => world.turnTo(new Date(world.clock.now().getTime() + minutes * 60_000));
const sentTo = (phone: string) => world.twilio.journal.sent.filter(({ to }) => to === phone).map(({ body }) => body);

async function preview(form: OpenView, values: Record<string, string>, userId = U_SOFIA): Promise<OpenView> {
  const { view } = await world.slack.submit(userId, form, values);
  if (!view) throw new Error('no preview');
  return view;
}

describe('the note of a message', () => {
  test('of a customer who reads and lives elsewhere says so', async () => {
    const phone = `+4917012345${serial++}`;
    const { leadId } = await world.drive(world.sofia, { phone, language: 'de' });
    await world.database.db.system.query(
      `update persons set zone = 'Asia/Kolkata' where id = (select person_id from leads where id = $1)`,
      [leadId],
    );
    await world.flush();
    await world.writes('Ist er noch da?', phone);
    await world.effects();
    const note = visibleText(await lastNote(leadId));
    expect(note).toContain(
      'Anna writes German  ·  15:00 where Anna is  ·  follow-up stopped  ·  answer owed since 10:30',
    );
    expect(note).toMatch(/Reply\nTake over\nNo answer needed\nWhy\?/);
  });

  test('rings nobody for an automatic answer, and says that the follow-up goes on', async () => {
    const { leadId } = await waiting('I am out of office until Monday, this is an automatic reply.');
    const note = visibleText(await lastNote(leadId));
    expect(note).not.toContain('<@');
    expect(note).toContain('An automatic answer of *Anna Karlsson*');
    expect(await shown(leadId)).toContain('*Active');
    expect(await shown(leadId)).not.toContain('waits for an answer');
  });
});

describe('the buttons', () => {
  test('Take over and Hand back: the card says who answers', async () => {
    const { leadId } = await waiting();
    const note = await lastNote(leadId);
    expect(await press(note, 'Take over', U_MARIA)).toContain('You answer Anna from now on');
    expect(await shown(leadId)).toContain('Maria Nyström answers');
    expect(await press(await world.card(leadId), 'Hand back')).toContain('Handed back');
    expect(await shown(leadId)).not.toContain('answers');
    expect(await press(note, 'Take over')).toContain('You answer Anna from now on');
    expect(await press(note, 'Take over')).toBe('You answer Anna already.');
    expect(await shown(leadId)).toContain('Sofia Lindqvist answers');
  });

  test('No answer needed: nobody waits any more, and nothing was sent', async () => {
    const { leadId, phone } = await waiting('Thanks!');
    expect(await press(await lastNote(leadId), 'No answer needed')).toBe('Noted: what Anna wrote needs no answer.');
    expect(await shown(leadId)).not.toContain('waits for an answer');
    expect(await press(await lastNote(leadId), 'No answer needed')).toBe('Nobody owes Anna an answer.');
    expect(sentTo(phone)).toHaveLength(1);
  });

  test('are not for a colleague', async () => {
    const { leadId } = await waiting();
    for (const button of ['Take over', 'No answer needed', 'Reply']) {
      expect(await press(await lastNote(leadId), button, U_ERIK)).toContain('This lead belongs to a colleague');
    }
    expect(await shown(leadId)).toContain('waits for an answer');
  });
});

describe('an answer that nobody gives', () => {
  test('is reminded of in the thread and by direct message', async () => {
    await world.change({ cardChannel: 'C0DRIVES' });
    const { leadId } = await waiting('Is it still there? <!channel>', { name: 'Nora Berg' });
    const about = (userId: string) => world.direct(userId).filter(({ text }) => text.startsWith('Nora Berg waits'));
    await later(20);
    await world.rooms.reminders.run();
    await world.effects();
    const note = visibleText(await lastNote(leadId));
    expect(note).toContain('<@U0SOFIA> *Nora Berg* (BMW X5) *waits for an answer* since 10:30');
    expect(note).toContain('(20 min of opening hours):');
    expect(note).toContain('> Is it still there? &lt;!channel&gt;');
    expect([about(U_SOFIA).length, about(U_MARIA).length]).toEqual([1, 0]);
  });

  test('is not told any more when it was given while the reminder was on its way', async () => {
    const { leadId } = await waiting();
    await later(20);
    await world.rooms.reminders.run();
    await world.rooms.takeover.settle(world.sofia, leadId);
    const before = (await world.thread(leadId)).length;
    await world.effects();
    expect(await world.thread(leadId)).toHaveLength(before);
  });
});

describe('a reply', () => {
  test("may start from an answer of the playbook, in the customer's language; what was typed stays", async () => {
    const { leadId, phone } = await waiting('Finns den kvar?');
    const acted = await world.slack.click(U_SOFIA, { message: await world.card(leadId) }, 'Reply');
    const form = await acted.modal();
    await world.slack.select(U_SOFIA, { view: form }, 'reply_canned', 'Den finns kvar');
    const filled = await world.slack.waitFor(() => {
      const open = world.slack.stack(U_SOFIA).at(-1);
      return open && JSON.stringify(open.view.blocks).includes('words_1') ? open : null;
    }, 'the filled form');
    const sent = await preview(filled, {});
    expect(visibleText(sent)).toContain('Hej Anna! Ja, BMW X5 finns kvar.');
    expect(visibleText(sent)).toContain('Hälsningar Sofia');
    await world.slack.submit(U_SOFIA, sent);
    await later(1);
    expect(sentTo(phone).at(-1)).toMatch(/^Hej Anna! Ja, BMW X5 finns kvar\./);
  });

  test('shows how far it got by one reaction, always the furthest', async () => {
    const { leadId, phone } = await waiting();
    const form = await (await world.slack.click(U_SOFIA, { message: await world.card(leadId) }, 'Reply')).modal();
    await world.slack.submit(U_SOFIA, await preview(form, { words: 'Yes!' }));
    const { ts } = await world.card(leadId);
    const note = await world.slack.waitFor(
      () => world.direct(U_SOFIA).find((each) => each.metadata?.event_type === 'lead_reply' && each.thread_ts === ts),
      'the note',
    );
    const marks = () => world.slack.message(note.channel, note.ts)?.reactions?.map(({ name }) => name) ?? [];
    await world.effects();
    expect(marks()).toEqual([]);
    await later(1);
    await world.flush();
    expect(marks()).toEqual(['white_check_mark']);
    const sid = world.twilio.journal.sent.findLast(({ to }) => to === phone)?.sid ?? '';
    await world.twilio.markRead(sid);
    await world.flush();
    expect(marks()).toEqual(['eyes']);
    expect(world.slack.message(note.channel, note.ts)?.text).toContain('Reply sent');
  });

  test('is not held up by a workspace that does not let us react, nor by a note that somebody deleted', async () => {
    world.slack.mischief.refuse.set('reactions.add', 'missing_scope');
    const { leadId } = await waiting();
    await world.rooms.desk.reply(world.sofia, leadId, 'Yes!', newId());
    await later(1);
    await world.flush();
    const parked = await world.database.db.system.query(`select from effects where kind = 'note.tick'`);
    expect(parked).toEqual([]);
  });
});

describe('two people answering at once', () => {
  test("see each other's words before they send, and must look again at a newer answer", async () => {
    const { leadId, phone } = await waiting();
    const open = async (userId: string) =>
      (await world.slack.click(userId, { message: await world.card(leadId) }, 'Reply')).modal();
    const [sofias, marias] = [await open(U_SOFIA), await open(U_MARIA)];
    const maria = await preview(marias, { words: 'It is!' }, U_MARIA);
    expect(visibleText(maria)).not.toContain('answer*');
    await world.slack.submit(U_SOFIA, await preview(sofias, { words: 'Yes, <!here> it is' }));

    const again = await world.slack.submit(U_MARIA, maria);
    expect(again.closed).toBe(false);
    if (!again.view) throw new Error('no second look');
    const seen = visibleText(again.view);
    expect(seen).toContain('*Somebody has answered meanwhile:* look once more.');
    expect(seen).toMatch(/\*Sofia Lindqvist's answer\* leaves in \d+ s:\n> Yes, &lt;!here&gt; it is/);
    expect(await world.slack.submit(U_MARIA, again.view)).toMatchObject({ closed: true });
    await later(1);
    expect(sentTo(phone).slice(1).sort()).toEqual(['It is!', 'Yes, <!here> it is']); // due at once, by two connections
  });
});

describe('a message of the thread', () => {
  async function said(leadId: LeadId, words: string, userId = U_SOFIA): Promise<SlackMessage> {
    const card = await world.card(leadId);
    return (await world.slack.say(userId, card.channel, words, { thread: card.ts })).message;
  }
  const use = (message: SlackMessage, userId = U_SOFIA) =>
    world.slack.messageShortcut(userId, 'send_to_customer', message);

  test('is sent to the customer by its shortcut, exactly as it stands, after a preview', async () => {
    const { leadId, phone } = await waiting();
    const view = await (await use(await said(leadId, 'Yes & no <3\nCall me'))).modal();
    expect(visibleText(view)).toContain('Yes & no <3\nCall me');
    expect(sentTo(phone)).toHaveLength(1);
    await world.slack.submit(U_SOFIA, view);
    await later(1);
    expect(sentTo(phone).at(-1)).toBe('Yes & no <3\nCall me');
  });

  test('of which nobody uses the shortcut never leaves', async () => {
    const { leadId, phone } = await waiting();
    await said(leadId, 'He will never buy it');
    await later(1);
    await world.flush();
    expect(sentTo(phone)).toHaveLength(1);
  });

  test('is not sent by a colleague, from another place, or when an app wrote it', async () => {
    await world.change({ cardChannel: 'C0DRIVES' });
    const { leadId, phone } = await waiting();
    const refusal = async (message: SlackMessage, userId = U_SOFIA) => {
      const told = whispers(userId);
      await use(message, userId);
      return (await told.next('the refusal')).text;
    };
    expect(await refusal(await lastNote(leadId))).toContain('by an app');
    expect(await refusal(await said(leadId, 'Hello'), U_ERIK)).toContain('This lead belongs to a colleague');
    expect(await refusal(await world.card(leadId))).toContain('by an app');
    const elsewhere = (await world.slack.say(U_SOFIA, 'general', 'Hello')).message;
    expect(await refusal(elsewhere)).toContain('on a message in the thread of a lead');
    expect(await refusal(await said(leadId, 'x'.repeat(1600)))).toContain('longer than 1500 characters');
    await world.rooms.desk.stop(world.sofia, leadId);
    expect(await refusal(await said(leadId, 'Hello'))).toContain('opted out');
    expect(sentTo(phone)).toHaveLength(1);
  });
});

describe('a wrong number', () => {
  test('asks staff to correct it; with the right one the follow-up begins anew', async () => {
    const { leadId, phone } = await waiting('You have the wrong number, I am not Anna and I do not know her.', {
      language: 'en',
    });
    const note = await lastNote(leadId);
    expect(visibleText(note)).toContain('*Wrong number:* whoever has +46 70 174 11');
    expect(visibleText(note)).toContain('Nothing more goes there. The follow-up has stopped');
    expect(await shown(leadId)).toContain('*This number belongs to somebody else:*');
    const form = await (await world.slack.click(U_SOFIA, { message: note }, 'Correct the number')).modal();
    const bad = await world.slack.submit(U_SOFIA, form, { phone: '12' });
    expect(JSON.stringify(bad.view?.errors ?? world.slack.stack(U_SOFIA).at(-1)?.errors)).toContain('phone');
    const right = `+467017411${serial++}`;
    expect(await world.slack.submit(U_SOFIA, form, { phone: right })).toMatchObject({ closed: true });
    await world.flush();
    expect(sentTo(right)).toHaveLength(1);
    expect(sentTo(phone)).toHaveLength(1);
    expect(await shown(leadId)).toContain('*Active');
    await world.slack.waitFor(
      () => world.direct(U_SOFIA).find(({ text }) => text.includes('corrected the number of Anna Karlsson')),
      'the note of the correction',
    );
  });
});

describe('a template that WhatsApp has paused', () => {
  test('is planned around, and the managers hear of it once', async () => {
    const { rooms, tenant } = world;
    await rooms.templates.submit(tenant.id, null, 'test-drive', ['sv']);
    await rooms.templates.follow(true);
    const { leadId } = await aLead();
    expect(await shown(leadId)).toContain('WhatsApp template `drive_follow_up_1` → SMS if unreachable');
    const before = world.direct(U_MARIA).length;
    const [stored] = await world.database.db.system.query<{ contentId: string }>(
      `select content_id as "contentId" from whatsapp_templates where template_key = 'drive_follow_up_1' and language = 'sv'`,
    );
    world.twilio.templates.decide(stored?.contentId ?? '', 'paused');
    await Promise.all([rooms.templates.follow(true), rooms.templates.follow(true)]);
    await Promise.all([rooms.alerts.run(), rooms.alerts.run()]);
    await world.effects();
    expect(await shown(leadId)).toContain('SMS, WhatsApp has paused its template');
    const alerts = world
      .direct(U_MARIA)
      .slice(before)
      .map((alert) => visibleText(alert))
      .filter((words) => words.includes('WhatsApp text'));
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toContain('1 WhatsApp text cannot be used');
    expect(alerts[0]).toContain('`drive_follow_up_1` · Swedish · paused by WhatsApp');
  });
});
