import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, lead, openApi, type TestApi } from './open-api.ts';

let api: TestApi;
let admin: Client;
let people = 0;
beforeAll(async () => {
  api = await openApi();
  admin = await api.client('admin');
});
afterAll(() => api.close());

const aPhone = () => `+4670155${String(++people).padStart(4, '0')}`;
const made = async (changes: Record<string, unknown> = {}): Promise<string> =>
  (await admin.call('POST', '/leads', lead({ phone: aPhone(), email: '', ...changes }))).body.id ?? '';
const travel = { playbook: 'corporate-travel', fields: { company: 'Acme', value: '500' } };
/** A process died between the deed and the answer. */
const died = (key: string) =>
  api.edge.value(
    `update api_answers set answer = null, status = null, lease_until = clock_timestamp() - interval '1 second' where idempotency_key = $1 returning 1`,
    [key],
  );

test('a lead without a playbook is one of the standard playbook, and what a playbook does not ask is refused, not lost', async () => {
  const phone = aPhone();
  const reply = await admin.call('POST', '/leads', lead({ phone, playbook: undefined, fields: { car: 'Volvo EX30' } }));
  expect(reply.status).toBe(201);
  expect((await admin.call('GET', `/leads/${reply.body.id}`)).body).toMatchObject({ playbook: 'test-drive' });

  const other = await admin.call('POST', '/leads', lead({ ...travel, fields: { car: 'Volvo EX30' } }));
  expect(other.status).toBe(400);
  expect(other.body).toMatchObject({ code: 'validation_error', errors: [{ pointer: '#/fields/car' }] });
  expect(JSON.stringify(other.body)).toContain('company');
});

describe('changing a lead', () => {
  test('name, mailbox, language and number, with a field that is emptied', async () => {
    const id = await made(travel);
    const phone = aPhone();
    const changes = { name: 'Åsa Ström', email: 'asa.strom@acme.example', language: 'de', phone };
    const reply = await admin.call('PATCH', `/leads/${id}`, { ...changes, fields: { company: null, city: 'Malmö' } });
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ ...changes, fields: { city: 'Malmö', value: '500' } });
    expect(reply.body.fields).not.toHaveProperty('company');
    // what is still planned goes there
    const planned = await api.edge.value(
      `select count(*) from messages m left join addresses a on a.id = m.address_id
       where m.lead_id = $1 and m.state = 'scheduled' and a.person_id is distinct from m.person_id`,
      [id],
    );
    expect(planned).toBe(0);
    const again = await admin.call('PATCH', `/leads/${id}`, { phone });
    expect([again.status, again.body.phone]).toEqual([200, phone]);
  });

  test('an answer that steps ask for: what is planned follows it', async () => {
    const id = await made({
      ...travel,
      fields: { company: 'Acme', value: '1000', group_size: '8', service: 'airport' },
    });
    const seventh = () =>
      api.edge.value(
        `select string_agg(step_key || ' ' || state, ', ' order by step_key) from messages
         where lead_id = $1 and starts_with(step_key, 'day_7')`,
        [id],
      );
    expect(await seventh()).toBe('day_7 scheduled');
    const reply = await admin.call('PATCH', `/leads/${id}`, { fields: { service: 'wedding' } });
    expect(reply.status).toBe(200);
    expect(await seventh()).toBe('day_7 cancelled, day_7_occasion scheduled');
  });

  test('what is not right is told where it is, and nothing is changed', async () => {
    const id = await made();
    const bad = { name: 'Bo', phone: '12', email: 'nobody', fields: { car: null } };
    for (const [changes, pointer] of [
      [{ name: 'Bo', phone: '12' }, '/phone'],
      [{ name: 'Bo', email: bad.email }, '/email'],
      [{ name: 'Bo', language: 'fr' }, '/language'],
      [{ name: 'Bo', fields: bad.fields }, '/fields/car'],
      [{ name: 'Bo', phone: aPhone(), email: bad.email }, '/email'],
    ] as const) {
      const reply = await admin.call('PATCH', `/leads/${id}`, changes);
      expect([pointer, reply.status, JSON.stringify(reply.body)]).toEqual([
        pointer,
        400,
        expect.stringContaining(`"#${pointer}"`),
      ]);
    }
    const { body } = await admin.call('GET', `/leads/${id}`);
    expect([body.name, body.phone]).toEqual(['Åsa Öberg', `+4670155${String(people - 1).padStart(4, '0')}`]);
  });

  test('a number of somebody else is refused', async () => {
    const phone = aPhone();
    await made({ phone });
    const reply = await admin.call('PATCH', `/leads/${await made()}`, { phone });
    expect([reply.status, JSON.stringify(reply.body)]).toEqual([400, expect.stringContaining('/phone')]);
  });
});

describe('asked again after a process died', () => {
  test('a follow-up that was begun is begun once, and told as done', async () => {
    const id = await made();
    await admin.call('POST', `/automation/enrolments/${id}/end`);
    const begin = () => admin.call('POST', '/automation/enrolments', { leadId: id }, { 'idempotency-key': 'begin' });
    expect((await begin()).status).toBe(201);
    await died('begin');
    const again = await begin();
    expect([again.status, again.body.followUp]).toEqual([201, 'active']);
    expect(await api.edge.value('select count(*) from enrolments where lead_id = $1', [id])).toBe(2);
    // another request is another matter
    expect((await admin.call('POST', '/automation/enrolments', { leadId: id })).status).toBe(409);
  });

  test.each(['end', 'resume'])('%s', async (verb) => {
    const id = await made();
    if (verb === 'resume') await admin.call('POST', `/automation/enrolments/${id}/pause`);
    const key = { 'idempotency-key': verb };
    const act = () => admin.call('POST', `/automation/enrolments/${id}/${verb}`, undefined, key);
    expect((await act()).status).toBe(200);
    await died(verb);
    expect((await act()).status).toBe(200);
  });

  test('a move stands', async () => {
    const id = await made();
    const move = { action: 'status', id, status: 'won', value: 1500 };
    const items = [move, { action: 'create', lead: lead({ phone: aPhone(), email: '' }) }];
    const many = () => admin.call('POST', '/leads/bulk', { items }, { 'idempotency-key': 'many' });
    const first = (await many()).body.data;
    expect(first?.map(({ ok }) => ok)).toEqual([true, true]);
    await died('many');
    expect((await many()).body.data).toEqual(first);
    expect((await admin.call('PATCH', `/leads/${id}/status`, { status: 'won' })).status).toBe(200);
    expect(await api.edge.value(`select count(*) from events where lead_id = $1 and data->>'to' = 'won'`, [id])).toBe(
      1,
    );
  });
});
