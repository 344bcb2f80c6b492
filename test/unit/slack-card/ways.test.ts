import { describe, expect, test } from '@jest/globals';
import { type WayFacts, wayOf } from '../../../src/slack/card/ways.ts';
import { type Playbook, templateKey } from '../../../src/tenants/index.ts';
import { aMessage, at, playbooks } from './a-card.ts';

const account = { freeText: false } as never;

function way(playbook: Playbook, changes: Partial<WayFacts> = {}) {
  const step = playbook.cadence.steps[1];
  if (!step) throw new Error('no second step');
  const message = aMessage({
    stepKey: step.key,
    templateKey: step.template,
    language: 'en',
    dueAt: at(25, '10:00:00'),
  });
  return wayOf(message, {
    playbook,
    accounts: { whatsapp: account, sms: account, email: account },
    approved: new Map(playbook.templates.map((template) => [templateKey(template), 'HX1'])),
    addresses: ['phone', 'email'].map((kind) => ({ kind, unreachable: [] })),
    closed: [],
    agreed: ['whatsapp', 'sms', 'email'],
    country: 'SE',
    language: 'en',
    tenantLanguage: 'en',
    windowUntil: null,
    full: null,
    placeUntil: null,
    approvals: {},
    ...changes,
  });
}

describe('the channel behind the first is the next of the plan’s order that can', () => {
  const drive = playbooks.get('test-drive');
  const home = playbooks.get('home-services');
  const trip = playbooks.get('corporate-travel');
  const dayTwo = drive.template('drive_follow_up_1', 'en', 'en');

  test.each([
    ['WhatsApp, then SMS', way(drive), { channel: 'whatsapp', free: false, fallback: 'sms' }],
    [
      'free text while the window is open',
      way(drive, { windowUntil: at(25, '11:00:00') }),
      { channel: 'whatsapp', free: true, fallback: 'sms' },
    ],
    [
      'a paused template is planned around',
      way(drive, { approved: new Map(), approvals: { [templateKey(dayTwo)]: 'paused' } }),
      { channel: 'sms', trouble: 'paused', fallback: 'email' },
    ],
    ['SMS, then e-mail', way(home), { channel: 'sms', trouble: null, fallback: 'email' }],
    [
      'SMS and nothing behind it without a mailbox',
      way(home, { addresses: [{ kind: 'phone', unreachable: [] }] }),
      { channel: 'sms', trouble: null, fallback: null },
    ],
    ['e-mail, then SMS', way(trip), { channel: 'email', trouble: null, fallback: 'sms' }],
    [
      'e-mail alone when the customer closed SMS',
      way(trip, { closed: ['sms'] }),
      { channel: 'email', trouble: null, fallback: null },
    ],
  ])('%s', (_, found, wanted) => {
    expect(found).toEqual(wanted);
  });
});

describe('a limit of new people that is used up', () => {
  const drive = playbooks.get('test-drive');
  const full = { most: 250, until: at(25, '15:00:00') };
  const fullness = (changes: Partial<WayFacts>) => {
    const found = way(drive, changes);
    return found.channel === 'whatsapp' ? found.full : found.channel;
  };

  test('concerns a step that is due before there is a place', () => {
    expect(fullness({ full })).toEqual(full);
    expect(fullness({ full: { ...full, until: at(25, '09:00:00') } })).toBeUndefined();
  });
  test('but nobody who has a place already, or whose window is open', () => {
    expect(fullness({ full, placeUntil: at(25, '12:00:00') })).toBeUndefined();
    expect(fullness({ full, placeUntil: at(25, '09:00:00') })).toEqual(full);
    expect(fullness({ full, windowUntil: at(25, '11:00:00') })).toBeUndefined();
  });
});
