import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isKnown } from '../../src/lib/errors.ts';
import type { Twilio } from '../../src/vendors/twilio/index.ts';
import { CUSTOMER, outgoing, SENDER, soon, startTwilio, type TestTwilio } from '../support/twilio.ts';

const REVIEW_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
let service: TestTwilio;
let twilio: Twilio;
let machine: number;
let business: number;

beforeEach(async () => {
  machine = Date.now();
  business = machine;
  service = await startTwilio({
    machine: () => machine,
    now: () => new Date(business),
    approveAfterMs: REVIEW_MS,
  });
  twilio = service.connect();
});
afterEach(() => service.stop());

const template = {
  name: 'day_0_en',
  language: 'en',
  body: 'Hi {{1}}, thanks for driving the {{2}} today!',
  samples: { '1': 'Anna', '2': 'BMW X5' },
};
const toReview = { name: 'day_0_en', category: 'UTILITY' } as const;
const sendTemplate = (contentId: string, variables: Record<string, string>) =>
  twilio.send(outgoing({ channel: 'whatsapp', template: { contentId, variables } }), soon());
const lastSent = () => service.standIn.journal.sent.at(-1);

describe('a template', () => {
  test('is created, submitted, and approved after a while', async () => {
    const contentId = await twilio.templates.create(template);
    expect(contentId).toMatch(/^HX[0-9a-f]{32}$/);
    expect(await twilio.templates.approval(contentId)).toEqual({ state: 'unsubmitted' });

    expect(await twilio.templates.submit(contentId, toReview)).toEqual({ state: 'pending' });
    expect(await twilio.templates.approval(contentId)).toEqual({ state: 'pending' });

    machine += REVIEW_MS;
    expect(await twilio.templates.approval(contentId)).toEqual({ state: 'approved' });
  });

  test('is rejected with the reason given', async () => {
    service.standIn.templates.rejectNext('Contains promotional content.');
    const contentId = await twilio.templates.create(template);

    const rejected = { state: 'rejected', reason: 'Contains promotional content.' };
    expect(await twilio.templates.submit(contentId, toReview)).toEqual(rejected);
    expect(await twilio.templates.approval(contentId)).toEqual(rejected);
  });

  test.each(['{{1}} says hi', 'Hi {{1}}', 'Hi {{1}} {{2}} there'])(
    'is rejected when its variables stand wrong: %s',
    async (body) => {
      const contentId = await twilio.templates.create({ ...template, body });

      expect(await twilio.templates.submit(contentId, toReview)).toMatchObject({ state: 'rejected' });
    },
  );

  test.each(['paused', 'disabled'] as const)('can be %s later', async (state) => {
    const contentId = await twilio.templates.create(template);
    service.standIn.templates.decide(contentId, state);

    expect(await twilio.templates.approval(contentId)).toEqual({ state });
  });

  test('is refused in words the person can use, kept out of the log', async () => {
    const contentId = await twilio.templates.create(template);

    const error = await twilio.templates.submit(contentId, { ...toReview, name: 'Day 0!' }).catch((e: unknown) => e);

    expect(isKnown(error) && error.code).toBe('validation_error');
    expect(isKnown(error) && error.userMessage).toContain('lowercase');
    expect(isKnown(error) && error.message).not.toContain('lowercase');
  });

  test('that is not there (any more) is told as such', async () => {
    expect(await twilio.templates.approval(`HX${'0'.repeat(32)}`)).toBeNull();
  });
});

describe('WhatsApp', () => {
  test('an approved template opens a conversation and reads as rendered', async () => {
    const contentId = await twilio.templates.create(template);
    await twilio.templates.submit(contentId, toReview);
    machine += REVIEW_MS;

    expect(await sendTemplate(contentId, { '1': 'Åsa "Å"', '2': 'Volvo' })).toMatchObject({ kind: 'accepted' });
    await service.standIn.idle();

    expect(lastSent()).toMatchObject({ body: 'Hi Åsa "Å", thanks for driving the Volvo today!', status: 'delivered' });
  });

  test('a template under review does not', async () => {
    const contentId = await twilio.templates.create(template);
    await twilio.templates.submit(contentId, toReview);

    expect(await sendTemplate(contentId, { '1': 'Anna', '2': 'Volvo' })).toMatchObject({ kind: 'accepted' });
    await service.standIn.idle();

    expect(lastSent()).toMatchObject({ status: 'failed', errorCode: 63016 });
  });

  test('free text is taken but fails, until the customer writes, and again 24 hours later', async () => {
    const status = async () => {
      expect(await twilio.send(outgoing({ channel: 'whatsapp' }), soon())).toMatchObject({ kind: 'accepted' });
      await service.standIn.idle();
      return [lastSent()?.status, lastSent()?.errorCode];
    };
    expect(await status()).toEqual(['failed', 63016]);

    await service.standIn.customerSends({ from: CUSTOMER, to: SENDER, channel: 'whatsapp', body: 'Hej' });
    expect(await status()).toEqual(['delivered', null]);

    business += DAY_MS;
    expect(await status()).toEqual(['failed', 63016]);
  });

  test.each([
    ['an empty variable', { '1': '', '2': 'Volvo' }],
    ['a line break in a variable', { '1': 'Anna\nKarlsson', '2': 'Volvo' }],
  ])('%s is a problem of the content', async (_, variables) => {
    const contentId = await twilio.templates.create(template);

    expect(await sendTemplate(contentId, variables)).toEqual({ kind: 'refused', reason: 'content', code: '21656' });
  });

  test('a template that is not there (any more) leaves the message to another channel', async () => {
    expect(await sendTemplate(`HX${'0'.repeat(32)}`, {})).toEqual({
      kind: 'refused',
      reason: 'template_needed',
      code: '21655',
    });
  });
});
