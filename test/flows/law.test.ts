import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Staff } from '../../src/tenants/index.ts';
import { changeSettings } from '../support/change-settings.ts';
import { enrolmentState, one, plan } from '../support/facts.ts';
import { MONDAY, openWorld, SMS_SENDER, type World } from '../support/world.ts';

let world: World;
let sofia: Staff;
beforeAll(async () => {
  world = await openWorld({ whatsapp: false });
  sofia = await world.hire('Sofia Lind', 'admin');
});
afterAll(() => world.close());

const turnTo = (at: string) => world.turnTo(new Date(at));
const says = (from: string, body: string) => world.twilio.customerSends({ from, to: SMS_SENDER, channel: 'sms', body });
const heard = (phone: string) => world.twilio.journal.sent.filter(({ to }) => to === phone).map(({ body }) => body);

test('COMPLIANCE T2.3 a stop is confirmed once and at once, in words that sell nothing; five minutes later no more', async () => {
  await world.turnTo(MONDAY);
  const [prompt, late] = ['+46701110001', '+46701110002'];
  await world.drive(sofia, { phone: prompt });
  await world.drive(sofia, { phone: late, name: 'Bo Ek' });
  await world.settle();
  await says(prompt, 'snälla sluta skriva till mig');
  await world.settle();
  expect(heard(prompt)).toHaveLength(2);
  expect(heard(prompt)[1]).toMatch(/^.{20,160}$/);
  expect(heard(prompt)[1]).not.toMatch(/https?:|BMW|erbjud|pris|kampanj|välkommen/i);

  // nobody is there to send it: what comes after five minutes would no longer be covered by the consent before
  await says(late, 'snälla sluta skriva till mig');
  await world.turnTo(new Date(world.clock.now().getTime() + 5 * 60_000 + 1000));
  expect(heard(late)).toHaveLength(1);
  const reason = `select reason as value from messages m join persons p on p.id = m.person_id
    where p.name = 'Bo Ek' and m.template_key = 'opt_out_confirmation'`;
  expect(await one(world, reason)).toBe('too_late');
});

test('COMPLIANCE T3.4 what the night held back is never sent to somebody who stopped meanwhile', async () => {
  const phone = '+46701110003';
  await turnTo('2026-11-24T22:30:00+01:00');
  const { leadId } = await world.drive(sofia, { phone });
  await world.settle();
  expect(heard(phone)).toEqual([]);
  await says(phone, 'STOP');
  for (const at of ['2026-11-25T09:00:00+01:00', '2026-11-25T10:00:00+01:00', '2026-12-09T10:00:00+01:00'])
    await turnTo(at);
  expect(heard(phone)).toEqual([]);
  expect(await enrolmentState(world, leadId)).toBe('opted_out');
});

/** Somebody who asked by a form, and agreed to be written to further or not. */
const enquires = (phone: string, name: string, consentGiven = false) =>
  world.drive(sofia, {
    playbook: 'corporate-travel',
    source: 'form',
    known: 'merge',
    name,
    phone,
    email: `${phone.slice(1)}@acme-resor.example`,
    fields: { service: 'corporate', value: '900', group_size: '8', company: 'Acme' },
    consentGiven,
  });

test('COMPLIANCE T8.1 an enquiry without agreement is answered, and nothing is advertised to whoever made it', async () => {
  await turnTo('2026-12-10T10:30:00+01:00');
  const [silent, agreed] = ['+46701110004', '+46701110007'];
  const { leadId } = await enquires(silent, 'Cia Ros');
  const other = await enquires(agreed, 'Fia Lo', true);
  await world.settle();
  expect([heard(silent), heard(agreed)]).toEqual([[expect.any(String)], [expect.any(String)]]);
  expect((await plan(world, other.leadId)).length).toBeGreaterThan(1);
  for (const at of ['2026-12-14T10:00:00+01:00', '2026-12-18T10:00:00+01:00', '2026-12-28T10:00:00+01:00']) {
    await turnTo(at);
  }
  expect(heard(silent)).toHaveLength(1);
  expect(heard(agreed).length).toBeGreaterThan(1);
  const left = (await plan(world, leadId)).filter((step) => !/ (skipped|cancelled)\b/.test(step));
  expect(left).toEqual([expect.stringMatching(/^day_0 /)]);
});

test('COMPLIANCE T7.5 whoever objected is not scored anew when the weights change', async () => {
  await turnTo('2026-12-29T10:30:00+01:00');
  const [silent, other] = ['+46701110005', '+46701110006'];
  const stopped = await enquires(silent, 'Dan Ås');
  const stays = await enquires(other, 'Eva Ö');
  await says(silent, 'STOP');
  const points = (leadId: string) =>
    one<number>(world, 'select points as value from scores where lead_id = $1', [leadId]);
  const before = [await points(stopped.leadId), await points(stays.leadId)];
  const weights = { 'corporate-travel': { service: 70 } };
  await changeSettings(world, sofia, { scoring: weights });
  await world.rooms.rescore(world.tenant.id);
  expect(await points(stopped.leadId)).toBe(before[0]);
  expect(await points(stays.leadId)).not.toBe(before[1]);
});
