import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import { readState } from '../../../src/state-metrics.ts';
import { type SlackMessage, U_ADMIN, U_MARIA, U_SOFIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';

let world: LeadWorld;
const MARIAS_PHONE = '+46701110001';
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
  await world.database.db.inTenant(world.tenant.id, (tx) =>
    tx.query('update staff set phone = $2 where id = $1', [world.maria.id, MARIAS_PHONE]),
  );
});
afterAll(() => world.close());

let people = 0;
/** An enquiry of somebody nobody knows yet. */
async function enquiry(changes: object = {}, playbook = 'corporate-travel'): Promise<LeadId> {
  people++;
  const phone = `+4670199${String(people).padStart(4, '0')}`;
  const payload = { name: 'Jo Ek', phone, company: `Acme ${people}`, service: 'corporate', consent: true, ...changes };
  const incoming = { tenantId: world.tenant.id, source: 'form', playbook, payload, submissionId: '' };
  const { leadId } = await world.rooms.enquiries.receive(incoming);
  await world.flush();
  return leadId;
}
const smsTo = (phone: string) => world.twilio.journal.sent.filter((each) => each.to === phone).map(({ body }) => body);
const rows = <T extends object>(sql: string, values: unknown[]) => world.database.db.system.query<T>(sql, values);

test('the card shows the score and what was said; Why? shows it factor by factor', async () => {
  const leadId = await enquiry({ passengers: 5, value: 700, city: 'Uppsala' });
  const text = visibleText(await world.card(leadId));
  expect(text).toContain('score 65 · warm');
  expect(text).toContain('Estimated value: 700');
  expect(text).toContain('Service: Corporate');
  const why = await (await world.slack.click(U_ADMIN, { message: await world.card(leadId) }, 'Why?')).modal();
  const words = visibleText(why);
  expect(words).toContain('Why this score: score 65 · warm');
  expect(words).toContain('Estimated value: *20* of 30 – 700');
  expect(words).toContain('Distance: *0* of 15 – how far is not known');
});

test('high value: managers are told in Slack and by SMS once, and how long it took is written down (C4)', async () => {
  const before = world.direct(U_MARIA).length;
  const sms = smsTo(MARIAS_PHONE).length;
  const leadId = await enquiry({ value: 1001, service: 'hourly' });
  const told = world.direct(U_MARIA).slice(before).map(visibleText).join('\n');
  expect(told).toContain('Urgent:');
  expect(told).toContain('worth 1,001');
  expect(smsTo(MARIAS_PHONE).slice(sms)).toEqual([
    expect.stringContaining('urgent lead Jo Ek, score 50 (mild), worth 1,001'),
  ]);
  const alerted = await rows<{ by: string; ms: number }>(
    `select data->>'by' as by, (data->>'ms')::int as ms from events where lead_id = $1 and type = 'lead.alerted'`,
    [leadId],
  );
  expect(alerted.map(({ by }) => by).sort()).toEqual(['slack', 'sms']);
  for (const { ms } of alerted) expect(ms).toBeLessThan(120_000);
  // asked again, even for more: they know
  const [lead] = await rows<{ phone: string }>(
    `select a.value as phone from leads l join addresses a on a.person_id = l.person_id where l.id = $1`,
    [leadId],
  );
  await enquiry({ phone: lead?.phone, value: 5000 });
  expect(smsTo(MARIAS_PHONE)).toHaveLength(sms + 1);
});

test('what told managers of a lead says who took it, and nothing of it once the person is erased', async () => {
  const before = world.direct(U_MARIA).length;
  const leadId = await enquiry({ name: 'Urgenta Ek', value: 1002, service: 'hourly' });
  const told = () => world.direct(U_MARIA)[before] as SlackMessage;
  expect(visibleText(told())).toContain('Nobody looks after this lead yet.');
  await world.slack.click(U_MARIA, { message: told() }, 'I take it');
  await world.slack.waitFor(
    () => world.slack.ephemerals(U_MARIA).some(({ text }) => text.includes('Urgenta')),
    'an answer',
  );
  await world.effects();
  expect(visibleText(told())).toContain(`<@${U_MARIA}> looks after it.`);
  expect(visibleText(told())).not.toContain('I take it');

  const form = await (await world.slack.slash(U_MARIA, '/rescue', 'privacy erase Urgenta')).modal();
  await world.slack.submit(U_MARIA, form, {});
  await world.effects();
  const [erasure] = await world.rooms.erasures.recent(world.maria, 1);
  await world.rooms.erasures.decide(world.admin, erasure?.id ?? '', 'approved');
  await world.effects();
  expect(visibleText(told())).toMatch(/^\*Erased\.\*/);
  await world.retryEffects();
  expect(await rows('select from urgent_posts where lead_id = $1', [leadId])).toEqual([]);
});

test('later than two minutes is seen from outside while it lasts, and written down (C4)', async () => {
  const untold = async () => (await readState(world.database.db, world.clock)).leadrescue_urgent_untold_seconds;
  expect(await untold()).toBe(0);
  const payload = { name: 'Jo Ek', phone: '+46701990999', value: 2000, service: 'corporate', company: 'Late' };
  const incoming = {
    tenantId: world.tenant.id,
    source: 'form',
    playbook: 'corporate-travel',
    payload,
    submissionId: '',
  };
  const { leadId } = await world.rooms.enquiries.receive(incoming);
  // nobody came to it: two minutes and a half by the database's clock
  await rows(`update scores set alert_asked_at = alert_asked_at - interval '150 seconds' where lead_id = $1`, [leadId]);
  expect(await untold()).toBeGreaterThan(120);
  await world.flush();
  expect(await untold()).toBe(0);
  const alerted = await rows<{ ms: number }>(
    `select (data->>'ms')::int as ms from events where lead_id = $1 and type = 'lead.alerted'`,
    [leadId],
  );
  expect(alerted).toHaveLength(2);
  for (const { ms } of alerted) expect(ms).toBeGreaterThan(120_000);
});

test('where no manager has a phone, the post in Slack says that no SMS went out', async () => {
  const phones = (phone: string | null) => rows('update staff set phone = $2 where id = $1', [world.maria.id, phone]);
  const told = () => world.direct(U_MARIA).map(visibleText).at(-1);
  await enquiry({ value: 2001, service: 'hourly' });
  expect(told()).not.toContain('No SMS went out');
  await phones(null);
  await enquiry({ value: 2002, service: 'hourly' });
  await phones(MARIAS_PHONE);
  expect(told()).toContain('worth 2,002');
  expect(told()).toContain('No SMS went out: no manager has a phone number in their Slack profile.');
});

test('1,000 alerts nobody; a merge that brings it above does', async () => {
  const sms = smsTo(MARIAS_PHONE).length;
  const phone = '+46701980001';
  await enquiry({ phone, value: 1000, service: 'hourly' });
  expect(smsTo(MARIAS_PHONE)).toHaveLength(sms);
  await enquiry({ phone, value: 1500, service: 'hourly' });
  expect(smsTo(MARIAS_PHONE)).toHaveLength(sms + 1);
});

test('weights that change score the leads anew, and the cards follow', async () => {
  const leadId = await enquiry();
  expect(visibleText(await world.card(leadId))).toContain('score 35 · cold');
  await world.change({ scoring: { 'corporate-travel': { service: 70 } } });
  await world.effects();
  expect(visibleText(await world.card(leadId))).toContain('score 80 · hot');
  const alerted = await rows(`select from events where lead_id = $1 and type = 'lead.alerted'`, [leadId]);
  expect(alerted).toEqual([]);
  await world.change({ scoring: {} });
  await world.effects();
  expect(visibleText(await world.card(leadId))).toContain('score 35 · cold');
});

test('only moves of the pipeline are allowed; won asks for its value and a reason (E3)', async () => {
  const leadId = await enquiry({ service: 'Roof' }, 'home-services');
  const { desk } = world.rooms;
  await expect(desk.move(world.admin, leadId, 'closed_won', { value: 1 })).rejects.toThrow(
    'no move lead -> closed_won',
  );
  const form = await (await world.slack.click(U_ADMIN, { message: await world.card(leadId) }, 'Move …')).modal();
  expect(visibleText(form)).toContain('Where does it stand now?');
  await world.slack.submit(U_ADMIN, form, { to: 'qualified' });
  await world.effects();
  expect(visibleText(await world.card(leadId))).not.toContain('Won');
  await desk.move(world.admin, leadId, 'proposal_sent');
  await desk.move(world.admin, leadId, 'negotiating');
  await expect(desk.move(world.admin, leadId, 'closed_won')).rejects.toThrow('value');
  await world.effects();
  const won = await (await world.slack.click(U_ADMIN, { message: await world.card(leadId) }, 'Won')).modal();
  await world.slack.submit(U_ADMIN, won, { value: '12 500', reason: 'Fast answer' });
  await world.effects();
  expect(visibleText(await world.card(leadId))).toContain('*Won ');
  const [moved] = await rows<{ data: object; value: string }>(
    `select e.data, l.deal_value as value from events e join leads l on l.id = e.lead_id
     where e.lead_id = $1 and e.data->>'to' = 'closed_won'`,
    [leadId],
  );
  expect(moved).toMatchObject({
    data: { from: 'negotiating', to: 'closed_won', value: 12_500, commitment: expect.any(String) },
  });
  expect(Number(moved?.value)).toBe(12_500);
  expect(JSON.stringify(moved?.data)).not.toContain('Fast');
  await expect(desk.move(world.admin, leadId, 'lead')).rejects.toThrow('no move');
});

test('/lead asks what it is about, and the form is then that one', async () => {
  const { modal } = await world.slack.slash(U_SOFIA, '/lead', '');
  const form = await modal();
  expect(visibleText(form)).toContain('What is it about?');
  expect(visibleText(form)).toContain('Car');
  await world.slack.select(U_SOFIA, { view: form }, 'lead_kind', 'corporate-travel');
  const travel = await world.slack.waitFor(() => {
    const open = world.slack.stack(U_SOFIA).at(-1);
    return open && visibleText(open).includes('Passengers') ? open : undefined;
  }, 'the other form');
  const phone = '+46701970001';
  await world.slack.submit(U_SOFIA, travel, { name: 'Bo Ek', phone, service: 'wedding', group_size: '40' });
  await world.flush();
  const [lead] = await rows<{ playbook: string; points: number }>(
    `select l.playbook, s.points from addresses a join leads l on l.person_id = a.person_id join scores s on s.lead_id = l.id
     where a.value = $1`,
    [phone],
  );
  expect(lead).toEqual({ playbook: 'corporate-travel', points: 30 });
});

test('/rescue forms makes a key, lists and removes the form', async () => {
  const said = async (text: string) => (await world.slack.slash(U_ADMIN, '/rescue', `forms${text}`)).shown?.text ?? '';
  expect(await said('')).toContain('none yet');
  const made = await said(' add Roof page home-services');
  const key = /X-Form-Key: (lrf_[\w-]+)/.exec(made)?.[1] ?? '';
  expect(await world.rooms.forms.byKey(key)).toMatchObject({ name: 'Roof page', playbook: 'home-services' });
  expect(await said('')).toContain('Roof page');
  expect(await said(' remove roof page')).toContain('is removed');
  expect(await world.rooms.forms.byKey(key)).toBeUndefined();
});

test('/rescue base is where distances start', async () => {
  const said = async (text: string) => (await world.slack.slash(U_ADMIN, '/rescue', `base${text}`)).shown?.text ?? '';
  expect(await said(' Nowhereville')).toContain('not known');
  expect(await said(' Malmo')).toContain('not set → Malmo, SE');
  const leadId = await enquiry({ city: 'Helsingborg' });
  const text = visibleText(await world.card(leadId));
  expect(text).toContain('score 45 · mild');
  expect(text).toContain('35 miles from the base');
  expect(text).not.toContain('service area');
  await world.change({ serviceMiles: 30 });
  const far = await enquiry({ city: 'Helsingborg' });
  const near = await enquiry({ city: 'Malmo' });
  expect(visibleText(await world.card(far))).toContain('*outside your service area:* 35 miles from the base');
  expect(visibleText(await world.card(near))).not.toContain('service area');
});
