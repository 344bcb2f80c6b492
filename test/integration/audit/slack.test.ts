import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  createSealing,
  fingerprint,
  type LogReport,
  newSigningKey,
  readSigningKey,
  requestWitnesses,
  verifyDatabase,
} from '../../../src/audit/index.ts';
import { EVENTS } from '../../../src/events/index.ts';
import type { LeadId, PersonId } from '../../../src/lib/ids.ts';
import { createLogger } from '../../../src/lib/logger.ts';
import { TOLD } from '../../../src/slack/audit/words.ts';
import { type SlackMessage, U_ADMIN, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { MONDAY } from '../../support/world.ts';
import { untilTrue } from './log-world.ts';

const key = readSigningKey(newSigningKey());
let world: LeadWorld;
let serial = 10;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
  await world.rooms.staff.found(world.tenant.id, world.admin); // else the first one to ask becomes the admin
});
beforeEach(() => world.clock.turnTo(MONDAY.getTime() - Date.now()));
afterAll(() => world.close());

async function aLead(name: string): Promise<LeadId> {
  const { leadId } = await world.drive(world.sofia, { name, phone: `+467017406${serial++}` });
  await world.flush();
  return leadId;
}

/** Seals what has happened until now. */
async function seal(): Promise<void> {
  const { db } = world.database;
  const sealing = createSealing({ db, clock: world.clock, log: createLogger('silent'), key });
  const [{ last } = { last: 0 }] = await db.system.query<{ last: number }>('select max(id) as last from events');
  await untilTrue(async () => {
    await sealing.run();
    return (await db.system.query('select from seals where $1 = any(event_ids)', [last])).length > 0;
  });
}

async function audit(text = '', user = U_MARIA): Promise<SlackMessage> {
  const { shown } = await world.slack.slash(user, '/rescue', `audit ${text}`.trim());
  if (!shown) throw new Error(`audit ${text} showed nothing`);
  return shown;
}

/** Presses a button of a whispered page; gives the page that took its place. */
async function press(message: SlackMessage, button: string): Promise<SlackMessage> {
  const before = visibleText(message);
  await world.slack.click(U_MARIA, { message }, button);
  return world.slack.waitFor(() => {
    const shown = world.slack.ephemerals(U_MARIA).at(-1);
    return shown && visibleText(shown) !== before ? shown : undefined;
  }, `the page behind ${button}`);
}

const numbers = (message: SlackMessage) =>
  [...visibleText(message).matchAll(/^Event ([\d,]+)/gm)].map(([, id = '']) => Number(id.replaceAll(',', '')));

describe('/rescue audit', () => {
  test('says who did what and when, and in which batch it is sealed', async () => {
    await aLead('Anna Karlsson');
    await seal();
    const text = visibleText(await audit());
    expect(text).toContain('*Mon 23 Nov 10:30:');
    expect(text).toMatch(
      /\*Mon 23 Nov 10:30:[0-5]\d\* {2}Lead logged \(slack\)\nSofia Lindqvist · Anna Karlsson \(BMW X5\)/,
    );
    expect(text).toMatch(
      /Day 0 sent by SMS\n(?:LeadRescue|Gateway) · Anna Karlsson \(BMW X5\)\nEvent \d+ in sealed batch 1\n/,
    );
    expect(text).toMatch(/Newest head `\d+:[0-9a-f]{16}…`, batch 1, Mon 23 Nov 10:30:[0-5]\d\./);
  });

  test('says of what has just happened that it is sealed within seconds', async () => {
    await aLead('Berit Olsson');
    expect(visibleText(await audit('lead Berit'))).toContain(', sealed within seconds');
    await seal();
    expect(visibleText(await audit('lead Berit'))).not.toContain('sealed within seconds');
  });

  test('shows one customer, and asks which when several have the name', async () => {
    await aLead('Cilla Berg');
    await aLead('Cilla Dahl');
    const one = visibleText(await audit('lead cilla dahl'));
    expect(one).toMatch(/^\*Audit log\* · Cilla Dahl\n/);
    expect(one).not.toContain('Cilla Berg');

    const choice = await audit('person cilla kind lead');
    expect(choice.text).toBe('Several people fit “cilla”. Whose log?');
    const chosen = visibleText(await press(choice, 'Show'));
    expect(chosen).toMatch(/^\*Audit log\* · Cilla (Dahl|Berg) · lead\n/);
    expect(chosen).not.toContain('sent by');
    expect((await audit('person nobody at all')).text).toContain('Nobody found for “nobody at all”');
  });

  test('shows of a person also what was written down with no lead of theirs, as the consent page says', async () => {
    const leadId = await aLead('Dora Vinter');
    const [lead] = await world.database.db.system.query<{ personId: PersonId }>(
      'select person_id as "personId" from leads where id = $1',
      [leadId],
    );
    if (!lead) throw new Error('no lead');
    const id = await world.rooms.erasures.ask(world.maria, lead.personId);
    await world.rooms.erasures.decide(world.admin, id, 'refused');
    const asked = visibleText(await audit('person dora vinter'));
    expect(asked).toContain('Erasure of a customer asked for');
    expect(asked).toContain('Lead logged (slack)');
    const { shown } = await world.slack.slash(U_MARIA, '/rescue', 'consent Dora Vinter');
    const [, question] = (shown && visibleText(shown).match(/`\/rescue audit (person [^`]+)`/)) ?? [];
    expect(visibleText(await audit(question))).toContain('Erasure of a customer refused');
    expect(visibleText(await audit(`${question} kind erasure`))).not.toContain('Lead logged');
  });

  test('shows one kind, some days, or both', async () => {
    const kinds = visibleText(await audit('kind consent'));
    expect(kinds).toContain('Consent given for ');
    expect(kinds).not.toContain('sent by');
    expect(visibleText(await audit('kind message.sent today'))).toMatch(/^\*Audit log\* · message.sent · 2026-11-23\n/);
    expect((await audit('2026-11-01..2026-11-22')).text).toContain('Nothing of the kind is in the log.');
    expect(numbers(await audit('2026-11-23'))).toEqual(numbers(await audit()));
  });

  test.each([
    ['kind mesage', 'There is no kind of event “mesage”. Did you mean “message”?'],
    ['kind', 'Say which after “kind”.'],
    ['before x', '“x” is not the number of an event.'],
  ])('what is not understood is answered with how it is written: %s', async (text, words) => {
    expect((await audit(text)).text).toContain(words);
  });

  test('turns pages of twenty, older and newer, without losing or repeating anything', async () => {
    for (let i = 0; i < 8; i++) await aLead(`Dora Nummer ${i}`);
    const rows = await world.database.db.system.query<{ id: number }>('select id from events order by id desc');
    let page = await audit();
    const seen = [...numbers(page)];
    expect(seen).toHaveLength(20);
    expect(visibleText(page)).not.toContain('Newer');
    while (visibleText(page).includes('Older')) {
      page = await press(page, 'Older →');
      seen.push(...numbers(page));
    }
    expect(seen).toEqual(rows.map(({ id }) => id));
    const oldest = numbers(page);
    const newer = await press(page, '← Newer');
    expect(numbers(newer).at(-1)).toBe(seen[seen.length - oldest.length - 1]);
    expect(numbers(newer)).toHaveLength(20);
  });

  test('is for managers and admins', async () => {
    expect((await audit('', U_SOFIA)).text).toMatch(/^Only managers and admins can do this\./);
    expect((await audit('channel', U_MARIA)).text).toMatch(/^Only admins can do this\./);
    const { shown } = await world.slack.slash(U_MARIA, '/rescue', 'help audit');
    expect(shown?.text).toContain('`/rescue audit [lead anna|person anna|kind opted out|2026-11-01..2026-11-15]`');
  });

  test('escapes what people are called, and keeps to what Slack takes', async () => {
    await aLead('<!channel> *Evil*');
    const message = await audit('lead evil');
    expect(JSON.stringify(message.blocks)).not.toContain('<!channel>');
    expect(world.slack.violations).toEqual([]);
  });

  test('has words for every kind of event', () => {
    expect(Object.keys(EVENTS).filter((type) => !TOLD.includes(type as keyof typeof EVENTS))).toEqual([]);
  });
});

describe('the head of the log', () => {
  const ask = async () => {
    await requestWitnesses(world.database.db, world.clock.now());
    await world.effects();
  };
  const tuesday = new Date('2026-11-24T07:00:00Z');
  const turn = (at: Date) => world.clock.turnTo(at.getTime() - Date.now());
  const heads = (channel: string) =>
    world.slack
      .messages(channel)
      .map((message) => visibleText(message))
      .filter((text) => text.startsWith('*Audit log* of'));
  const admin = () => world.direct(U_ADMIN)[0]?.channel ?? world.slack.channel(U_ADMIN).id;

  test('is shown to an admin in the morning, once, with what is needed to check it', async () => {
    await seal();
    await ask();
    expect(heads(admin())).toEqual([]);
    turn(tuesday);
    await ask();
    await ask();
    const [text = '', ...more] = heads(admin());
    expect(more).toEqual([]);
    expect(text).toContain('*Audit log* of *Nordic Motors*\n');
    expect(text).toMatch(
      /\d+ events sealed in \d+ batches, the first one shown; the last at Mon 23 Nov 10:30:[0-5]\d\./,
    );
    expect(text).toContain(`Signed with \`${fingerprint(key.publicKey)}\``);

    const [, size, root] = /(\d+):([0-9a-f]{64})/.exec(text) ?? [];
    const witness = { size: Number(size), root: root ?? '', from: 'the channel' };
    const reports: LogReport[] = [];
    const trust = { keys: key.trusted, witnesses: [witness] };
    await verifyDatabase(world.database.db, [world.tenant], trust, (report) => reports.push(report));
    expect(reports).toMatchObject([{ findings: [], witnessed: 2 }]); // the one that was posted is remembered here too
  });

  test('goes to the channel that an admin chose, and says what was added', async () => {
    world.slack.addChannel('audit');
    const { shown } = await world.slack.slash(U_ADMIN, '/rescue', 'audit channel', { channel: 'audit' });
    expect(shown?.text).toContain('is shown in this channel every morning');
    turn(tuesday);
    await aLead('Frida Lund');
    await seal();
    turn(new Date('2026-11-25T07:30:00Z'));
    await ask();
    expect(heads('audit')).toHaveLength(1);
    expect(heads('audit')[0]).toMatch(/, \d+ events more than on Tue 24 Nov;/);
    expect(heads(admin())).toHaveLength(1);
  });

  test('is not shown again while nothing happens, and goes to an admin when the channel is gone', async () => {
    turn(new Date('2026-11-26T09:00:00Z'));
    await ask();
    expect(heads('audit')).toHaveLength(1);
    await aLead('Greta Ek');
    await seal();
    await world.change({ auditChannel: 'C0NOWHERE' });
    turn(new Date('2026-11-27T09:00:00Z'));
    await seal();
    await ask();
    expect(heads(admin())).toHaveLength(2);
    const { shown } = await world.slack.slash(U_ADMIN, '/rescue', 'audit channel off');
    expect(shown?.text).toContain("an admin's direct messages again");
  });
});
