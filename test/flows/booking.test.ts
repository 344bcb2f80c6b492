import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LeadId } from '../../src/lib/ids.ts';
import { visibleText } from '../support/slack.ts';
import { ANNA, type LeadWorld, openLeadWorld } from '../support/slack-lead.ts';

const at = (text: string) => new Date(`${text}+01:00`);

describe('an appointment, from the first message to the visit', () => {
  let world: LeadWorld;
  let leadId: LeadId;
  beforeEach(async () => {
    world = await openLeadWorld({ quiet: true });
    await world.change({ agentMode: 'auto' });
    ({ leadId } = await world.drive(world.sofia));
    await world.flush();
  });
  afterEach(() => world.close());

  const customer = async (words: string) => {
    const before = world.twilio.journal.sent.length;
    await world.writes(words);
    await world.flush();
    await world.flush();
    return world.twilio.journal.sent.slice(before).map((message) => message.body);
  };
  const booked = async () => {
    const rows = await world.database.db.system.query<{ startsAt: Date; state: string }>(
      'select starts_at as "startsAt", state from bookings where lead_id = $1 order by created_at',
      [leadId],
    );
    return rows;
  };

  test('the customer names a time, moves it, is reminded, and cancels', async () => {
    const said = await customer('Hej! Kan jag boka en tid på lördag vid elva?');
    expect(await booked()).toEqual([{ startsAt: at('2026-11-28T11:00'), state: 'booked' }]);
    expect(said.join('\n')).toMatch(/lördag 28 november/);
    const thread = (await world.thread(leadId)).map((message) => visibleText(message)).join('\n');
    expect(thread).toContain('Appointment Sat 28 Nov 11:00');

    await customer('Kan vi flytta till tisdag nästa vecka kl 14 i stället?');
    expect(await booked()).toEqual([{ startsAt: at('2026-12-01T14:00'), state: 'booked' }]);
    await world.turnTo(at('2026-11-30T14:00'));
    expect(world.twilio.journal.sent.at(-1)?.body).toContain('En liten påminnelse');

    await customer('Jag måste tyvärr avboka tiden');
    expect(await booked()).toEqual([{ startsAt: at('2026-12-01T14:00'), state: 'cancelled' }]);
  });

  test('asked for a time without one, the assistant offers some, and books the one that is chosen', async () => {
    const [offer = ''] = await customer('Jag vill gärna boka en tid för en ny provkörning');
    expect(await booked()).toEqual([]);
    expect(offer).toMatch(/\d{1,2}[:.]\d{2}/);
    await customer('Den första passar bra');
    expect(await booked()).toHaveLength(1);
    expect(ANNA).toBe(world.twilio.journal.sent.at(-1)?.to);
  });
});
