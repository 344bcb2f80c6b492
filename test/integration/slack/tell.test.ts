import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import { U_ADMIN, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { until } from '../../support/until.ts';
import { MONDAY } from '../../support/world.ts';

let world: LeadWorld;
let serial = 10;
/** Who translates for staff; nobody until a test says so. */
let translate: (words: string) => Promise<string | null> = async () => null;
beforeAll(async () => {
  world = await openLeadWorld({ translate: (_tenantId, words) => translate(words) });
});
beforeEach(() => world.clock.turnTo(MONDAY.getTime() - Date.now()));
afterEach(async () => {
  world.slack.mischief.reset();
  translate = async () => null;
  await world.change({ feedChannel: null });
});
afterAll(() => world.close());

const aPhone = () => `+467017406${serial++}`;

async function aLead(changes: { name?: string } = {}): Promise<{ leadId: LeadId; phone: string }> {
  const phone = aPhone();
  const { leadId } = await world.drive(world.sofia, { phone, ...changes });
  await world.flush();
  return { leadId, phone };
}

/** The words of a lead's thread, newest note last. */
const thread = async (leadId: LeadId) => (await world.thread(leadId)).map((note) => visibleText(note));

describe('a translation', () => {
  const SWEDISH = 'Hej, jag undrar om ni har öppet på lördag?';
  const ENGLISH = 'Hello, I wonder whether you are open on Saturday?';

  test('is not waited for: the note is there first, and gets it when it comes', async () => {
    const { leadId, phone } = await aLead();
    let resolve: (words: string) => void = () => {};
    const translation = new Promise<string>((settle) => {
      resolve = settle;
    });
    translate = () => translation;
    await world.writes(ENGLISH, phone);
    const telling = world.flush();
    const note = await until(async () => (await thread(leadId))[0], 'the note without its translation').finally(() =>
      resolve(SWEDISH),
    );
    expect(note).toContain(`> ${ENGLISH}`);
    expect(note).not.toContain(SWEDISH);
    await telling;
    const notes = await thread(leadId);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(`> ${ENGLISH}\n_Swedish:_\n> ${SWEDISH}`);
    expect(notes[0]).toContain('<@U0SOFIA>');
  });

  test('comes to every copy of the note', async () => {
    translate = async () => SWEDISH;
    await world.writes(ENGLISH, aPhone());
    await world.flush();
    for (const user of [U_ADMIN, U_MARIA]) {
      const notes = world.direct(user).map((note) => visibleText(note));
      expect(notes).toContainEqual(expect.stringContaining(`> ${ENGLISH}\n_Swedish:_\n> ${SWEDISH}`));
    }
  });

  test('that fails leaves the note as it is, told once', async () => {
    const { leadId, phone } = await aLead();
    translate = async () => {
      throw new Error('no translation today');
    };
    await world.writes(ENGLISH, phone);
    await world.flush();
    await world.retryEffects();
    const notes = await thread(leadId);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toContain(`> ${ENGLISH}`);
  });
});

describe('the salesperson hears', () => {
  test("of a reply, with the customer's words and what they ended", async () => {
    const { leadId, phone } = await aLead();
    await world.writes('Hi, is it still available?\n<!channel> <@U0ERIK>', phone);
    await world.flush();
    const [note = '', ...more] = await thread(leadId);
    expect(more).toEqual([]);
    expect(note).toContain('<@U0SOFIA> *Anna Karlsson* (BMW X5) replied by WhatsApp at 10:30:');
    expect(note).toContain('> Hi, is it still available?\n> &lt;!channel&gt; &lt;@U0ERIK&gt;');
    expect(note).toContain('The follow-up has stopped: 3 planned messages were cancelled.');
    expect((await world.thread(leadId))[0]?.text).toMatch(/^Anna Karlsson replied: Hi, is it still available\?/);
    expect(visibleText(await world.card(leadId))).toContain('*Anna waits for an answer* since 10:30');
  });

  test('of an address that an enquiry of anybody claims to be theirs', async () => {
    const { leadId, phone } = await aLead();
    await world.rooms.enquiries.receive({
      tenantId: world.tenant.id,
      source: 'form',
      playbook: 'test-drive',
      payload: { name: 'Anna', phone, email: 'else@example.com', car: 'BMW X5', consent: true },
      submissionId: '',
    });
    await world.flush();
    const [note = ''] = await thread(leadId);
    expect(note).toContain('gave *an address that we do not know* at 10:30: else@example.com');
    expect(note).toContain('Nothing goes there');
  });

  test('of a second reply without hearing again that the follow-up has stopped', async () => {
    const { leadId, phone } = await aLead();
    await world.writes('First', phone);
    await world.writes('Second', phone);
    await world.flush();
    const notes = await thread(leadId);
    expect(notes).toHaveLength(2);
    expect(notes.filter((note) => note.includes('The follow-up has stopped'))).toHaveLength(1);
  });

  test('of an opt-out in own words: stopped for good, what was cancelled, one confirmation', async () => {
    const { leadId, phone } = await aLead({ name: 'Lars Olsson' });
    await world.writes('snälla sluta skriva till mig', phone);
    await world.flush();
    const [note = ''] = await thread(leadId);
    expect(note).toContain(
      '*Stopped for good:* *Lars Olsson* (BMW X5) opted out by WhatsApp in their own words at 10:30.',
    );
    expect(note).toContain('> snälla sluta skriva till mig');
    expect(note).toContain('Nothing more goes to Lars on any channel; 3 planned messages were cancelled.');
    expect(note).toMatch(/One confirmation goes out|Lars got one confirmation/);
    expect(note).not.toContain('Reply');
  });

  test('of a STOP that the gateway confirms itself, without claiming a confirmation of ours', async () => {
    const { leadId, phone } = await aLead();
    await world.writes('STOP', phone, 'sms');
    await world.flush();
    const [note = ''] = await thread(leadId);
    expect(note).toContain('opted out by SMS with a stop word at 10:30.');
    expect(note).not.toContain('confirmation');
  });

  test('of the opt-out page, of the gateway and of a colleague, each by its name', async () => {
    const byLink = await aLead();
    const byColleague = await aLead();
    const personId = async (leadId: LeadId) => (await world.rooms.desk.lead(world.maria, leadId)).personId;
    await world.rooms.optOuts.run(world.tenant.id, {
      personId: await personId(byLink.leadId),
      scope: 'all',
      by: 'link',
      actor: 'customer',
    });
    await world.rooms.desk.stop(world.maria, byColleague.leadId);
    const phone = aPhone();
    world.twilio.faults.setFor(phone, { refuseWith: 21610 });
    const { leadId: blocked } = await world.drive(world.sofia, { phone });
    await world.flush();
    expect((await thread(byLink.leadId)).join()).toContain('opted out on the opt-out page');
    expect((await thread(byColleague.leadId)).join()).toContain('opted out in person, noted by Maria Nyström');
    expect((await thread(blocked)).join()).toContain('opted out at the gateway, which blocks our messages to them');
  });

  test('that somebody may have asked to stop, with the buttons that decide it', async () => {
    const { leadId, phone } = await aLead();
    await world.writes('please stop calling me so early', phone);
    await world.flush();
    expect(visibleText(await world.card(leadId))).toContain('*Paused · 3 messages wait*\nThe customer may have asked');
    expect((await thread(leadId)).join()).toContain('*may have asked to stop* by WhatsApp at 10:30:');
    const [note] = await world.thread(leadId);
    if (!note) throw new Error('no note');
    await world.slack.click(U_SOFIA, { message: note }, 'Resume');
    await world.slack.waitFor(() => world.slack.ephemerals(U_SOFIA).at(-1)?.text.startsWith('Resumed'), 'Resumed');
  });

  test('of a channel that is closed while the rest waits', async () => {
    const { leadId } = await aLead();
    const { personId } = await world.rooms.desk.lead(world.sofia, leadId);
    await world.rooms.optOuts.run(world.tenant.id, { personId, scope: 'whatsapp', by: 'words', actor: 'customer' });
    await world.flush();
    const [note = ''] = await thread(leadId);
    expect(note).toContain('wants *nothing by WhatsApp* any more');
    expect(note).toContain('Resume uses the other channels, Stop ends it.');
    expect(note).toMatch(/Resume\nStop/);
  });

  test('of somebody who opts in again', async () => {
    const { leadId, phone } = await aLead();
    await world.writes('STOP', phone, 'sms');
    await world.writes('START', phone, 'sms');
    await world.flush();
    const note = (await thread(leadId)).join('\n');
    expect(note).toContain('opted in again by SMS at 10:30:');
    expect(note).toContain('Anna may be written to by SMS again. What had been cancelled stays cancelled.');
  });

  test('of a picture without words', async () => {
    const { leadId, phone } = await aLead();
    await world.twilio.customerSends({
      from: phone,
      to: '+46700000002',
      channel: 'whatsapp',
      body: '',
      media: [{ url: 'https://media.example/1', contentType: 'image/jpeg' }],
    });
    await world.flush();
    expect((await thread(leadId)).join()).toContain('> _a picture comes along_');
  });

  test('of very long words, cut to what Slack takes', async () => {
    const { leadId, phone } = await aLead();
    await world.writes('<&>'.repeat(500), phone);
    await world.flush();
    expect((await thread(leadId)).join()).toContain('&lt;&amp;&gt;');
  });
});

describe('what belongs to nobody', () => {
  test('a lead whose owner has left is told to the admins and managers', async () => {
    const left = await world.hire('Lena Left', null);
    const phone = aPhone();
    const { leadId } = await world.drive(left, { phone });
    await world.flush();
    const before = world.direct(U_MARIA).length;
    await world.writes('Hello?', phone);
    await world.flush();
    expect((await world.card(leadId)).channel).toBe(world.slack.channel(U_ADMIN).id);
    expect((await thread(leadId)).join()).toContain('<@U0ADMIN> <@U0MARIA> *Anna Karlsson*');
    expect(world.direct(U_MARIA)).toHaveLength(before + 1);
  });

  test('an unknown number is told to admins and managers one by one, until there is a channel', async () => {
    const phone = aPhone();
    const before = [world.direct(U_ADMIN).length, world.direct(U_MARIA).length, world.direct(U_SOFIA).length];
    await world.writes('Do you sell tyres?', phone, 'sms');
    await world.flush();
    const [maria] = world.direct(U_MARIA).slice(before[1]);
    expect(maria && visibleText(maria)).toContain(
      '*A number that belongs to no lead* wrote by SMS at 10:30: +46 70 174 06',
    );
    expect(maria && visibleText(maria)).toContain('> Do you sell tyres?');
    expect(
      world
        .direct(U_ADMIN)
        .slice(before[0])
        .map((each) => visibleText(each))
        .join(),
    ).toContain('Do you sell tyres?');
    expect(world.direct(U_SOFIA)).toHaveLength(before[2] ?? 0);

    await world.change({ feedChannel: 'C0DRIVES' });
    await world.writes('And rims?', phone, 'sms');
    await world.flush();
    expect(
      world.slack
        .messages('drives')
        .map((each) => visibleText(each))
        .join(),
    ).toContain('> And rims?');
    expect(
      world
        .direct(U_MARIA)
        .map((each) => visibleText(each))
        .join(),
    ).not.toContain('And rims?');
  });

  test('an unknown number is never told in a channel that another organisation shares', async () => {
    world.slack.addChannel('partners', { extShared: true });
    await world.change({ feedChannel: 'C0PARTNERS' });
    await world.writes('Anybody?', aPhone(), 'sms');
    await world.flush();
    expect(world.slack.messages('partners')).toEqual([]);
    expect(
      world
        .direct(U_MARIA)
        .map((each) => visibleText(each))
        .join(),
    ).toContain('Anybody?');
  });
});

test('a note comes when Slack is back', async () => {
  const { leadId, phone } = await aLead();
  world.slack.mischief.outage = 'unavailable';
  await world.writes('Are you there?', phone);
  await world.flush();
  world.slack.mischief.reset();
  await world.retryEffects();
  expect((await thread(leadId)).join()).toContain('> Are you there?');
});

test('Slack had nothing to complain of', () => {
  expect(world.slack.violations).toEqual([]);
});
