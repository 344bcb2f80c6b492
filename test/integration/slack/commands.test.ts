import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type SlackMessage, U_ADMIN, U_ERIK, U_SOFIA, visibleText } from '../../support/slack.ts';
import { startEdge, type TestEdge } from '../../support/slack-edge.ts';

let world: TestEdge;
beforeAll(async () => {
  world = await startEdge();
  await world.staff(U_SOFIA);
  await world.staff(U_ERIK);
});
afterEach(() => {
  expect(world.slack.violations).toEqual([]);
});
afterAll(() => world.stop());

/** What `/leads` or `/lead` shows somebody. */
async function shown(user: string, command: string, text = ''): Promise<SlackMessage> {
  const { shown } = await world.slack.slash(user, command, text);
  if (!shown) throw new Error(`${command} showed nothing`);
  return shown;
}

const names = (message: SlackMessage) =>
  (message.blocks ?? []).flatMap((block) =>
    block.type === 'section' && block.accessory ? [/\*(.+?)\*/.exec(block.text?.text ?? '')?.[1] ?? ''] : [],
  );

const phone = (n: number) => `+46 70 174 06 ${String(5 + n).padStart(2, '0')}`;

test('before the first lead, both say what to do', async () => {
  expect((await shown(U_SOFIA, '/leads')).text).toBe('No leads yet. Log the first one with `/drive`.');
  expect((await shown(U_SOFIA, '/lead', 'anna')).text).toContain('Nobody found for “anna” among your leads.');
});

describe('with leads of two salespeople', () => {
  beforeAll(async () => {
    for (let n = 0; n < 12; n++) await world.drive(U_SOFIA, `Kund ${phone(n)} Saab ${n}`, { name: `Kund ${n}` });
    await world.drive(U_SOFIA, `x ${phone(20)} BMW X5`, {
      name: 'Anna *Karlsson* <!channel>',
      email: 'anna.k@example.com',
    });
    await world.drive(U_ERIK, `Anna Svensson ${phone(21)} BMW i4`);
  });

  test('a salesperson sees their own, ten at a time', async () => {
    const first = await shown(U_SOFIA, '/leads');
    expect(names(first)).toHaveLength(10);
    expect(visibleText(first)).not.toContain('Anna Svensson');
    expect(visibleText(first)).toMatch(/logged by you \w{3} \d+ \w{3} \d\d:\d\d/);
    expect(visibleText(first)).toMatch(/New · next message|Contacted/);
    await world.slack.click(U_SOFIA, { message: first }, 'Show more');
    const second = await world.slack.waitFor(
      () => world.slack.ephemerals(U_SOFIA).find(({ text }) => text.startsWith('Your leads, earlier')),
      'the second page',
    );
    expect(names(second)).toEqual(['Kund 2', 'Kund 1', 'Kund 0']);
    expect(JSON.stringify(second.blocks)).not.toContain('leads_more');
  });

  test('a list between days goes on by what its button carries, or by the lead alone as buttons of before did', async () => {
    const list = await shown(U_SOFIA, '/leads', 'since:2020-01-01');
    const [, place = ''] = /"value":"([^" ]+) since:2020-01-01"/.exec(JSON.stringify(list)) ?? [];
    expect(place).toMatch(/^[0-9a-f-]{36}@\d{13}$/);
    for (const carried of [place, place.split('@')[0] ?? '']) {
      const before = world.slack.ephemerals(U_SOFIA).length;
      const asked = JSON.parse(JSON.stringify(list).replaceAll(place, carried));
      await world.slack.click(U_SOFIA, { message: asked }, 'Show more');
      const next = await world.slack.waitFor(() => world.slack.ephemerals(U_SOFIA)[before], 'the next page');
      expect(names(next)).toEqual(['Kund 2', 'Kund 1', 'Kund 0']);
    }
  });

  test('a manager sees all, and by whom', async () => {
    const list = await shown(U_ADMIN, '/leads');
    expect(visibleText(list)).toContain('Anna Svensson');
    expect(visibleText(list)).toContain('logged by Erik Holm');
    expect(list.text).toMatch(/^Leads, newest first:/);
  });

  test('a colleague never sees more by asking for another page', async () => {
    const { id } = await world.tenant();
    const [newest] = await world.db.inTenant(id, (tx) =>
      tx.query<{ id: string }>('select id from leads order by id desc limit 1'),
    );
    const list = await shown(U_SOFIA, '/leads');
    const forged = JSON.parse(JSON.stringify(list).replaceAll(/"value":"[^"]+"/g, `"value":"${newest?.id}"`));
    const before = world.slack.ephemerals(U_ERIK).length;
    await world.slack.click(U_ERIK, { message: { ...forged, ephemeral_to: undefined } }, 'Show more');
    const answer = await world.slack.waitFor(() => world.slack.ephemerals(U_ERIK)[before], 'an answer');
    expect(answer.text).toBe('Those were all.');
  });

  test.each([
    ['status:new,contacted saab', 10],
    ['email:yes', 1],
    ['email:no anna', 0],
    ['phone:yes email:yes bmw', 1],
    ['qualified:yes', 0],
    ['strategy:test-drive svensson', 0],
    ['since:2000-01-01 until:2000-12-31', 0],
    ['Status:NEW Email:YES since:2000-01-01', 1],
    ['source:google', 0],
  ])('/leads %s finds %i of her own', async (text, count) => {
    expect(names(await shown(U_SOFIA, '/leads', text))).toHaveLength(count);
  });

  test('filters go on with the next page, and what is not known says what there is', async () => {
    const first = await shown(U_SOFIA, '/leads', 'status:new,contacted kund');
    expect(first.text).toMatch(/^Your leads for “status:new,contacted kund”, newest first:/);
    const before = world.slack.ephemerals(U_SOFIA).length;
    await world.slack.click(U_SOFIA, { message: first }, 'Show more');
    const second = await world.slack.waitFor(() => world.slack.ephemerals(U_SOFIA)[before], 'the second page');
    expect(names(second)).toEqual(['Kund 1', 'Kund 0']);
    for (const [text, words] of [
      ['colour:red', 'There is no filter `colour:`. Write it like this: /leads [name'],
      ['status:sold', 'There is no status “sold”. Choose of: new, '],
      ['band:hottest', 'There is no band “hottest”. Choose of: '],
      ['email:maybe', 'Write `email:yes` or `email:no`.'],
      ['since:yesterday', 'Write a day as `since:2026-11-01`.'],
    ] as const)
      expect((await shown(U_SOFIA, '/leads', text)).text).toContain(words);
    expect((await shown(U_SOFIA, '/leads', 'band:critical')).text).toContain('Nobody found for “band:critical” among');
  });

  test("people's words are shown, and ring nobody", async () => {
    const list = await shown(U_SOFIA, '/leads');
    expect(JSON.stringify(list)).toContain('&lt;!channel&gt;');
    expect(JSON.stringify(list)).not.toContain('<!channel>');
  });

  test.each([
    ['anna', 1],
    ['ANNA karl', 1],
    ['bmw', 1],
    ['saab', 10],
    ['070-174 06 25', 1],
    ['+46 70 174 06 25', 1],
    ['0625', 1],
    ['anna.k@example.com', 1],
    ['kund 11', 1],
    ['svensson', 0],
    ['anna nilsson', 0],
  ])('/lead %s finds %i of her own', async (text, count) => {
    expect(names(await shown(U_SOFIA, '/lead', text))).toHaveLength(count);
  });

  test('/lead finds everybody for a manager', async () => {
    expect(names(await shown(U_ADMIN, '/lead', 'anna'))).toEqual(['Anna Svensson', 'Anna ∗Karlsson∗ &lt;!channel&gt;']);
  });

  test('each lead has a button that carries its id alone', async () => {
    const list = await shown(U_ERIK, '/lead', 'anna');
    const { id } = await world.tenant();
    const [lead] = await world.db.inTenant(id, (tx) =>
      tx.query<{ id: string }>(
        `select l.id from leads l join persons p on p.id = l.person_id where p.name = 'Anna Svensson'`,
      ),
    );
    expect(JSON.stringify(list.blocks)).toContain(`"value":"${lead?.id}","action_id":"lead_open"`);
  });

  test('more than ten matches are cut, and it is said', async () => {
    expect(visibleText(await shown(U_SOFIA, '/lead', 'saab'))).toContain('Only the newest 10 are shown.');
  });

  test('words that nobody has are quoted without harm', async () => {
    expect((await shown(U_SOFIA, '/lead', '&lt;!channel&gt; zzz')).text).toContain(
      'Nobody found for “&lt;!channel&gt; zzz”',
    );
  });
});
