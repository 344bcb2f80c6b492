import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { rehearse, type Script, type Stage } from '../../src/messaging/index.ts';
import type { Staff } from '../../src/tenants/index.ts';
import { openWorld, SMS_SENDER, type World } from '../support/world.ts';

/** The Friday evening before the clock is turned back. */
const FRIDAY = new Date('2026-10-23T17:50:00+02:00');
const MINUTE = 60_000;

/** The number that a rehearsal in Sweden makes up. */
const ANNA = '+46701234567';

describe('what is rehearsed is what happens', () => {
  let world: World;
  let sofia: Staff;
  beforeEach(async () => {
    world = await openWorld({ at: FRIDAY });
    sofia = await world.hire('Sofia Lind', 'salesperson');
  });
  afterEach(() => world.close());

  async function rehearsed(script: Partial<Script> = {}) {
    const { tenants, routing, playbooks } = world.rooms;
    const stage: Stage = {
      playbook: playbooks.get('test-drive'),
      tenant: world.tenant,
      settings: await tenants.settings(world.tenant.id),
      routing: await routing.of(world.tenant.id),
      salesperson: sofia.name,
      publicUrl: 'https://leads.example',
    };
    return rehearse(stage, { zone: 'Europe/Stockholm', language: 'sv', start: FRIDAY, ...script });
  }

  /** Without the parts of links that differ from person to person. */
  const words = (body: string) => body.replace(/https?:\/\/\S+\/(o|terms)\/[\w-]+/g, '<$1>');

  /** Plays it in earnest: what left up to a minute before each time of the rehearsal, in that minute, and at the end. */
  async function played(rehearsal: Awaited<ReturnType<typeof rehearsed>>) {
    await world.turnTo(FRIDAY);
    await world.drive(sofia, { name: rehearsal.customer.name, phone: ANNA });
    const happened: string[] = [];
    let seen = 0;
    const look = async (at: Date, label: string) => {
      await world.turnTo(at);
      await world.settle();
      for (const { channel, body } of world.twilio.journal.sent.slice(seen)) {
        happened.push(`${label} ${channel} ${words(body)}`);
      }
      seen = world.twilio.journal.sent.length;
    };
    for (const { at, kind } of rehearsal.timeline) {
      if (at > FRIDAY) await look(new Date(at.getTime() - MINUTE), 'early');
      // the drive was logged some milliseconds after the minute began
      await look(new Date(at.getTime() + MINUTE / 2), at.toISOString());
      if (kind === 'reply') {
        await world.twilio.customerSends({ from: ANNA, to: SMS_SENDER, body: 'Hej! Finns den kvar?', channel: 'sms' });
      }
    }
    await look(new Date('2026-12-31T12:00:00+01:00'), 'late');
    return happened;
  }

  const told = (rehearsal: Awaited<ReturnType<typeof rehearsed>>) =>
    rehearsal.timeline.flatMap((entry) =>
      'fate' in entry && entry.fate.kind === 'sent'
        ? [`${entry.at.toISOString()} ${entry.fate.channel} ${words(entry.fate.body)}`]
        : [],
    );

  test('by SMS: the same channels, words and minutes', async () => {
    const rehearsal = await rehearsed();
    expect(told(rehearsal)).toHaveLength(4);
    expect(await played(rehearsal)).toEqual(told(rehearsal));
  });

  test('by WhatsApp, with a template that is approved', async () => {
    await world.rooms.templates.submit(world.tenant.id, null, 'test-drive', ['sv']);
    await world.rooms.templates.follow();
    world.rooms.routing.forget(world.tenant.id);
    const rehearsal = await rehearsed();
    expect(told(rehearsal).every((line) => line.includes(' whatsapp '))).toBe(true);
    expect(await played(rehearsal)).toEqual(told(rehearsal));
  });

  test('with a reply on day 5', async () => {
    const rehearsal = await rehearsed({ ending: { kind: 'reply', day: 5 } });
    expect(told(rehearsal)).toHaveLength(2);
    expect(await played(rehearsal)).toEqual(told(rehearsal));
  });
});
