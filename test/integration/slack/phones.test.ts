import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type SlackMessage, U_ADMIN, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { until } from '../../support/until.ts';

const PHONE = '+46709990003';

describe('linking a phone in Slack', () => {
  let world: LeadWorld;
  beforeAll(async () => {
    world = await openLeadWorld({ quiet: true, phones: true });
    await world.rooms.staff.found(world.tenant.id, world.admin);
  });
  afterAll(() => world.close());

  const phones = () => {
    if (!world.phones) throw new Error('no phones');
    return world.phones;
  };
  const shown = () => world.direct(U_ADMIN).at(-1);
  const words = () => {
    const message = shown();
    return message ? visibleText(message) : '';
  };
  async function whispered(text: string, user: string): Promise<SlackMessage> {
    const { shown: answer } = await world.slack.slash(user, '/rescue', text);
    if (!answer) throw new Error(`${text} showed nothing`);
    return answer;
  }
  const tended = async () => {
    await world.rooms.phones.tend();
    await world.effects();
  };

  test('says the risk once, and only admins link', async () => {
    expect(visibleText(await whispered('phone link', U_MARIA))).toContain('Only admins');
    const risk = await whispered('phone link', U_ADMIN);
    expect(visibleText(risk)).toContain('can be blocked for good');
    await world.slack.click(U_ADMIN, { message: risk }, 'phone_link');
    await until(async () => (await world.rooms.phones.list(world.admin)).length === 1, 'the phone');
  });

  test('the code comes as a picture, is replaced when it changes, and gives way to what became of it', async () => {
    await world.rooms.phones.tend();
    await until(() => phones().code, 'a code');
    await until(async () => {
      await world.effects();
      return world.slack.files().some((file) => !file.deleted);
    }, 'the picture');
    const [first] = world.slack.files();
    expect(
      Buffer.from(first?.bytes ?? [])
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
    expect(words()).toContain('Linked devices');
    const { ts } = shown() ?? {};

    phones().renewCode();
    await until(async () => {
      await world.effects();
      return world.slack.files().filter((file) => file.deleted).length === 1;
    }, 'the next picture');
    expect(shown()?.ts).toBe(ts);

    phones().scan(PHONE);
    await until(async () => {
      await world.effects();
      return words().includes('is linked');
    }, 'the good news');
    expect(shown()?.ts).toBe(ts);
    expect(world.slack.files().every((file) => file.deleted)).toBe(true);
    expect(JSON.stringify(shown())).not.toContain('slack_file');
  });

  test('the list says how much may leave; a loss and a log-out are told with what to do', async () => {
    expect(visibleText(await whispered('phone list', U_MARIA))).toContain(`${PHONE}*: linked, 0 of at most 1000`);
    expect(visibleText(await whispered('channels', U_ADMIN))).toMatch(
      /from \+46709990003 \(a linked phone\), at most \d+ a second · your own/,
    );
    expect(visibleText(await whispered('phone', U_SOFIA))).toContain('Only managers');
    phones().breakOff(PHONE);
    await until(async () => {
      await world.effects();
      return words().includes('lost its connection');
    }, 'the loss');
    await world.database.db.system.query('update linked_phones set retry_at = clock_timestamp()');
    await tended();
    await until(async () => {
      await world.effects();
      return words().includes('is linked');
    }, 'its end');
    phones().throwOut(PHONE);
    await until(async () => {
      await world.effects();
      return words().includes('was unlinked');
    }, 'the log-out');
    expect(words()).toContain('/rescue phone link');
    expect(words()).toContain('other senders');
    expect(world.slack.violations).toEqual([]);
  });

  test('a link that nobody wants any more is cancelled while its code waits', async () => {
    await world.slack.click(U_ADMIN, { message: await whispered('phone link', U_ADMIN) }, 'phone_link');
    await until(async () => {
      await tended();
      return words().includes('Linked devices');
    }, 'the code');
    const list = await whispered('phone list', U_ADMIN);
    expect(visibleText(list)).toContain('waits for its code to be scanned');
    await world.slack.click(U_ADMIN, { message: list }, 'phone_unlink');
    await until(async () => {
      await tended();
      return words().includes('was cancelled');
    }, 'its end');
    expect(world.slack.files().every((file) => file.deleted)).toBe(true);
    expect(world.slack.violations).toEqual([]);
  });

  test('where senders wait for a second person, a linked phone is used once one has agreed', async () => {
    const { changes } = world.rooms;
    await changes.make(world.admin, { patch: () => ({ approval: ['senders'] }) });
    await world.slack.click(U_ADMIN, { message: await whispered('phone link', U_ADMIN) }, 'phone_link');
    await until(async () => {
      await tended();
      return words().includes('Linked devices');
    }, 'the code');
    phones().scan(PHONE);
    const says = (what: string) =>
      until(async () => {
        await tended();
        return world.direct(U_ADMIN).some((each) => visibleText(each).includes(what));
      }, what);
    const decided = async (decision: 'approve' | 'refuse') => {
      const [waiting] = await changes.waiting(world.tenant.id);
      return waiting && changes.decide(world.maria, waiting.id, decision);
    };
    await says('Nothing leaves from it before a second person has agreed');
    await until(async () => {
      await tended();
      return world.direct(U_MARIA).some((each) => visibleText(each).includes(`${PHONE} by a linked phone`));
    }, 'the question');
    const refused = await decided('refuse');
    expect(refused?.state).toBe('refused');
    await says('linked.* It is not among your senders');

    const list = await whispered('phone list', U_ADMIN);
    expect(visibleText(list)).toContain('linked. It is not among your senders');
    await world.slack.click(U_ADMIN, { message: list }, 'phone_use');
    await until(async () => (await changes.waiting(world.tenant.id)).length === 1, 'the second question');
    await says('Nothing leaves from it before a second person has agreed');
    expect(visibleText(await whispered('phone list', U_ADMIN))).toContain('before a second person has agreed');
    const [phone] = await world.rooms.phones.list(world.admin);
    if (!phone) throw new Error('no phone');
    await expect(world.rooms.phones.use(world.admin, phone.id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(world.rooms.phones.use(world.maria, phone.id)).rejects.toMatchObject({ code: 'forbidden' });

    const { version } = (await decided('approve')) ?? {};
    await says('WhatsApp messages leave from it');
    const undo = await changes.undo(world.admin, version ?? 0);
    expect(undo.demands).toEqual([]);
    await changes.submit(world.admin, undo.id);
    await says('`/rescue phone list` puts it to use');
    expect(world.slack.violations).toEqual([]);
  });
});
