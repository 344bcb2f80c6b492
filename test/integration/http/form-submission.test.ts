import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import { newId } from '../../../src/lib/ids.ts';
import { suppressionHash } from '../../../src/people/index.ts';
import type { Staff } from '../../../src/tenants/index.ts';
import { openEdge, type TestEdge } from './open-edge.ts';

let edge: TestEdge;
let boss: Staff;
beforeAll(async () => {
  edge = await openEdge();
  boss = await edge.world.hire('Maria Berg', 'admin');
});
afterAll(() => edge.close());

const submit = (payload: object | string, headers: Record<string, string> = {}) =>
  fetch(`${edge.origin}/webhooks/form-submission`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });

let people = 0;
/** Somebody nobody knows yet, with everything that counts. */
const someone = (changes: object = {}) => {
  people++;
  return {
    name: 'Jo Ek',
    email: `jo${people}@acme${people}.io`,
    phone: `+4670123${String(people).padStart(4, '0')}`,
    serviceType: 'Corporate',
    estimatedValue: 900,
    groupSize: 8,
    consent: true,
    ...changes,
  };
};
const leadOf = async (answer: Response): Promise<LeadId> => {
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { lead: { id: LeadId } }).lead.id;
};
const count = (sql: string, ...values: unknown[]) => edge.value<number>(`select count(*) as n ${sql}`, values);
const templates = async (id: LeadId) => {
  const rows = await edge.world.database.db.system.query<{ t: string }>(
    `select step_key || ' ' || template_key as t from messages where lead_id = $1 order by due_at`,
    [id],
  );
  return rows.map(({ t }) => t);
};

describe('an enquiry of a form', () => {
  test('becomes a scored lead with its answer and its sequence; the raw webhook is kept sealed', async () => {
    const stored = (await count(`from webhook_log where source = 'enquiry'`)) ?? 0;
    const id = await leadOf(await submit(someone()));
    expect(await edge.value('select playbook from leads where id = $1', [id])).toBe('corporate-travel');
    // company by the address 10, value 20, service 25, passengers 15
    expect(await edge.value('select points from scores where lead_id = $1', [id])).toBe(70);
    expect(await templates(id)).toEqual([
      'day_0 inquiry_answer',
      'day_3 inquiry_details',
      'day_7 inquiry_offer',
      'day_14 inquiry_last',
    ]);
    expect(await count('from consents where lead_id = $1', id)).toBe(1);
    expect(await count(`from webhook_log where source = 'enquiry' and state = 'done'`)).toBe(stored + 1);
    const raw = await edge.value<Buffer>(
      `select body from webhook_log where source = 'enquiry' order by received_at desc limit 1`,
    );
    expect(raw?.toString('latin1')).not.toContain('Jo Ek');
  });

  test.each([
    ['nothing but a name and an address', { name: 'Jo', email: 'plain@example.com' }, 0, ['day_0 inquiry_received']],
    ['40 to 59', { ...someone(), groupSize: 1, estimatedValue: 100, consent: true }, 50, ['day_0 inquiry_answer']],
    ['without a consent only the answer', { ...someone(), consent: false }, 70, ['day_0 inquiry_answer']],
  ])('%s', async (_, payload, points, planned) => {
    const id = await leadOf(await submit(payload));
    expect(await edge.value('select points from scores where lead_id = $1', [id])).toBe(points);
    expect(await templates(id)).toEqual(planned);
  });

  test('as a browser sends a form, url-encoded and multipart', async () => {
    const { phone, email } = someone();
    const fields = { name: 'Åsa Öst', phone, email, estimated_value: '1 500 kr', consent: 'on' };
    const url = `${edge.origin}/webhooks/form-submission`;
    const id = await leadOf(await fetch(url, { method: 'POST', body: new URLSearchParams(fields) }));
    expect(await edge.value(`select fields->>'value' from leads where id = $1`, [id])).toBe('1500');
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    expect(await leadOf(await fetch(url, { method: 'POST', body: form }))).toBe(id);
  });

  test('asked again it is merged: one lead, newest words, history kept, thanked once', async () => {
    const first = someone({ estimatedValue: 100, company: 'Old name' });
    const id = await leadOf(await submit(first));
    const before = await templates(id);
    edge.world.clock.turnTo(edge.world.clock.now().getTime() - Date.now() + 60_000);
    const again = await leadOf(
      await submit({ ...first, phone: '', company: 'New name', estimatedValue: 900, city: 'Malmo' }),
    );
    expect(again).toBe(id);
    expect(await templates(id)).toEqual(before);
    const fields = await edge.value<Record<string, string>>('select fields from leads where id = $1', [id]);
    expect(fields).toMatchObject({ company: 'New name', value: '900', city: 'Malmo', group_size: '8' });
    expect(await count('from enquiries where lead_id = $1', id)).toBe(2);
    expect(await count(`from events where lead_id = $1 and type = 'lead.merged'`, id)).toBe(1);
    expect(await edge.value('select points from scores where lead_id = $1', [id])).toBe(70);
    // found by its new name
    expect(await count(`from lead_terms where lead_id = $1 and term = 'new'`, id)).toBe(1);
    expect(await count(`from lead_terms where lead_id = $1 and term = 'old'`, id)).toBe(0);
  });

  test('sent again and again it opens nothing of what was kept before', async () => {
    const first = someone({ company: 'Old name' });
    const id = await leadOf(await submit(first));
    await leadOf(await submit({ ...first, company: 'Newer name' }));
    // what cannot be opened any more would fail whoever opens it
    await edge.value(`update enquiries set facts = '\\x00' where lead_id = $1 returning id`, [id]);
    edge.world.clock.turnTo(edge.world.clock.now().getTime() - Date.now() + 60_000);
    expect(await leadOf(await submit({ ...first, company: '', city: 'Malmo' }))).toBe(id);
    const fields = await edge.value<Record<string, string>>('select fields from leads where id = $1', [id]);
    expect(fields).toMatchObject({ company: 'Newer name', city: 'Malmo', value: '900' });
  });

  test('put right under the key of one that was refused, it is kept as it came then', async () => {
    const key = { 'idempotency-key': newId() };
    const payload = someone();
    expect((await submit({ ...payload, groupSize: 'many' }, key)).status).toBe(400);
    const id = await leadOf(await submit(payload, key));
    expect(await leadOf(await submit(payload, key))).toBe(id);
    const kept = await edge.world.database.db.system.query<{ id: string; error: string | null }>(
      `select id, error from webhook_log where source = 'enquiry' order by received_at desc limit 2`,
    );
    expect(kept.map(({ error }) => error)).toEqual([null, 'invalid: group_size']);
    const body = await edge.world.rooms.webhooks.body(kept[0]?.id ?? '');
    expect(JSON.parse(body?.payload ?? '{}')).toMatchObject({ name: 'Jo Ek', email: payload.email });
  });

  test('the same submission again changes nothing', async () => {
    const payload = someone();
    const key = { 'idempotency-key': newId() };
    const id = await leadOf(await submit(payload, key));
    expect(await leadOf(await submit({ ...payload, name: 'Another' }, key))).toBe(id);
    expect(await count('from enquiries where lead_id = $1', id)).toBe(0);
  });

  test('twenty at once are one lead with one plan', async () => {
    const payload = someone();
    const answers = await Promise.all(Array.from({ length: 20 }, () => submit(payload)));
    const ids = new Set(await Promise.all(answers.map(leadOf)));
    expect(ids.size).toBe(1);
    const [id] = ids;
    expect(await count('from persons p join leads l on l.person_id = p.id where l.id = $1', id)).toBe(1);
    expect(await count('from leads l join leads o on o.person_id = l.person_id where l.id = $1', id)).toBe(1);
    expect(await count(`from messages where lead_id = $1 and step_key = 'day_0'`, id)).toBe(1);
    expect(await count('from enquiries where lead_id = $1', id)).toBe(20);
  });

  test('an id that somebody else’s form puts into everything makes nobody one, and loses no enquiry', async () => {
    const same = { external_id: 'c1', customer_id: 'c1', event_id: 'generate_lead', entry_id: 'form-7' };
    const one = someone(same);
    const first = await leadOf(await submit(one));
    const others = await Promise.all([someone(same), someone(same)].map(async (each) => leadOf(await submit(each))));
    expect(new Set([first, ...others]).size).toBe(3);
    expect(await leadOf(await submit({ ...one, company: 'Newer' }))).toBe(first);
    expect(await edge.value(`select fields->>'company' from leads where id = $1`, [first])).toBe('Newer');
    // word for word the same: it was sent again
    const kept = await count('from enquiries where lead_id = $1', first);
    expect(await leadOf(await submit(one))).toBe(first);
    expect(await count('from enquiries where lead_id = $1', first)).toBe(kept);
    expect(await count('from external_ids')).toBe(0);
  });

  test('a number that a stranger writes beside somebody’s mailbox is told to people, and carries nothing', async () => {
    const { email } = someone();
    const id = await leadOf(await submit(someone({ email, phone: '' })));
    const before = await templates(id);
    const theirs = '+46701239999';
    expect(await leadOf(await submit(someone({ email, phone: theirs, company: 'Theirs' })))).toBe(id);
    const addresses = () =>
      edge.value<string[]>(
        'select array_agg(a.value) from addresses a join leads l on l.person_id = a.person_id where l.id = $1',
        [id],
      );
    expect(await addresses()).toEqual([email]);
    expect(await templates(id)).toEqual(before);
    expect(await count(`from messages where lead_id = $1 and channel <> 'email'`, id)).toBe(0);
    expect(await count('from enquiries where lead_id = $1 and claimed is not null', id)).toBe(1);
    expect(await count(`from effects where kind = 'staff.tell' and key = $1`, `claimed/${id}`)).toBe(1);
    // whose number it is is somebody else
    const owner = await leadOf(await submit(someone({ email: '', phone: theirs })));
    expect(owner).not.toBe(id);
    await edge.world.rooms.correction.correct(boss, id, '+46701239998', false);
    expect((await addresses())?.sort()).toEqual(['+46701239998', email]);
  });

  test('COMPLIANCE G3 an address that asked for silence is not reached by way of somebody else', async () => {
    const gone = someone();
    await edge.world.rooms.desk.stop(boss, await leadOf(await submit(someone({ email: gone.email, phone: '' }))));
    const { system } = edge.world.database.db;
    // erased: all that is left is the keyed hash
    await system.query(`update addresses set value = 'gone@example.com' where value = $1`, [gone.email]);
    const lead = { playbook: 'home-services', fields: { service: 'Roof' }, language: 'en', name: 'Pia Ek' };
    const known = { known: 'merge', actor: `staff:${boss.id}`, ownerId: null, consentGiven: true } as const;
    const enquiry = (sourceKey: string, email: string) =>
      edge.world.rooms.capture.capture(edge.world.tenant.id, {
        ...lead,
        ...known,
        source: 'api',
        sourceKey,
        phone: gone.phone,
        email,
      });
    const { leadId, personId } = await enquiry('g3/1', '');
    await enquiry('g3/2', gone.email);
    await submit({ ...gone, service: 'Roof', playbook: 'home-services' });
    expect(await count('from addresses where person_id = $1', personId)).toBe(1);
    expect(await count(`from messages where lead_id = $1 and channel = 'email'`, leadId)).toBe(0);
    expect(await count('from enquiries where lead_id = $1 and claimed is not null', leadId)).toBe(0);
    await enquiry('g3/3', 'pia@example.com');
    expect(await count('from addresses where person_id = $1', personId)).toBe(2);
  });

  test('what an erased address closed is closed on every plan of whoever comes with it', async () => {
    const { phone } = someone();
    const { system } = edge.world.database.db;
    const { suppression } = await edge.world.rooms.tenants.keys(edge.world.tenant.id);
    await system.query(
      `insert into suppressions (tenant_id, address_hash, channel, created_at) values ($1, $2, 'sms', now())`,
      [edge.world.tenant.id, suppressionHash(suppression, { kind: 'phone', value: phone })],
    );
    const id = await leadOf(await submit(someone({ phone })));
    const closed = 'select opted_out_channels from persons p join leads l on l.person_id = p.id where l.id = $1';
    expect(await edge.value(closed, [id])).toEqual(['sms']);
  });

  test('who opted out is kept as a lead, and nothing goes out', async () => {
    const payload = someone();
    const id = await leadOf(await submit({ ...payload, playbook: 'home-services' }));
    const person = await edge.value<string>('select person_id from leads where id = $1', [id]);
    await edge.world.rooms.desk.stop(boss, id);
    const next = await leadOf(await submit(payload));
    expect(next).not.toBe(id);
    expect(await edge.value('select person_id from leads where id = $1', [next])).toBe(person);
    expect(await templates(next)).toEqual([]);
    expect(await count('from scores where lead_id = $1', next)).toBe(0);
  });

  test('another line of business is another lead, and only one plan runs', async () => {
    const payload = someone();
    const travel = await leadOf(await submit(payload));
    const home = await leadOf(await submit({ ...payload, playbook: 'home-services', service: 'Roof' }));
    expect(home).not.toBe(travel);
    expect(await templates(home)).toEqual([]);
  });
});

describe('what is wrong is told where it is', () => {
  test('every problem with its pointer', async () => {
    const answer = await submit({
      name: ' ',
      email: 'nope',
      phone: '12',
      serviceType: 'boat',
      lead: { groupSize: 'many' },
    });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const problem = (await answer.json()) as { code: string; errors: { pointer: string }[] };
    expect(problem.code).toBe('validation_error');
    expect(problem.errors.map(({ pointer }) => pointer).sort()).toEqual([
      '/email',
      '/lead/groupSize',
      '/name',
      '/phone',
      '/serviceType',
    ]);
    // found when its sender is erased
    expect(
      await count(
        `from webhook_log where error like 'invalid: name, phone, %' and state = 'done' and belongs_to is not null
           and sender_hash is not null`,
      ),
    ).toBe(1);
  });

  test.each([
    ['{', 400],
    ['[]', 400],
    ['"x"', 400],
    ['{}', 400],
    [JSON.stringify({ name: 'Jo', email: 'jo@example.com', playbook: 'boats' }), 400],
    [JSON.stringify({ name: 'Jo', phone: '+46701230001', playbook: 'test-drive', car: 'X5' }), 400],
    [JSON.stringify({ name: 'x'.repeat(70_000) }), 413],
  ])('%s', async (body, status) => {
    const leads = await count('from leads');
    expect((await submit(body)).status).toBe(status);
    expect(await count('from leads')).toBe(leads);
  });

  test('another kind of content, another method, another origin', async () => {
    expect((await submit('x', { 'content-type': 'text/plain' })).status).toBe(415);
    const url = `${edge.origin}/webhooks/form-submission`;
    expect((await fetch(url)).status).toBe(405);
    const asked = await fetch(url, { method: 'OPTIONS' });
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  });
});

describe('form keys', () => {
  test('name tenant, playbook and source; without one nothing is guessed among several tenants', async () => {
    const { rooms, tenant } = edge.world;
    const { form, key } = await rooms.forms.make(boss, { name: 'Roof page', playbook: 'home-services' });
    await expect(rooms.forms.make(boss, { name: 'roof PAGE', playbook: 'home-services' })).rejects.toThrow('taken');
    await expect(rooms.forms.make(edge.sofia, { name: 'Mine', playbook: 'home-services' })).rejects.toThrow('lacks');
    const id = await leadOf(await submit({ ...someone(), service: 'Roof' }, { 'x-form-key': key }));
    expect(await edge.value('select playbook || source from leads where id = $1', [id])).toBe(
      'home-servicesform:roof-page',
    );
    expect(await count('from form_keys where key_hash = $1', Buffer.from(key))).toBe(0);
    expect((await rooms.forms.list(tenant.id))[0]).toMatchObject({ name: 'Roof page', usedAt: expect.any(Date) });

    const other = await rooms.tenants.ensure(
      { name: 'Other', slackTeamId: 'T0OTHER', country: 'US', zone: 'America/New_York', language: 'en' },
      'test',
    );
    expect((await submit(someone())).status).toBe(403);
    expect((await submit(someone(), { 'x-form-key': 'lrf_wrong' })).status).toBe(403);
    await leadOf(await submit(someone(), { 'x-form-key': key }));
    expect(await count('from leads where tenant_id = $1', other.id)).toBe(0);

    await rooms.forms.revoke(boss, form.id);
    expect((await submit(someone(), { 'x-form-key': key })).status).toBe(403);
  });
});
