import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AccountId, AddressId, LeadId, MessageId, PersonId, TenantId } from '../../../src/lib/ids.ts';
import type { DueMessage } from '../../../src/messaging/due.ts';
import { decide, type GuardRules, keepsHours } from '../../../src/messaging/guard.ts';

const NOON = new Date('2026-11-27T12:00:00+01:00');
const NIGHT = new Date('2026-11-27T22:00:00+01:00');
const WHATSAPP = { id: 'wa' as AccountId };
const SMS = { id: 'sms' as AccountId };

/** A notice of an appointment that may leave. */
function notice(template: string, changes: Partial<DueMessage> = {}): DueMessage {
  return {
    id: 'm' as MessageId,
    tenantId: 't' as TenantId,
    personId: 'p' as PersonId,
    leadId: 'l' as LeadId,
    enrolmentId: null,
    purpose: 'notice',
    stepKey: null,
    templateKey: template,
    language: 'sv',
    channel: 'sms',
    accountId: SMS.id,
    addressId: 'a' as AddressId,
    attempt: 0,
    dueAt: NOON,
    expiresAt: new Date('2026-11-28T10:00:00+01:00'),
    body: null,
    name: 'Anna',
    zone: 'Europe/Stockholm',
    personLanguage: 'sv',
    place: { zones: ['Europe/Stockholm'], country: 'SE', sure: true },
    optedOutAt: null,
    optedOutChannels: [],
    addresses: [{ id: 'a' as AddressId, kind: 'phone', value: '+46701234567', unreachable: [] }],
    enrolmentState: null,
    playbook: 'test-drive',
    fields: {},
    salesperson: 'Sofia',
    booking: {
      id: 'b',
      startsAt: '2026-11-28T10:00:00Z',
      endsAt: '2026-11-28T11:00:00Z',
      moves: 0,
      zone: 'Europe/Stockholm',
      state: 'booked',
      staffName: 'Sofia Lind',
    },
    consentChannels: [],
    fellBack: false,
    lastInboundAt: null,
    lastSentAt: null,
    sentLastDay: 0,
    ...changes,
  };
}
const rules = (changes: Partial<GuardRules> = {}): GuardRules => ({
  hours: { start: '09:00', end: '20:00' },
  consentRequired: true,
  channels: ['whatsapp', 'sms'],
  accounts: { whatsapp: WHATSAPP, sms: SMS },
  templateApproved: false,
  marketing: false,
  ...changes,
});

describe('a notice of an appointment', () => {
  test('leaves without a marketing consent: the customer asked for the appointment', () => {
    expect(decide(notice('booking_confirmation'), NOON, rules())).toEqual({ kind: 'send', template: false });
  });

  test.each(['booking_confirmation', 'booking_reminder', 'booking_moved', 'booking_cancelled'])(
    'never leaves after an opt-out (%s), whatever else is so',
    (template) => {
      fc.assert(
        fc.property(
          fc.date({ min: new Date('2026-11-20'), max: new Date('2026-11-29'), noInvalidDate: true }),
          fc.boolean(),
          fc.constantFrom('whatsapp', 'sms'),
          (now, templateApproved, channel) => {
            const message = notice(template, { optedOutAt: NOON, channel: channel as 'sms', expiresAt: null });
            expect(decide(message, now, rules({ templateApproved }))).toEqual({ kind: 'skip', reason: 'opted_out' });
          },
        ),
      );
    },
  );

  test('keeps away from a channel that is closed', () => {
    const closed = notice('booking_reminder', { optedOutChannels: ['sms'] });
    expect(decide(closed, NOON, rules())).toEqual({ kind: 'hold', reason: 'template_needed' });
    expect(decide(closed, NOON, rules({ templateApproved: true }))).toMatchObject({
      kind: 'reroute',
      channel: 'whatsapp',
    });
  });

  test('goes by an approved template outside the window, as free text within it', () => {
    const message = notice('booking_reminder', { channel: 'whatsapp', accountId: WHATSAPP.id });
    expect(decide(message, NOON, rules({ templateApproved: true }))).toEqual({ kind: 'send', template: true });
    const written = { ...message, lastInboundAt: new Date(NOON.getTime() - 3_600_000) };
    expect(decide(written, NOON, rules({ templateApproved: true }))).toEqual({ kind: 'send', template: false });
    expect(decide(message, NOON, rules())).toMatchObject({ kind: 'reroute', channel: 'sms' });
  });

  test('a reminder keeps the send hours, a confirmation may leave at once', () => {
    expect(decide(notice('booking_reminder'), NIGHT, rules())).toEqual({
      kind: 'postpone',
      until: new Date('2026-11-28T10:00:00+01:00'), // a Saturday in Sweden
      reason: 'outside_send_hours',
    });
    expect(decide(notice('booking_confirmation'), NIGHT, rules())).toEqual({ kind: 'send', template: false });
    expect([keepsHours(notice('booking_reminder')), keepsHours(notice('booking_moved'))]).toEqual([true, false]);
  });

  test('says nothing of an appointment that was cancelled, but that', () => {
    const { booking } = notice('booking_reminder');
    if (!booking) throw new Error('no appointment');
    const cancelled = { booking: { ...booking, state: 'cancelled' as const } };
    expect(decide(notice('booking_reminder', cancelled), NOON, rules())).toEqual({
      kind: 'skip',
      reason: 'appointment_cancelled',
    });
    expect(decide(notice('booking_cancelled', cancelled), NOON, rules())).toEqual({ kind: 'send', template: false });
  });

  test('is dropped once it makes no sense', () => {
    const late = new Date('2026-11-28T10:00:00+01:00');
    expect(decide(notice('booking_reminder'), late, rules())).toEqual({ kind: 'skip', reason: 'too_late' });
  });
});

test('the one confirmation of an opt-out still leaves, on the channel the customer used', () => {
  const confirmation = notice('opt_out_confirmation', { booking: null, optedOutAt: NOON, optedOutChannels: ['sms'] });
  expect(decide(confirmation, NIGHT, rules())).toEqual({ kind: 'send', template: false });
});
