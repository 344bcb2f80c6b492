import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isOpen } from '../../../src/cadence/index.ts';
import type { AccountId, AddressId, EnrolmentId, LeadId, MessageId, PersonId, TenantId } from '../../../src/lib/ids.ts';
import type { DueMessage } from '../../../src/messaging/due.ts';
import { decide, type GuardRules } from '../../../src/messaging/guard.ts';

const NOON = new Date('2026-11-24T12:00:00+01:00');
const WHATSAPP = { id: 'wa' as AccountId };
const SMS = { id: 'sms' as AccountId };

function due(changes: Partial<DueMessage> = {}): DueMessage {
  return {
    id: 'm' as MessageId,
    tenantId: 't' as TenantId,
    personId: 'p' as PersonId,
    leadId: 'l' as LeadId,
    enrolmentId: 'e' as EnrolmentId,
    purpose: 'cadence',
    stepKey: 'day_2',
    templateKey: 'drive_follow_up_1',
    language: 'sv',
    channel: 'sms',
    accountId: SMS.id,
    addressId: 'a' as AddressId,
    attempt: 0,
    dueAt: NOON,
    expiresAt: null,
    body: null,
    name: 'Anna',
    zone: 'Europe/Stockholm',
    personLanguage: 'sv',
    place: { zones: ['Europe/Stockholm'], country: 'SE', sure: true },
    optedOutAt: null,
    optedOutChannels: [],
    addresses: [{ id: 'a' as AddressId, kind: 'phone', value: '+46701234567', unreachable: [] }],
    enrolmentState: 'active',
    playbook: 'test-drive',
    fields: {},
    salesperson: 'Sofia',
    consentChannels: ['whatsapp', 'sms', 'email'],
    fellBack: false,
    lastInboundAt: null,
    lastSentAt: null,
    sentLastDay: 0,
    ...changes,
  };
}

function rules(changes: Partial<GuardRules> = {}): GuardRules {
  return {
    hours: { start: '09:00', end: '20:00' },
    consentRequired: true,
    channels: ['whatsapp', 'sms'],
    accounts: { whatsapp: WHATSAPP, sms: SMS },
    templateApproved: false,
    marketing: false,
    ...changes,
  };
}

describe('whether a message may leave now', () => {
  test('a step inside the hours, with consent, of an active follow-up', () => {
    expect(decide(due(), NOON, rules())).toEqual({ kind: 'send', template: false });
  });

  test.each([
    ['the customer opted out', due({ optedOutAt: NOON }), { kind: 'skip', reason: 'opted_out' }],
    ['the customer replied', due({ enrolmentState: 'replied' }), { kind: 'skip', reason: 'replied' }],
    ['the deal was won', due({ enrolmentState: 'converted' }), { kind: 'skip', reason: 'converted' }],
    ['there is no consent', due({ consentChannels: [] }), { kind: 'skip', reason: 'no_consent' }],
    ['it expired', due({ expiresAt: NOON }), { kind: 'skip', reason: 'too_late' }],
    [
      'SMS is suppressed and no template is approved',
      due({ optedOutChannels: ['sms'] }),
      { kind: 'hold', reason: 'template_needed' },
    ],
  ])('not when %s', (_name, message, verdict) => {
    expect(decide(message, NOON, rules())).toEqual(verdict);
  });

  test('three messages in 24 hours are enough (COMPLIANCE T3.3)', () => {
    expect(decide(due({ sentLastDay: 3 }), NOON, rules())).toMatchObject({ kind: 'postpone', reason: 'daily_limit' });
  });

  test('two steps that became due together stay apart', () => {
    const verdict = decide(due({ lastSentAt: new Date(NOON.getTime() - 60_000) }), NOON, rules());
    expect(verdict).toMatchObject({
      kind: 'postpone',
      reason: 'too_soon',
      until: new Date('2026-11-25T09:00:00+01:00'),
    });
  });

  test('WhatsApp is taken as soon as the template is approved, or the window is open', () => {
    expect(decide(due(), NOON, rules({ templateApproved: true }))).toEqual({
      kind: 'reroute',
      channel: 'whatsapp',
      accountId: WHATSAPP.id,
      addressId: 'a',
    });
    const onWhatsApp = due({ channel: 'whatsapp', accountId: WHATSAPP.id });
    expect(decide(onWhatsApp, NOON, rules({ templateApproved: true }))).toEqual({ kind: 'send', template: true });
    expect(decide({ ...onWhatsApp, lastInboundAt: new Date(NOON.getTime() - 3600_000) }, NOON, rules())).toEqual({
      kind: 'send',
      template: false,
    });
  });

  test('a consent counts for the channels it names', () => {
    const texts = due({ consentChannels: ['sms'] });
    expect(decide(texts, NOON, rules({ templateApproved: true }))).toEqual({ kind: 'send', template: false });
    const mails = due({ consentChannels: ['email'] });
    expect(decide(mails, NOON, rules())).toEqual({ kind: 'skip', reason: 'no_consent' });
  });

  test('what WhatsApp has refused stays with SMS, whatever WhatsApp would take by the rules', () => {
    const refused = due({ fellBack: true, lastInboundAt: NOON });
    expect(decide(refused, NOON, rules({ templateApproved: true }))).toEqual({ kind: 'send', template: false });
  });

  test('the window is 24 hours to the second (COMPLIANCE T6.1)', () => {
    const message = due({ channel: 'whatsapp', accountId: WHATSAPP.id, purpose: 'reply', templateKey: null });
    const before = new Date(NOON.getTime() - 86_399_000);
    const after = new Date(NOON.getTime() - 86_401_000);
    expect(decide({ ...message, lastInboundAt: before }, NOON, rules())).toEqual({ kind: 'send', template: false });
    expect(decide({ ...message, lastInboundAt: after }, NOON, rules())).toEqual({
      kind: 'reroute',
      channel: 'sms',
      accountId: SMS.id,
      addressId: 'a',
    });
  });

  test('WhatsApp’s pair rate: however many answers wait for one person, ten leave in any minute and the next six seconds later', () => {
    const answers = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(answers, (seconds) => {
        const due_ = seconds.map((second) => NOON.getTime() + second * 1000);
        const sent: number[] = [];
        // a dispatcher: whatever is due is looked at in the order of its time, and again when it was put off
        for (let turn = 0; due_.length > 0; turn++) {
          if (turn > 10_000) throw new Error('nobody is served');
          due_.sort((a, b) => a - b);
          const at = due_.shift() ?? 0;
          const sentLastMinute = sent.filter((each) => each > at - 60_000).length;
          const answer = due({
            ...{ purpose: 'reply', enrolmentId: null, channel: 'whatsapp', accountId: WHATSAPP.id },
            ...{ lastInboundAt: NOON, sentLastMinute },
          });
          const verdict = decide(answer, new Date(at), rules());
          if (verdict.kind === 'send') sent.push(at);
          else {
            expect(verdict).toMatchObject({ kind: 'postpone', reason: 'pair_rate', until: new Date(at + 6000) });
            due_.push(at + 6000);
          }
        }
        expect(sent).toHaveLength(seconds.length);
        for (const at of sent) {
          const minute = sent.filter((each) => each > at - 60_000 && each <= at).length;
          expect(minute).toBeLessThanOrEqual(10);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a linked phone, SMS and another channel know no pair rate', () => {
    const many = { purpose: 'reply', enrolmentId: null, lastInboundAt: NOON, sentLastMinute: 40 } as const;
    const phone = { whatsapp: { ...WHATSAPP, freeText: true }, sms: SMS };
    const free = due({ ...many, channel: 'whatsapp', accountId: WHATSAPP.id });
    expect(decide(free, NOON, rules({ accounts: phone })).kind).toBe('send');
    expect(decide(due({ ...many, sentLastMinute: null }), NOON, rules()).kind).toBe('send');
  });

  test('the one confirmation of an opt-out leaves although the person opted out', () => {
    const notice = due({
      purpose: 'notice',
      enrolmentId: null,
      enrolmentState: null,
      optedOutAt: NOON,
      expiresAt: new Date(NOON.getTime() + 1),
    });
    expect(decide(notice, NOON, rules())).toEqual({ kind: 'send', template: false });
  });

  test('no automated message ever leaves outside the hours, in any zone, at any instant', () => {
    const zones = [
      'Europe/Stockholm',
      'America/New_York',
      'America/Los_Angeles',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'Pacific/Chatham',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }),
        (zone, at) => {
          const message = due({ place: { zones: [zone], sure: true } });
          const verdict = decide(message, at, rules());
          if (verdict.kind === 'send') expect(isOpen(at, message.place, rules().hours)).toBe(true);
          else expect(verdict.kind).toBe('postpone');
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a business that is not live', () => {
  const appointment = {
    id: 'b',
    startsAt: '2026-11-25T09:00:00Z',
    endsAt: '2026-11-25T09:45:00Z',
    moves: 0,
    zone: 'Europe/Stockholm',
    state: 'booked',
    staffName: 'Sofia',
  } as const;

  test.each([
    ['before it went live', 'go_live', 'not_live'],
    ['while the app is not in its Slack', 'slack', 'not_in_slack'],
  ] as const)('sends nothing by itself %s', (_name, waitsFor, reason) => {
    for (const message of [
      due(),
      due({ purpose: 'agent', enrolmentId: null }),
      due({ purpose: 'notice', enrolmentId: null, booking: appointment, templateKey: 'booking_reminder' }),
    ]) {
      expect(decide(message, NOON, rules({ waitsFor }))).toEqual({ kind: 'hold', reason });
    }
  });

  test('sends what people write, and the one confirmation of a stop', () => {
    for (const purpose of ['reply', 'notice'] as const) {
      const message = due({ purpose, enrolmentId: null });
      expect(decide(message, NOON, rules({ waitsFor: 'go_live' }))).toEqual(decide(message, NOON, rules()));
      expect(decide(message, NOON, rules({ waitsFor: 'go_live' })).kind).not.toBe('hold');
    }
  });

  test('still leaves out for good what is never to leave', () => {
    const waits = rules({ waitsFor: 'slack' });
    expect(decide(due({ optedOutAt: NOON }), NOON, waits)).toEqual({ kind: 'skip', reason: 'opted_out' });
    expect(decide(due({ enrolmentState: 'replied' }), NOON, waits)).toEqual({ kind: 'skip', reason: 'replied' });
    expect(decide(due({ expiresAt: NOON }), NOON, waits)).toEqual({ kind: 'skip', reason: 'too_late' });
  });
});
