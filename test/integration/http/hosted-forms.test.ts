import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signedToken } from '../../../src/lib/signed-links.ts';
import type { Form, Staff } from '../../../src/tenants/index.ts';
import { openEdge, type TestEdge } from './open-edge.ts';

let edge: TestEdge;
let boss: Staff;
let form: Form;
beforeAll(async () => {
  edge = await openEdge();
  boss = await edge.world.hire('Maria Berg', 'admin');
  ({ form } = await edge.world.rooms.forms.make(boss, { name: 'Resor åt företag', playbook: 'corporate-travel' }));
});
afterAll(() => edge.close());

const count = (sql: string, ...values: unknown[]) => edge.value<number>(`select count(*) as n ${sql}`, values);
const get = (path: string, headers: Record<string, string> = {}) => fetch(edge.origin + path, { headers });
const submitTo = `/api/forms/`;

/** A token as a page carries it that was opened so long ago, in ms. */
function token(age = 60_000, of: Form = form): string {
  const hex = (Date.now() - age).toString(16).padStart(12, '0');
  const random = Math.random().toString(16).slice(2, 14).padEnd(12, '0');
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${random}`;
  return signedToken(edge.world.rooms.linkKey, `form/${of.id}`, uuid);
}

const versionOf = async (lang: string) => {
  const { playbooks } = edge.world.rooms;
  return playbooks.get('corporate-travel').consent(lang).version;
};

let people = 0;
const someone = () => {
  people++;
  return { name: 'Åsa Öst', email: `asa${people}@acme${people}.io`, lang: 'sv' };
};

/** What a browser posts from the page, without JavaScript. */
const send = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${edge.origin}${submitTo}${form.slug}/submit`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: 'null', ...headers },
    body: new URLSearchParams({ token: token(), ...fields }),
  });

describe('the page of a form', () => {
  test('asks in the visitor’s language, with the consent and its version, and labels for everything', async () => {
    const answer = await get(`/f/${form.slug}`, { 'accept-language': 'sv-SE,sv;q=0.9' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    const page = await answer.text();
    expect(page).toContain('<html lang="sv"');
    const version = await versionOf('sv');
    expect(page).toContain(`value="${version}"`);
    expect(page.replace(/<[^>]*>/g, '')).not.toContain(version); // goes with the form, and is nothing for people to read
    expect(page).toContain('Nordic Motors följer upp min förfrågan');
    const ids = [...page.matchAll(/<(?:input|select|textarea) [^>]*id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(9);
    for (const id of ids) expect(page).toContain(`<label for="${id}"`);
    expect(await (await get(`/f/${form.slug}?lang=de`)).text()).toContain('<html lang="de"');
  });

  test('makes a lead with the consent in the words that were shown, and says thanks', async () => {
    const fields = { ...someone(), consent: 'on', consent_version: await versionOf('sv'), group_size: '8' };
    const answer = await send(fields);
    expect(answer.status).toBe(303);
    const thanks = await get(answer.headers.get('location') ?? '');
    expect(await thanks.text()).toContain('Tack, Nordic Motors har fått det.');
    const [lead] = await edge.world.database.db.system.query<{ id: string; source: string; language: string }>(
      `select l.id, l.source, p.language from leads l join persons p on p.id = l.person_id
       join addresses a on a.person_id = p.id where a.value = $1`,
      [fields.email],
    );
    expect(lead).toMatchObject({ source: 'form:resor-at-foretag', language: 'sv' });
    expect(await edge.value('select text_version from consents where lead_id = $1', [lead?.id])).toBe(
      await versionOf('sv'),
    );
  });

  test('shows what is wrong at its field, on top as links, with what was typed kept and harmless', async () => {
    const stored = await count('from webhook_log');
    const answer = await send({
      name: '',
      email: 'nope',
      message: '<script>x</script>',
      lang: 'en',
      group_size: 'many',
    });
    expect(answer.status).toBe(400);
    const page = await answer.text();
    expect(page).toContain('<title>Error: ');
    for (const key of ['name', 'email', 'group_size']) {
      expect(page).toContain(`href="#f-${key}"`);
      expect(page).toMatch(new RegExp(`id="f-${key}"[^>]*aria-invalid="true" aria-describedby="[^"]*f-${key}-wrong`));
    }
    expect(page).toContain('&lt;script&gt;x&lt;/script&gt;');
    expect(page).not.toContain('<script>x');
    expect(page).toContain('value="nope"');
    expect(await count('from webhook_log')).toBe(stored);
  });

  test.each([
    ['too fast', () => token(-60_000)],
    ['without a token', () => ''],
    ['with the token of long ago', () => token(25 * 3_600_000)],
  ])('sent %s it asks once more, and keeps what was typed', async (_, made) => {
    const leads = await count('from leads');
    const answer = await send({ ...someone(), token: made() });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('Åsa Öst');
    expect(await count('from leads')).toBe(leads);
  });

  test('whoever fills in what people do not see is thanked, and nothing happens', async () => {
    const leads = await count('from leads');
    expect((await send({ ...someone(), homepage: 'https://spam.example' })).status).toBe(303);
    expect(await count('from leads')).toBe(leads);
  });

  test('COMPLIANCE T10.2 a browser’s Global Privacy Control is kept with the enquiry', async () => {
    for (const [headers, kept] of [
      [{ 'sec-gpc': '1' }, 'true'],
      [{}, undefined],
    ] as const) {
      expect((await send(someone(), headers)).status).toBe(303);
      const id = await edge.value<string>(
        `select id from webhook_log where source = 'enquiry' order by received_at desc limit 1`,
      );
      const stored = await edge.world.rooms.webhooks.body(id ?? '');
      expect(JSON.parse(stored?.payload ?? '{}').gpc).toBe(kept);
    }
  });

  test('agreed to other words than those that count now: they are shown before anything is taken', async () => {
    const leads = await count('from leads');
    const answer = await send({ ...someone(), consent: 'on', consent_version: 'corporate-travel-1/sv/old' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toContain(' checked');
    expect(await count('from leads')).toBe(leads);
  });

  test('pressed twice at once it is one lead and one enquiry', async () => {
    const fields = { ...someone(), token: token() };
    const answers = await Promise.all([send(fields), send(fields), send(fields)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
    const lead = await edge.value<string>(
      'select l.id from leads l join addresses a on a.person_id = l.person_id where a.value = $1',
      [fields.email],
    );
    expect(await count('from leads l join leads o on o.person_id = l.person_id where l.id = $1', lead)).toBe(1);
    expect(await count('from enquiries where lead_id = $1', lead)).toBe(0);
  });
});

describe('programs and other websites', () => {
  const json = (payload: object, headers: Record<string, string> = {}) =>
    fetch(`${edge.origin}${submitTo}${form.slug}/submit`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(payload),
    });

  test('JSON is answered with JSON; problems have pointers', async () => {
    expect((await json({ ...someone(), consent: true })).status).toBe(202);
    const wrong = await json({ name: '', email: 'x' });
    expect(wrong.status).toBe(400);
    expect(wrong.headers.get('content-type')).toContain('application/problem+json');
    const { errors } = (await wrong.json()) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual(['/email', '/name']);
  });

  test('only websites that were named may show it or send to it', async () => {
    const site = 'https://www.northline.example';
    expect((await json(someone(), { origin: site })).status).toBe(403);
    expect((await send(someone(), { origin: site })).status).toBe(404);
    const { forms } = edge.world.rooms;
    await expect(forms.change(boss, form.id, { name: form.name, origins: ['http://x.example'] })).rejects.toThrow();
    await forms.change(boss, form.id, { name: 'Resor', origins: [`${site}/contact`] });
    const answer = await json(someone(), { origin: site });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([202, site]);
    const asked = await fetch(`${edge.origin}${submitTo}${form.slug}/submit`, {
      method: 'OPTIONS',
      headers: { origin: site },
    });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, site]);
    const page = await get(`/f/${form.slug}`);
    expect(page.headers.get('content-security-policy')).toContain(`frame-ancestors ${site}`);
    expect(page.headers.get('x-frame-options')).toBeNull();
    expect((await json(someone(), { origin: 'https://other.example' })).status).toBe(403);
  });

  test('a form that was closed, and one that never was', async () => {
    const { forms } = edge.world.rooms;
    const made = await forms.make(boss, { name: 'Soon gone', playbook: 'home-services' });
    expect((await get(`/f/${made.form.slug}`)).status).toBe(200);
    await forms.revoke(boss, made.form.id);
    expect((await get(`/f/${made.form.slug}`)).status).toBe(404);
    expect((await get('/f/nothing-here')).status).toBe(404);
    const drive = await forms.make(boss, { name: 'Drives', playbook: 'test-drive' });
    const titles = [
      'Register your test drive',
      'Anmäl din provkörning',
      'Ihre Probefahrt',
      'Registre su prueba',
      'टेस्ट ड्राइव',
    ];
    for (const [index, lang] of ['en', 'sv', 'de', 'es', 'hi'].entries()) {
      const page = await get(`/f/${drive.form.slug}?lang=${lang}`);
      expect({ lang, status: page.status, title: (await page.text()).includes(titles[index] ?? '') }).toEqual({
        lang,
        status: 200,
        title: true,
      });
    }
  });
});
