import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LeadId } from '../../../src/lib/ids.ts';
import { plan } from '../../support/facts.ts';
import { U_ADMIN, U_MARIA, visibleText } from '../../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../../support/slack-lead.ts';
import { MONDAY } from '../../support/world.ts';

/* Whoever writes strangers' mailboxes into a public form makes us write there: that has a ceiling. */

let world: LeadWorld;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true });
  await world.change({ formAnswers: 3 });
});
afterAll(async () => {
  expect(world.slack.violations).toEqual([]);
  await world.close();
});

let people = 0;
async function stranger(source: string): Promise<LeadId> {
  const payload = { name: 'Jo Ek', phone: `+4670177${String(++people).padStart(4, '0')}`, consent: true };
  const incoming = { tenantId: world.tenant.id, source, playbook: 'corporate-travel', payload, submissionId: '' };
  return (await world.rooms.enquiries.receive(incoming)).leadId;
}
const first = async (leadId: LeadId) => (await plan(world, leadId))[0]?.replace('delivered', 'sent');
const minutesOn = (minutes: number) => world.turnTo(new Date(MONDAY.getTime() + minutes * 60_000));
async function watch(): Promise<string[]> {
  await world.rooms.alerts.run();
  await world.effects();
  return world
    .direct(U_MARIA)
    .map(visibleText)
    .filter((text) => text.includes('more enquiries than are answered by themselves'));
}

test('above it a form’s leads are kept and their answers wait for a person, with one alert', async () => {
  const answered = [await stranger('form:home'), await stranger('form:home'), await stranger('form:home')];
  const waiting = [await stranger('form:home'), await stranger('form:home')];
  const elsewhere = await stranger('form:other');
  await world.flush();
  for (const leadId of [...answered, elsewhere]) expect(await first(leadId)).toBe('day_0 sms sent');
  for (const leadId of waiting) expect(await first(leadId)).toBe('day_0 sms held many_at_once');

  const told = await watch();
  expect(told).toHaveLength(1);
  expect(told[0]).toContain('form:home');
  await stranger('form:home');
  expect(await watch()).toHaveLength(1);

  const [real, ...others] = waiting as [LeadId, ...LeadId[]];
  const card = await world.card(real);
  expect(visibleText(card)).toContain('Its form brought more enquiries within an hour');
  await world.slack.click(U_ADMIN, { message: card }, 'Resume');
  await world.slack.waitFor(
    () => world.slack.ephemerals(U_ADMIN).some(({ text }) => text.startsWith('Resumed')),
    'Resumed',
  );
  await world.flush();
  expect(await first(real)).toBe('day_0 sms sent');
  for (const leadId of others) expect(await first(leadId)).toBe('day_0 sms held many_at_once');

  await minutesOn(61);
  const later = await stranger('form:home');
  await world.flush();
  expect(await first(later)).toBe('day_0 sms sent');
});

test('what our own people log is no form', async () => {
  for (let n = 0; n < 4; n++) {
    const { leadId } = await world.drive(world.sofia, { phone: `+467017800${n}1`, source: 'slack' });
    await world.flush();
    expect((await first(leadId))?.split(' ').slice(2)).toEqual(['sent']);
  }
});
