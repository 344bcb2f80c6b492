import { expect, test } from '@jest/globals';
import type { Report } from '../../../src/reports/index.ts';
import { stepLines } from '../../../src/slack/reports/lines.ts';
import { tenantPlaybooks } from '../../../src/tenants/index.ts';
import { settingsSchema } from '../../../src/tenants/settings.ts';
import { texts } from '../../support/texts.ts';

const { playbooks } = await texts();

test('steps are called as the business plans them now, whatever their key', () => {
  const steps = [
    { key: 'day_0', day: 0, template: 'drive_thanks' },
    { key: 'day_7', day: 9, template: 'drive_follow_up_2' },
  ];
  const own = tenantPlaybooks(playbooks, settingsSchema.parse({ cadences: { 'test-drive': { steps } } }));
  const sent = (step: string, template: string) => ({
    step,
    template,
    channel: 'sms',
    sent: 4,
    replied: 2,
    optedOut: 1,
  });
  const now = { steps: [sent('day_7', 'drive_follow_up_2'), sent('day_2', 'drive_follow_up_1')] };
  expect(stepLines({ now } as unknown as Report, { playbooks: own })).toEqual([
    '*Day 9* SMS `drive_follow_up_2`: 4 sent, 50 % replied, 25 % opted out',
    '*Day 2 as it was* SMS `drive_follow_up_1`: 4 sent, 50 % replied, 25 % opted out',
  ]);
});
