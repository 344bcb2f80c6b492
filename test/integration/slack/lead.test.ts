import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import { type OpenView, type SlackMessage, U_ERIK, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { MONDAY } from '../../support/world.ts';

let world: LeadWorld;
let serial = 10;
beforeAll(async () => {
  world = await openLeadWorld();
});
beforeEach(() => world.clock.turnTo(MONDAY.getTime() - Date.now()));
afterEach(() => {
  world.slack.mischief.reset();
  world.twilio.faults.clear();
});
afterAll(() => world.close());

/** A lead with its card, day 0 sent, and a number of its own. */
async function aLead(): Promise<{ leadId: LeadId; phone: string }> {
  const phone = `+467017406${serial++}`;
  const { leadId } = await world.drive(world.sofia, { phone });
  await world.flush();
  return { leadId, phone };
}

async function press(leadId: LeadId, button: string, userId = U_SOFIA) {
  return world.slack.click(userId, { message: await world.card(leadId) }, button);
}

/** What somebody alone was told since then. */
function whispers(userId = U_SOFIA): { next(what: string): Promise<SlackMessage> } {
  const before = world.slack.ephemerals(userId).length;
  return { next: (what) => world.slack.waitFor(() => world.slack.ephemerals(userId)[before], what) };
}

const sentTo = (phone: string) =>
  world.twilio.journal.sent.filter((message) => message.to === phone).map((message) => message.body);

async function writeReply(leadId: LeadId, words: string): Promise<OpenView> {
  const form = await (await press(leadId, 'Reply')).modal();
  const { view } = await world.slack.submit(U_SOFIA, form, { words });
  if (!view) throw new Error('no preview');
  return view;
}

describe('the buttons of a card', () => {
  test('pause and resume: the card follows, and the one who pressed is told', async () => {
    const { leadId } = await aLead();
    const told = whispers();
    await press(leadId, 'Pause');
    expect((await told.next('the answer to Pause')).text).toContain('nothing goes to Anna by itself');
    await world.effects();
    expect(visibleText(await world.card(leadId))).toContain('*Paused · 3 messages wait*');
    const again = whispers();
    await press(leadId, 'Resume');
    await again.next('the answer to Resume');
    await world.effects();
    expect(visibleText(await world.card(leadId))).toContain('*Active · follow-up 1 of 3*');
  });

  test('won ends the follow-up', async () => {
    const { leadId } = await aLead();
    const told = whispers();
    await press(leadId, 'Won');
    await told.next('the answer to Won');
    await world.effects();
    const card = visibleText(await world.card(leadId));
    expect(card).toContain('*Won Mon 23 Nov 10:30 · follow-up ended*');
    expect(card).toContain('–  Day 7 · Mon 30 Nov 10:00 · not sent: won');
  });

  test('lost and close work too, and an outdated card is told what cannot be', async () => {
    const { leadId } = await aLead();
    const old = await world.card(leadId);
    await press(leadId, 'Lost');
    await world.slack.waitFor(() => world.slack.ephemerals(U_SOFIA).at(-1)?.text.startsWith('Lost'), 'Lost');
    await world.effects();
    expect(visibleText(await world.card(leadId))).toContain('*Lost ');
    const told = whispers();
    await world.slack.click(U_SOFIA, { message: old }, 'Close');
    expect((await told.next('the refusal')).text).toContain('A lead that is lost cannot become closed');
  });

  test('a colleague may not press them, a manager may', async () => {
    const { leadId } = await aLead();
    const erik = whispers(U_ERIK);
    await press(leadId, 'Stop', U_ERIK);
    expect((await erik.next('the refusal')).text).toContain('This lead belongs to a colleague');
    await world.effects();
    expect(visibleText(await world.card(leadId))).toContain('Active');
    const maria = whispers(U_MARIA);
    await press(leadId, 'Pause', U_MARIA);
    expect((await maria.next('the answer')).text).toContain('Paused');
  });

  test('stop says so only once it is done, for good, and names what was cancelled', async () => {
    const { leadId, phone } = await aLead();
    const told = whispers();
    await press(leadId, 'Stop');
    expect((await told.next('the answer to Stop')).text).toBe(
      '*Stopped for good: Anna Karlsson.* Nothing more goes out on any channel; 3 planned messages were cancelled.',
    );
    await world.flush();
    expect(visibleText(await world.card(leadId))).toContain('*Opted out ');
    expect(sentTo(phone)).toHaveLength(1);
  });

  test('stop does not wait for ever: it says that one message may just have left', async () => {
    const slow = await openLeadWorld({ httpTimeoutMs: 6000 });
    try {
      slow.twilio.faults.set({ hang: 'after', callbacks: 'none' });
      const { leadId } = await slow.drive(slow.sofia);
      await slow.effects();
      const arrived = new Promise((resolve) => slow.twilio.journal.subscribe(resolve));
      slow.rooms.dispatcher.wake();
      await arrived;
      await slow.slack.click(U_SOFIA, { message: await slow.card(leadId) }, 'Stop');
      const told = await slow.slack.waitFor(() => slow.slack.ephemerals(U_SOFIA)[0], 'the answer to Stop');
      expect(told.text).toContain('Stopped for good: Anna Karlsson.');
      expect(told.text).toContain('it may just have left');
      await slow.effects();
      expect((await slow.thread(leadId)).map((note) => visibleText(note)).join()).toContain('it may have left');
    } finally {
      await slow.twilio.faults.down();
      await slow.close();
    }
  });
});

describe('a message that may have left', () => {
  /** As the reconciler leaves it when the gateway cannot say: asked for by nobody, sent by nobody. */
  async function unconfirmed(leadId: LeadId): Promise<void> {
    await world.database.db.system.query(
      `update messages set state = 'unconfirmed', reason = 'no_answer', attempt = 1, due_at = $2
       where lead_id = $1 and step_key = 'day_2'`,
      [leadId, world.clock.now()],
    );
    await world.rooms.desk.pause(world.sofia, leadId); // any event brings the card up to date
    await world.rooms.desk.resume(world.sofia, leadId);
    await world.effects();
  }

  test('is sent again when somebody decides so', async () => {
    const { leadId, phone } = await aLead();
    await unconfirmed(leadId);
    expect(visibleText(await world.card(leadId))).toContain('*Day 2 may have left by SMS, and nobody can say:*');
    const told = whispers();
    await press(leadId, 'Resend');
    expect((await told.next('the answer to Resend')).text).toContain('It is sent again');
    await world.turnTo(new Date(world.clock.now().getTime() + 86_400_000));
    expect(sentTo(phone)).toHaveLength(2);
  });

  test('stays as it is when somebody leaves it, and cannot be decided twice', async () => {
    const { leadId, phone } = await aLead();
    await unconfirmed(leadId);
    const card = await world.card(leadId);
    const told = whispers();
    await press(leadId, 'Leave it');
    expect((await told.next('the answer')).text).toBe('Left as it is: it is not sent again.');
    await world.flush();
    expect(visibleText(await world.card(leadId))).not.toContain('nobody can say');
    const again = whispers();
    await world.slack.click(U_SOFIA, { message: card }, 'Leave it');
    expect((await again.next('the refusal')).text).toContain('This was decided already');
    expect(sentTo(phone)).toHaveLength(1);
  });
});

describe('a reply', () => {
  test('is written, previewed as it leaves, sent after ten seconds, and noted in the thread', async () => {
    const { leadId, phone } = await aLead();
    const form = await (await press(leadId, 'Reply')).modal();
    expect(visibleText(form)).toContain('Goes to *Anna* by *SMS*, as you type it.');
    const { view: preview } = await world.slack.submit(U_SOFIA, form, { words: 'Yes, still here!\n<!channel> *soon*' });
    if (!preview) throw new Error('no preview');
    const shown = visibleText(preview);
    expect(shown).toContain('*Anna* gets this by *SMS*');
    expect(shown).toContain('Yes, still here!\n<!channel> *soon*');
    expect(shown).toContain('1 SMS part: 34 characters, 160 in a part.');
    expect(await world.slack.submit(U_SOFIA, preview)).toMatchObject({ closed: true, refusedBy: null });

    const note = await world.slack.waitFor(
      () => world.direct(U_SOFIA).find((message) => message.metadata?.event_type === 'lead_reply'),
      'the note',
    );
    expect(visibleText(note)).toContain('*Reply leaves in 10 s* (10:30:');
    expect(visibleText(note)).toContain('> &lt;!channel&gt; *soon*');
    await world.effects();
    expect(visibleText(await world.card(leadId))).toMatch(/▸ {2}Reply by .* · leaves 10:30:\d\d · SMS/);
    expect(sentTo(phone)).toHaveLength(1);

    await world.turnTo(new Date(world.clock.now().getTime() + 11_000));
    await world.flush();
    expect(sentTo(phone)).toEqual([expect.any(String), 'Yes, still here!\n<!channel> *soon*']);
    const [after] = (await world.thread(leadId)).filter((message) => message.ts === note.ts);
    expect(after && visibleText(after)).toContain('*Reply sent Mon 23 Nov 10:30 by SMS:*');
    expect(after && visibleText(after)).not.toContain('Undo');
  });

  test('can be taken back while it waits, and then says so', async () => {
    const { leadId, phone } = await aLead();
    await world.slack.submit(U_SOFIA, await writeReply(leadId, 'Oops'));
    const note = await world.slack.waitFor(
      () => world.direct(U_SOFIA).findLast((message) => visibleText(message).includes('> Oops')),
      'the note',
    );
    const told = whispers();
    await world.slack.click(U_SOFIA, { message: note }, 'Undo');
    expect((await told.next('the answer to Undo')).text).toBe('Taken back: nothing was sent.');
    await world.turnTo(new Date(world.clock.now().getTime() + 11_000));
    await world.flush();
    expect(sentTo(phone)).toHaveLength(1);
    const thread = (await world.thread(leadId)).map((message) => visibleText(message)).join('\n');
    expect(thread).toContain('*Reply taken back, nothing was sent:*');
    expect(visibleText(await world.card(leadId))).not.toContain('Undo the reply');
  });

  test('that has left cannot be taken back', async () => {
    const { leadId } = await aLead();
    await world.slack.submit(U_SOFIA, await writeReply(leadId, 'Too late'));
    await world.effects();
    const card = await world.card(leadId);
    await world.turnTo(new Date(world.clock.now().getTime() + 11_000));
    const told = whispers();
    await world.slack.click(U_SOFIA, { message: card }, 'Undo the reply');
    expect((await told.next('the answer to Undo')).text).toContain('Too late');
  });

  test('is not sent twice when its window is sent twice', async () => {
    const { leadId, phone } = await aLead();
    const preview = await writeReply(leadId, 'Only once');
    await Promise.all([
      world.slack.submit(U_SOFIA, preview),
      world.slack.submit(U_SOFIA, preview).catch(() => undefined),
    ]);
    await world.turnTo(new Date(world.clock.now().getTime() + 11_000));
    expect(sentTo(phone).filter((body) => body === 'Only once')).toHaveLength(1);
  });

  test('that is changed in the preview is shown once more before it leaves', async () => {
    const { leadId, phone } = await aLead();
    const preview = await writeReply(leadId, 'Helo');
    const { view: second, closed } = await world.slack.submit(U_SOFIA, preview, { words: 'Hello' });
    expect(closed).toBe(false);
    expect(second && visibleText(second)).toContain('Hello');
    await world.slack.submit(U_SOFIA, second as OpenView);
    await world.turnTo(new Date(world.clock.now().getTime() + 11_000));
    expect(sentTo(phone).at(-1)).toBe('Hello');
  });

  test('quotes what the customer wrote last, goes by WhatsApp while that is open, and asks again when it has closed', async () => {
    const { leadId, phone } = await aLead();
    await world.writes('Is it <b>still</b> there?', phone);
    await world.flush();
    const form = await (await press(leadId, 'Reply')).modal();
    expect(visibleText(form)).toContain('Goes to *Anna* by *WhatsApp*');
    expect(visibleText(form)).toContain('> Is it &lt;b&gt;still&lt;/b&gt; there?');
    const { view: preview } = await world.slack.submit(U_SOFIA, form, { words: 'It is' });
    const start = world.clock.now();
    world.clock.turnTo(start.getTime() + 25 * 3_600_000 - Date.now());
    const { view: again, closed } = await world.slack.submit(U_SOFIA, preview as OpenView);
    expect(closed).toBe(false);
    expect(again && visibleText(again)).toContain('*It would go by SMS now:* look once more.');
    world.clock.turnTo(start.getTime() - Date.now());
    expect(sentTo(phone)).not.toContain('It is');
  });

  test('is refused to people who opted out, also between the preview and Send', async () => {
    const { leadId, phone } = await aLead();
    const preview = await writeReply(leadId, 'One more thing');
    const card = await world.card(leadId);
    await world.writes('STOP', phone);
    await world.slack.submit(U_SOFIA, preview);
    await world.slack.waitFor(
      () => world.slack.stack(U_SOFIA).some((open) => visibleText(open).includes('Anna Karlsson opted out')),
      'the refusal on top',
    );
    await world.slack.closeView(U_SOFIA, { everything: true });
    const told = whispers();
    await world.slack.click(U_SOFIA, { message: card }, 'Reply');
    expect((await told.next('the refusal')).text).toContain('Nothing can be sent until they write START');
    await world.turnTo(new Date(world.clock.now().getTime() + 11_000));
    expect(sentTo(phone)).not.toContain('One more thing');
  });

  test('is the only way to a customer: what is said in the thread stays there', async () => {
    const { leadId, phone } = await aLead();
    const card = await world.card(leadId);
    await world.slack.say(U_SOFIA, 'dm', 'Shall I call her?', { thread: card.ts });
    await world.flush();
    expect(sentTo(phone)).toHaveLength(1);
  });
});

describe('Why?', () => {
  test('tells for each message when it went or why not, and proves it', async () => {
    const { leadId, phone } = await aLead();
    await world.writes('Hi, is it <still> available?', phone, 'sms');
    await world.flush();
    const why = visibleText(await (await press(leadId, 'Why?')).modal());
    expect(why).toMatch(/\*Replied\* Mon 23 Nov 10:30:\d\d · Anna wrote by SMS/);
    expect(why).toContain('> Hi, is it &lt;still&gt; available?');
    expect(why).toMatch(/3 planned messages were cancelled in the same moment\. Proof: event [\d,]+\./);
    expect(why).toMatch(/\*Day 0\* – (sent|delivered) Mon 23 Nov 10:30 by SMS.*Proof: event [\d,]+\./);
    expect(why).toContain('*Day 2* – not sent: the customer replied, so the follow-up ended.');
    expect(why).toContain('It was planned for Wed 25 Nov 10:00 by SMS.');
    const [event] = await world.database.db.system.query<{ id: number }>(
      `select id from events where lead_id = $1 and type = 'enrolment.ended'`,
      [leadId],
    );
    expect(why).toContain(`Proof: event ${event?.id.toLocaleString('en-US')}.`);
  });

  test('names the colleague who stopped it', async () => {
    const { leadId } = await aLead();
    await world.rooms.desk.stop(world.maria, leadId);
    await world.effects();
    const why = visibleText(await (await press(leadId, 'Why?')).modal());
    expect(why).toContain('Anna told us, noted by Maria Nyström');
    expect(why).toContain('*Day 7* – not sent: the customer opted out.');
  });

  test('tells of attempts that failed on the way', async () => {
    const phone = `+467017406${serial++}`;
    world.twilio.faults.setFor(phone, { refuseWith: 30007 });
    const { leadId } = await world.drive(world.sofia, { phone });
    await world.flush();
    const why = visibleText(await (await press(leadId, 'Why?')).modal());
    expect(why).toContain('attempt 1 failed: the carrier filtered it, code 30007; it waits for a person');
  });

  test('is not for a colleague', async () => {
    const { leadId } = await aLead();
    const told = whispers(U_ERIK);
    await press(leadId, 'Why?', U_ERIK);
    expect((await told.next('the refusal')).text).toContain('This lead belongs to a colleague');
    expect(world.slack.stack(U_ERIK)).toEqual([]);
  });
});

describe('a lead in a window', () => {
  test('shows the card with a way to its thread, and its buttons work there', async () => {
    const { leadId } = await aLead();
    const shown = await world.slack.slash(U_SOFIA, '/lead', 'karlsson');
    const list = shown.shown ?? (await world.slack.waitFor(() => world.slack.ephemerals(U_SOFIA).at(-1), 'the list'));
    const opened = await (
      await world.slack.click(U_SOFIA, { message: list }, { actionId: 'lead_open', value: leadId })
    ).modal();
    expect(visibleText(opened)).toContain('Anna Karlsson');
    const linked = await world.slack.waitFor(
      () => world.slack.stack(U_SOFIA).find((open) => visibleText(open).includes('Go to the thread')),
      'the link',
    );
    await world.slack.click(U_SOFIA, { view: linked }, 'Pause');
    await world.slack.waitFor(
      () => world.slack.stack(U_SOFIA).some((open) => visibleText(open).includes('*Paused · 3 messages wait*')),
      'the window to follow',
    );
    const why = await (await world.slack.click(U_SOFIA, { view: linked }, 'Why?')).modal();
    expect(why.view.previous_view_id).toBe(linked.view.id);
    await world.slack.closeView(U_SOFIA, { everything: true });
  });
});

test('Slack had nothing to complain of', () => {
  expect(world.slack.violations).toEqual([]);
});
