import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newId, type PersonId } from '../../../src/lib/ids.ts';
import { optOutToken } from '../../../src/people/index.ts';
import { enrolmentState, plan } from '../../support/facts.ts';
import { openEdge, type TestEdge } from './open-edge.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('the opt-out link', () => {
  let edge: TestEdge;
  let serial = 0;
  beforeAll(async () => {
    edge = await openEdge();
  });
  afterAll(() => edge.close());

  /** A customer of their own for each test. */
  const drive = () => edge.drive({ phone: `+4670123${String(1000 + serial++)}`, name: 'Anna Karlsson' });

  const post = (link: string, body?: string | FormData, headers: Record<string, string> = {}) => {
    const form = typeof body === 'string' ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
    const init = {
      method: 'POST',
      redirect: 'manual',
      headers: { ...form, ...headers },
      ...(body && { body }),
    } as const;
    return fetch(edge.origin + link, init);
  };
  const optedOut = (personId: PersonId) =>
    edge.value<boolean>('select opted_out_at is not null from persons where id = $1', [personId]);
  const stops = (personId: PersonId) =>
    edge.value<number>(`select count(*) from events where type = 'person.opted_out' and person_id = $1`, [personId]);

  test('COMPLIANCE T5.1 stops everything on a POST without cookies, and a repeat is harmless', async () => {
    const { link, personId, leadId } = await drive();
    const first = await post(link, 'action=stop');
    expect(first.status).toBe(200);
    expect(await first.text()).toContain('Klart. Nordic Motors skriver inte till dig igen.');
    expect(await optedOut(personId)).toBe(true);
    expect(await enrolmentState(edge.world, leadId)).toBe('opted_out');
    expect((await plan(edge.world, leadId)).every((line) => line.includes('cancelled opted_out'))).toBe(true);

    const again = await post(link, 'action=stop');
    expect(again.status).toBe(200);
    expect(await again.text()).toContain('Klart.');
    expect(await stops(personId)).toBe(1);
  });

  test.each([
    ['url-encoded', () => 'List-Unsubscribe=One-Click'],
    [
      'multipart',
      () => {
        const form = new FormData();
        form.set('List-Unsubscribe', 'One-Click');
        return form;
      },
    ],
  ])('COMPLIANCE T5.1 takes a mail program’s one-click, %s, and answers 200 without redirect', async (_kind, body) => {
    const { link, personId } = await drive();
    for (const _time of ['first', 'again']) {
      const answer = await post(link, body());
      expect([answer.status, await answer.text(), answer.headers.get('location')]).toEqual([200, '', null]);
    }
    expect(await optedOut(personId)).toBe(true);
    expect(await stops(personId)).toBe(1);
  });

  test('stops on a POST that says nothing at all', async () => {
    const { link, personId } = await drive();
    expect((await post(link)).status).toBe(200);
    expect(await optedOut(personId)).toBe(true);
  });

  test('COMPLIANCE T5.2 changes nothing on GET and HEAD', async () => {
    const { link, personId, leadId } = await drive();
    const before = await edge.value<number>('select count(*) from events');
    const page = await fetch(edge.origin + link);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Stoppa alla meddelanden');
    expect((await fetch(edge.origin + link, { method: 'HEAD' })).status).toBe(200);
    expect(await optedOut(personId)).toBe(false);
    expect(await enrolmentState(edge.world, leadId)).toBe('active');
    expect(await edge.value<number>('select count(*) from events')).toBe(before);
  });

  test('COMPLIANCE T5.3 says the same to an altered link as to one of nobody, and changes nothing', async () => {
    const { link, personId } = await drive();
    const altered = link.slice(0, -3) + (link.endsWith('AAA') ? 'BBB' : 'AAA');
    const nobody = `/o/${optOutToken(edge.world.rooms.linkKey, newId<PersonId>())}`;
    const withoutNonce = (text: string) => text.replace(/nonce="[^"]*"/g, '');
    const texts = new Set<string>();
    for (const path of [altered, nobody, '/o/x', '/o/%F0%9F%98%80']) {
      for (const method of ['GET', 'POST']) {
        const answer = await fetch(edge.origin + path, { method });
        expect(answer.status).toBe(404);
        texts.add(withoutNonce(await answer.text()));
      }
    }
    expect(texts.size).toBe(1);
    expect([...texts].join()).not.toMatch(/Nordic|Anna/);
    expect(await optedOut(personId)).toBe(false);
  });

  test('COMPLIANCE T4.2 works 400 days later', async () => {
    const { link, personId } = await drive();
    const { clock } = edge.world;
    const offset = clock.offsetMs;
    clock.turnTo(offset + 400 * DAY_MS);
    expect((await post(link, 'action=stop')).status).toBe(200);
    clock.turnTo(offset);
    expect(await optedOut(personId)).toBe(true);
  });

  test('shows somebody who has stopped that it was done, and a way back', async () => {
    const { link } = await drive();
    await post(link, 'action=stop');
    expect(await (await fetch(edge.origin + link)).text()).toContain('Det var redan gjort.');
  });

  test('lets the person back in by their own press, keeps the words as proof, and is then used again', async () => {
    const phone = '+46709990001';
    const { link, personId } = await edge.drive({ phone });
    await post(link, 'action=stop');
    await expect(edge.drive({ phone })).rejects.toMatchObject({ code: 'opted_out' });

    for (const _time of ['first', 'again']) {
      const answer = await post(link, 'action=start');
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('Välkommen tillbaka.');
    }
    const proofs = await edge.world.database.db.system.query(
      `select channels, text, language, source from consents where person_id = $1 and withdrawn_at is null`,
      [personId],
    );
    const text = 'Jag har ändrat mig: Då får Nordic Motors skriva till dig igen.';
    expect(proofs).toEqual([{ channels: ['whatsapp', 'sms', 'email'], text, language: 'sv', source: 'link' }]);
    const back = `select count(*) from events where type = 'person.opted_in' and person_id = $1`;
    expect(await edge.value<number>(back, [personId])).toBe(3);
    const told = `select count(*) from effects where kind = 'staff.tell' and data->>'what' = 'opted_in'`;
    expect(await edge.value<number>(told)).toBe(1);

    const { leadId } = await edge.drive({ phone });
    await edge.world.settle();
    expect((await plan(edge.world, leadId))[0]).toMatch(/^day_0 sms (sent|delivered)/);
  });

  test('says that one message may have left when a request does not settle', async () => {
    const { link, personId, leadId } = await drive();
    const first = `(select id from messages where lead_id = '${leadId}' order by due_at limit 1)`;
    await edge.value(`update messages set state = 'sending' where id = ${first}`);
    const answer = await post(link, 'action=stop');
    expect(await answer.text()).toContain('Ett meddelande kan just ha gått iväg.');
    expect(await optedOut(personId)).toBe(true);
  });

  test.each([
    ['a body that is too large', 'POST', `action=stop&x=${'a'.repeat(20_000)}`, {}, 413],
    ['a compressed body', 'POST', 'action=stop', { 'content-encoding': 'gzip' }, 415],
    [
      'a broken multipart body',
      'POST',
      '--x\r\nnot a part',
      { 'content-type': 'multipart/form-data; boundary=x' },
      400,
    ],
    ['multipart without its boundary', 'POST', 'action=stop', { 'content-type': 'multipart/form-data' }, 400],
    ['another method', 'PUT', 'action=stop', {}, 405],
    ['a word we do not know', 'POST', 'action=maybe', {}, 200],
  ])('leaves %s without effect', async (_what, method, body, headers, status) => {
    const { link, personId } = await drive();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await fetch(edge.origin + link, { method, body, headers: { ...type, ...headers } });
    expect(answer.status).toBe(status);
    expect(await optedOut(personId)).toBe(false);
  });

  test('refuses nobody, however much is guessed from the same address', async () => {
    const guesses: number[] = [];
    for (let i = 0; i < 70; i++) guesses.push((await fetch(`${edge.origin}/o/guess${i}`)).status);
    expect(guesses.at(-1)).toBe(429);
    const { link, personId } = await drive();
    expect((await post(link, 'List-Unsubscribe=One-Click')).status).toBe(200);
    expect(await optedOut(personId)).toBe(true);
  });
});
