import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { answer, readConversations } from '../../src/rehearse-command.ts';
import { CONVERSATIONS } from '../support/rehearsal.ts';

const NOW = new Date('2026-10-20T08:30:12.345Z');
const FRIDAY = ['--start', '2026-10-23T17:50'];
const shipped = readConversations(CONVERSATIONS); // these do not change while they are asked about
const read = (dir: string) => (dir === CONVERSATIONS ? shipped : readConversations(dir));
const run = (...args: string[]) => answer(args, NOW, CONVERSATIONS, read);

describe('npm run rehearse', () => {
  test('the timeline as a table, over the change of the clock, with a reply', async () => {
    const { code, out, err } = await run('test-drive', ...FRIDAY, '--reply-on', '5');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(
      `Test drive, rehearsed for Anna in Europe/Stockholm, in Swedish (sv), logged Fri 23 Oct 2026 17:50 +02:00

Day  Local time                     Channel   Sent as   Words
  0  Fri 23 Oct 2026 17:50  +02:00  WhatsApp  template  Hej Anna! Tack för att du kom och provkörde BMW X5 hos oss på Nordic Mo…
  2  Sun 25 Oct 2026 10:00  +01:00  WhatsApp  template  Hej Anna, det här är Sofia på Nordic Motors. Har du kommit att tänka på…
  5  Wed 28 Oct 2026 12:00  +01:00                      Anna replies: the follow-up ends, 2 planned messages are cancelled.
  7  Fri 30 Oct 2026 10:00  +01:00                      not sent: the customer replied, so the follow-up ended
 14  Fri 6 Nov 2026 10:00   +01:00                      not sent: the customer replied, so the follow-up ended

No problem. 186 plans checked: 5 languages (en, sv, de, es, hi), 8 zones, start times around nights, weekends, changes of the clock and New Year.
Every file is sound, of corporate-travel, home-services, test-drive: plan, texts, forms, canned answers, how the agent talks.
`,
    );
  });

  test('says why a message leaves later, and why by another channel', async () => {
    const { out } = await run('test-drive', '--zone', 'new york', ...FRIDAY);
    expect(out.split('\n').slice(3, 7)).toEqual([
      '  0  Fri 23 Oct 2026 17:50  -04:00  WhatsApp  template       Hi Anna, thank you for test driving the BMW X5 with us at Nordic Motors…',
      '  2  Mon 26 Oct 2026 09:00  -04:00  SMS       text, 2 parts  Hi Anna, this is Sofia at Nordic Motors. Has anything come up since you…',
      "                                                             (later than Sun 25 Oct 2026 10:00: it waits for the customer's send hours)",
      '                                                             (not by WhatsApp: WhatsApp does not deliver marketing to US numbers)',
    ]);
  });

  test('what follows a stage is shown with what begins it, and a step of some scores with their range', async () => {
    const { out } = await run('home-services', ...FRIDAY, '--lang', 'en');
    const [, proposal = '', later = ''] = out.split('When the lead enters ');
    expect(proposal).toMatch(/^“Proposal sent”, until it moves on:\n\nDay .*\n {2}3 {2}Mon 26 Oct 2026 10:00/);
    expect(proposal).toContain('  7  Fri 30 Oct 2026 10:00');
    expect(later).toMatch(/^“Later”, until it moves on:\n\nDay .*\n *30 {2}/);
    const corporate = await run('corporate-travel', ...FRIDAY, '--lang', 'en');
    expect(corporate.out).toContain('(only with a score of 60 to 79 (warm) or 80 to 100 (hot))');
    expect(corporate.out).toContain('(only for service: corporate or airport or hourly)');
    expect(corporate.out).not.toContain('When the lead enters');
  });

  test.each(shipped.all.map(({ key }) => key))('finds no fault in %s as it is shipped', async (playbook) => {
    expect(await run(playbook, ...FRIDAY)).toMatchObject({ code: 0, out: expect.stringContaining('\nNo problem. ') });
  });

  test('says where the law leaves no way to a number alone; to a customer there it is a problem', async () => {
    const { out } = await run('home-services', ...FRIDAY);
    expect(out).toContain(
      'Not reached in Asia/Kolkata: whoever gives a number alone. SMS to India needs a text registered with the operators, which is not offered: use WhatsApp or e-mail (`cadence.channels`, or a required field for an address).\n',
    );
    expect(JSON.parse((await run('home-services', ...FRIDAY, '--json')).out)).toMatchObject({
      problems: [],
      unreached: ['Asia/Kolkata'],
    });
    const there = await run('home-services', ...FRIDAY, '--zone', 'Asia/Kolkata');
    expect(there).toMatchObject({ code: 1, out: expect.stringContaining('day_0 does not leave: SMS to India needs') });
    expect(there.out).not.toContain('Not reached');
  });

  test('as JSON, with whole texts', async () => {
    const { code, out } = await run('test-drive', ...FRIDAY, '--lang', 'en', '--opt-out-on', '1', '--json');
    const { timeline, ...rest } = JSON.parse(out);
    expect(code).toBe(0);
    expect(rest).toEqual({
      playbook: 'test-drive',
      cadence: 'test-drive-14',
      start: '2026-10-23T17:50:00+02:00',
      customer: { name: 'Anna', phone: '+46701234567', zone: 'Europe/Stockholm', language: 'en' },
      failure: null,
      problems: [],
      unreached: [],
      checked: {
        plans: 186,
        languages: ['en', 'sv', 'de', 'es', 'hi'],
        zones: expect.arrayContaining(['Asia/Kolkata']),
      },
    });
    expect(timeline.slice(0, 4)).toEqual([
      {
        kind: 'step',
        day: 0,
        at: '2026-10-23T17:50:00+02:00',
        weekday: 'Friday',
        step: 'day_0',
        asked: '2026-10-23T17:50:00+02:00',
        state: 'sent',
        template: 'drive_thanks',
        language: 'en',
        channel: 'whatsapp',
        form: 'template',
        text: expect.stringMatching(
          /^Hi Anna, [^…]+reply STOP or open https:\/\/leads\.example\/o\/[\w-]{35} at any time\.$/,
        ),
        notes: [],
      },
      {
        kind: 'opt_out',
        day: 1,
        at: '2026-10-24T12:00:00+02:00',
        weekday: 'Saturday',
        cancelled: 3,
        words:
          'Anna asks in their own words to be left alone: nothing more goes to them on any channel, 3 planned messages are cancelled',
      },
      {
        kind: 'notice',
        at: '2026-10-24T12:00:00+02:00',
        weekday: 'Saturday',
        state: 'sent',
        template: 'opt_out_confirmation',
        language: 'en',
        channel: 'whatsapp',
        form: 'free_text',
        text: 'Done, you will get no more messages from Nordic Motors. If you change your mind, reply START.',
      },
      {
        kind: 'step',
        day: 2,
        at: '2026-10-25T10:00:00+01:00',
        weekday: 'Sunday',
        step: 'day_2',
        asked: '2026-10-25T10:00:00+01:00',
        state: 'cancelled',
        template: 'drive_follow_up_1',
        language: 'en',
        reason: 'opted_out',
        words: 'not sent: the customer opted out',
        notes: [],
      },
    ]);
  });

  test('without words: the standard playbook, in Stockholm, now to the minute', async () => {
    const { out } = await run();
    expect(out.split('\n')[0]).toBe(
      'Test drive, rehearsed for Anna in Europe/Stockholm, in Swedish (sv), logged Tue 20 Oct 2026 10:30 +02:00',
    );
  });

  test.each([['--unapproved'], ['--channel=sms']])('%s: SMS stands in, which is no problem', async (option) => {
    const { code, out } = await run('test-drive', ...FRIDAY, option);
    expect(code).toBe(0);
    expect(out.match(/ SMS {2}/g)).toHaveLength(4);
    expect(out).not.toContain('template ');
  });

  test('a message that cannot leave is a problem, exit code 1', async () => {
    const { code, out } = await run('test-drive', ...FRIDAY, '--zone', 'Asia/Kolkata', '--unapproved');
    expect(code).toBe(1);
    expect(out).toContain('4 problems:');
    expect(out).toContain(
      '  test-drive/playbook.yaml cadence.steps[1]: day_2 does not leave: WhatsApp needs an approved',
    );
  });

  test('the same question twice has the same answer', async () => {
    const question = ['test-drive', ...FRIDAY, '--opt-out-on', '3', '--json'];
    expect(await run(...question)).toEqual(await run(...question));
  });
});

describe('what is not understood is answered with the choices, exit code 2', () => {
  test.each([
    [['test-drvie'], /There is no playbook "test-drvie"\. There are: corporate-travel, home-services, test-drive\./],
    [['test-drive', 'campaign'], /One playbook at a time/],
    [['--zone', 'Europe/Stokholm'], /no time zone "Europe\/Stokholm".* Such as: Europe\/Stockholm,/],
    [['--zone', 'UTC'], /no time zone "UTC" that a mobile number tells\. Such as: Europe\/Stockholm/],
    [['--lang', 'fr'], /not written in "fr"\. There are: en, sv, de, es, hi\./],
    [['--start', '2026-02-30T10:00'], /--start 2026-02-30T10:00 is no local time\. Write it like 2026-10-23T17:50\./],
    [['--start', '2026-10-23T25:00'], /is no local time/],
    [['--reply-on', 'friday'], /--reply-on takes a day from 0 to 365/],
    [['--reply-on', '5', '--opt-out-on', '6'], /Choose one of --reply-on and --opt-out-on/],
    [['--channel', 'fax'], /There are: whatsapp, sms, email/],
    [['--languge', 'sv'], /Unknown option '--languge'[\s\S]*Usage: npm run rehearse/],
  ])('%j', async (args, words) => {
    const { code, out, err } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(words);
  });

  test('--help', async () => {
    expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: npm run rehearse/) });
  });
});

describe('playbooks that break a rule fail, exit code 1', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });
  function changed(file: string, from: string | RegExp, to: string): string {
    const dir = mkdtempSync(join(tmpdir(), 'rehearse-'));
    folders.push(dir);
    cpSync(CONVERSATIONS, dir, { recursive: true });
    const path = join(dir, 'test-drive', file);
    const before = readFileSync(path, 'utf8');
    const after = before.replace(from, to);
    if (after === before) throw new Error(`nothing to change in ${file}`);
    writeFileSync(path, after);
    return dir;
  }

  test('a step at night', async () => {
    const dir = changed('playbook.yaml', 'key: day_7, day: 7,', 'key: day_7, day: 7, at: "22:00",');
    const { code, out } = await run('test-drive', '--dir', dir, ...FRIDAY);
    expect(code).toBe(1);
    expect(out).toContain(`1 problem:
  test-drive/playbook.yaml cadence.steps[2]: day_7 asks for 22:00, outside the send hours 09:00-20:00, so it always waits for the next opening
`);
  });

  test('two steps on one day: one plan is named in which it shows', async () => {
    const dir = changed(
      'playbook.yaml',
      /(- \{ key: day_2, .*\})/,
      '$1\n    - { key: again, day: 2, at: "15:00", template: drive_follow_up_2 }',
    );
    const { code, out } = await run('test-drive', '--dir', dir, ...FRIDAY);
    expect(code).toBe(1);
    expect(out).toMatch(
      /cadence\.steps\[2\]: again is less than 12 hours after day_2, so it leaves later than planned/,
    );
  });

  test('texts that are missing or wrong are named by file and language, before anything is played', async () => {
    const dir = changed('templates/hi.yaml', /drive_follow_up_2: >-[\s\S]*?\n\n/, '');
    const { code, out } = await run('test-drive', '--dir', dir, ...FRIDAY);
    expect(code).toBe(1);
    expect(out).toBe(`1 problem in the playbooks:
  test-drive/templates/hi.yaml templates.drive_follow_up_2: is missing in this language
`);
    const json = await run('test-drive', '--dir', dir, '--json');
    expect(JSON.parse(json.out)).toEqual({
      problems: [
        { where: 'test-drive/templates/hi.yaml templates.drive_follow_up_2', message: 'is missing in this language' },
      ],
    });
  });
});
