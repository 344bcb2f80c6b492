import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import {
  type Entry,
  planProblems,
  problemsOf,
  type Rehearsal,
  rehearse,
  type Script,
  type Stage,
  tellingStarts,
} from '../../../../src/messaging/rehearse/index.ts';
import { stageIn, withSteps } from '../../../support/rehearsal.ts';

const local = (iso: string, zone: string) => DateTime.fromISO(iso, { zone }).toJSDate();
const STOCKHOLM = 'Europe/Stockholm';

async function play(stage: Stage, script: Partial<Script> & { at?: string } = {}): Promise<Rehearsal> {
  const zone = stage.tenant.zone;
  const { at = '2026-10-23T17:50', ...rest } = script;
  return rehearse(stage, { zone, language: 'en', start: local(at, zone), ...rest });
}

const when = (at: Date, zone: string) => DateTime.fromJSDate(at, { zone }).toFormat('ccc LLL d HH:mm ZZ');

/** One line an entry: `day_0 Fri Oct 23 17:50 +02:00 whatsapp template`. */
function lines({ timeline, customer }: Rehearsal): string[] {
  return timeline.map((entry) => {
    const at = when(entry.at, customer.zone);
    if (!('fate' in entry)) return `${entry.kind} ${at} ${entry.cancelled}`;
    const name = entry.kind === 'step' ? entry.step : entry.template;
    const { fate } = entry;
    const how =
      fate.kind === 'sent'
        ? `${fate.channel} ${fate.template ? 'template' : 'free'}`
        : `${fate.kind} ${'reason' in fate ? fate.reason : ''}`;
    return `${name} ${at} ${how}`;
  });
}

const bodies = (rehearsal: Rehearsal) =>
  rehearsal.timeline.flatMap((entry) => ('fate' in entry && entry.fate.kind === 'sent' ? [entry.fate.body] : []));

describe('a follow-up on the virtual clock', () => {
  test('keeps its local times over the change of the clock in autumn', async () => {
    expect(lines(await play(stageIn(STOCKHOLM)))).toEqual([
      'day_0 Fri Oct 23 17:50 +02:00 whatsapp template',
      'day_2 Sun Oct 25 10:00 +01:00 whatsapp template',
      'day_7 Fri Oct 30 10:00 +01:00 whatsapp template',
      'day_14 Fri Nov 6 10:00 +01:00 whatsapp template',
    ]);
  });

  test('a drive logged at night is written to in the morning', async () => {
    const night = await play(stageIn(STOCKHOLM), { at: '2026-10-24T23:50' });
    expect(lines(night)[0]).toBe('day_0 Sun Oct 25 10:00 +01:00 whatsapp template');
  });

  test('a reply cancels what is left, on its day at noon', async () => {
    const rehearsal = await play(stageIn(STOCKHOLM), { ending: { kind: 'reply', day: 5 } });
    expect(lines(rehearsal)).toEqual([
      'day_0 Fri Oct 23 17:50 +02:00 whatsapp template',
      'day_2 Sun Oct 25 10:00 +01:00 whatsapp template',
      'reply Wed Oct 28 12:00 +01:00 2',
      'day_7 Fri Oct 30 10:00 +01:00 cancelled replied',
      'day_14 Fri Nov 6 10:00 +01:00 cancelled replied',
    ]);
    expect(problemsOf(stageIn(STOCKHOLM), rehearsal)).toEqual([]);
  });

  test('an opt-out in words is confirmed once, as free text inside the window, and ends it', async () => {
    const rehearsal = await play(stageIn(STOCKHOLM), { ending: { kind: 'opt_out', day: 0 } });
    expect(lines(rehearsal)).toEqual([
      'day_0 Fri Oct 23 17:50 +02:00 whatsapp template',
      'opt_out Fri Oct 23 18:50 +02:00 3',
      'opt_out_confirmation Fri Oct 23 18:50 +02:00 whatsapp free',
      'day_2 Sun Oct 25 10:00 +01:00 cancelled opted_out',
      'day_7 Fri Oct 30 10:00 +01:00 cancelled opted_out',
      'day_14 Fri Nov 6 10:00 +01:00 cancelled opted_out',
    ]);
    expect(problemsOf(stageIn(STOCKHOLM), rehearsal)).toEqual([]);
  });

  test('a reply after the last step finds nothing to cancel', async () => {
    const rehearsal = await play(stageIn(STOCKHOLM), { ending: { kind: 'reply', day: 20 } });
    expect(lines(rehearsal).at(-1)).toBe('reply Thu Nov 12 12:00 +01:00 0');
  });

  test('without approved templates SMS stands in, and the first message still says how to opt out', async () => {
    const rehearsal = await play(stageIn(STOCKHOLM, { approved: false, language: 'sv' }), { language: 'sv' });
    expect(lines(rehearsal).map((line) => line.split(' ').slice(-2).join(' '))).toEqual(Array(4).fill('sms free'));
    expect(bodies(rehearsal)[0]).toContain('STOPP');
    expect(bodies(rehearsal)[0]).toMatch(/\/o\/[\w-]{35}/);
  });

  test('where no channel may carry it, each step waits and says for what', async () => {
    const stage = stageIn('Asia/Kolkata', { approved: false });
    const rehearsal = await play(stage);
    expect(lines(rehearsal).every((line) => line.endsWith('held template_needed'))).toBe(true);
    expect(problemsOf(stage, rehearsal).map(({ step, reason }) => [step, reason])).toEqual([
      ['day_0', 'template_needed'],
      ['day_2', 'template_needed'],
      ['day_7', 'template_needed'],
      ['day_14', 'template_needed'],
    ]);
  });

  test('what waits for a person is cancelled by a reply as well', async () => {
    const stage = stageIn('Asia/Kolkata', { approved: false });
    const ended = await play(stage, { ending: { kind: 'reply', day: 5 } });
    expect(lines(ended).find((line) => line.startsWith('reply'))).toBe('reply Wed Oct 28 12:00 +05:30 4');
  });

  test('marketing does not go to US numbers by WhatsApp, and not on Sundays', async () => {
    expect(lines(await play(stageIn('America/New_York')))).toEqual([
      'day_0 Fri Oct 23 17:50 -04:00 whatsapp template',
      'day_2 Mon Oct 26 09:00 -04:00 sms free',
      'day_7 Fri Oct 30 10:00 -04:00 sms free',
      'day_14 Fri Nov 6 10:00 -05:00 sms free',
    ]);
  });

  test('a number that may belong to many zones waits until all of them are open', async () => {
    // 10:00 in Sydney is 07:00 in Perth
    expect(lines(await play(stageIn('Australia/Sydney')))[1]).toBe('day_2 Sun Oct 25 12:00 +11:00 whatsapp template');
  });

  test('a customer who is not on WhatsApp gets SMS', async () => {
    const rehearsal = await play(stageIn(STOCKHOLM), { only: 'sms' });
    expect(lines(rehearsal).every((line) => line.endsWith('sms free'))).toBe(true);
  });

  test('steps that come too close are moved, as the guard does it', async () => {
    const playbook = withSteps([
      { key: 'day_0', day: 0, template: 'drive_thanks' },
      { key: 'noon', day: 2, at: '12:00', template: 'drive_follow_up_1' },
      { key: 'evening', day: 2, at: '18:00', template: 'drive_follow_up_2' },
    ]);
    const stage = stageIn(STOCKHOLM, { playbook });
    const rehearsal = await play(stage, { at: '2026-11-24T10:42' });
    expect(lines(rehearsal).slice(1)).toEqual([
      'noon Thu Nov 26 12:00 +01:00 whatsapp template',
      'evening Fri Nov 27 09:00 +01:00 whatsapp template',
    ]);
    expect(problemsOf(stage, rehearsal)).toEqual([
      expect.objectContaining({
        rule: 'too_close',
        step: 'evening',
        where: 'test-drive/playbook.yaml cadence.steps[2]',
        message: 'is less than 12 hours after noon, so it leaves later than planned',
      }),
    ]);
  });
});

describe('any follow-up, anywhere, at any time', () => {
  const zones = ['Europe/Stockholm', 'America/New_York', 'America/Phoenix', 'Asia/Kolkata', 'Australia/Sydney'];
  const anyZone = fc.constantFrom(...zones, 'America/St_Johns', 'Pacific/Auckland', 'Africa/Cairo', 'Asia/Kathmandu');
  const anyStart = fc.integer({ min: Date.UTC(2025, 0, 1), max: Date.UTC(2029, 11, 31) }).map((time) => new Date(time));
  const anyEnding = fc.option(
    fc.record({ kind: fc.constantFrom('reply' as const, 'opt_out' as const), day: fc.integer({ min: 0, max: 20 }) }),
  );
  const texts = ['drive_thanks', 'drive_follow_up_1', 'drive_follow_up_2', 'drive_follow_up_3'];
  const anySteps = fc
    .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.option(fc.constantFrom('08:00', '12:30', '19:45', '23:00'))), {
      minLength: 1,
      maxLength: 6,
    })
    .map((list) =>
      list.map(([day, at], i) => ({ key: `s${i}`, day, template: texts[i % 4] ?? '', ...(at && { at }) })),
    );
  const anyHours = fc.constantFrom(undefined, { start: '09:00', end: '20:00' }, { start: '11:30', end: '14:00' });
  const HOUR = 3_600_000;

  /** Whether every clock the person may live by reads within the hours; asked of Luxon, not of the planner. */
  function inHours(at: Date, stage: Stage, { customer }: Rehearsal): boolean {
    const { start, end } = stage.settings.sendHours;
    return customer.place.zones.every((zone) => {
      const clock = DateTime.fromJSDate(at, { zone }).toFormat('HH:mm');
      return clock >= start && clock < end;
    });
  }

  const stepsOf = (entries: readonly Entry[]) => entries.flatMap((entry) => (entry.kind === 'step' ? [entry] : []));

  test('nothing leaves outside the hours, each step has one fate, in order and apart; a plan without times is sound', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyZone,
        anyStart,
        anySteps,
        anyEnding,
        anyHours,
        fc.boolean(),
        async (zone, start, steps, ending, hours, approved) => {
          const playbook = withSteps(steps);
          const stage = stageIn(zone, { playbook, approved, ...(hours && { hours }) });
          const rehearsal = await rehearse(stage, { zone, language: 'en', start, ...(ending && { ending }) });
          const entries = stepsOf(rehearsal.timeline);
          if (rehearsal.failure !== null) return; // hours that the law leaves nothing of
          expect(entries.map(({ step }) => step).sort()).toEqual(steps.map(({ key }) => key).sort());

          const sent = entries.filter(({ fate }) => fate.kind === 'sent');
          for (const { at } of sent) {
            expect(at >= start).toBe(true);
            expect(inHours(at, stage, rehearsal)).toBe(true);
          }
          for (const [index, { at }] of sent.slice(1).entries()) {
            expect(at.getTime() - (sent[index]?.at.getTime() ?? 0)).toBeGreaterThanOrEqual(12 * HOUR);
          }
          const end = rehearsal.timeline.findIndex(({ kind }) => kind === 'reply' || kind === 'opt_out');
          expect(end >= 0).toBe(ending !== null);
          const after = ending ? stepsOf(rehearsal.timeline.slice(end)) : [];
          expect(after.every(({ fate }) => fate.kind === 'cancelled')).toBe(true);
          const rules = problemsOf(stage, rehearsal).map(({ rule }) => rule);
          expect(rules.filter((rule) => !['not_sent', 'too_close', 'order'].includes(rule))).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('the product’s own plan has no problem, from any start', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyZone,
        anyStart,
        fc.constantFrom('en', 'sv', 'de', 'es', 'hi'),
        async (zone, start, language) => {
          const stage = stageIn(zone, { language });
          const rehearsal = await rehearse(stage, { zone, language, start });
          expect(problemsOf(stage, rehearsal)).toEqual([]);
          expect(rehearsal.timeline.map((entry) => entry.kind === 'step' && entry.step)).toEqual([
            'day_0',
            'day_2',
            'day_7',
            'day_14',
          ]);
          expect(bodies(rehearsal).join('')).not.toMatch(/[{}]/);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('two runs never differ', async () => {
    await fc.assert(
      fc.asyncProperty(anyZone, anyStart, anyEnding, async (zone, start, ending) => {
        const script = { zone, language: 'en', start, ...(ending && { ending }) };
        expect(await rehearse(stageIn(zone), script)).toEqual(await rehearse(stageIn(zone), script));
      }),
      { numRuns: 30 },
    );
  });
});

describe('telling starts', () => {
  test('the start itself, Fridays before both changes of the clock, a Saturday night and the New Year', () => {
    const starts = tellingStarts(local('2026-10-20T09:00', STOCKHOLM), STOCKHOLM);
    expect(starts.map((at) => when(at, STOCKHOLM))).toEqual([
      'Tue Oct 20 09:00 +02:00',
      'Fri Oct 23 17:50 +02:00',
      'Fri Mar 26 17:50 +01:00',
      'Sat Oct 24 23:30 +02:00',
      'Fri Jan 1 00:30 +01:00',
    ]);
  });

  test('where the clock never changes there are fewer', () => {
    const starts = tellingStarts(local('2026-10-20T09:00', 'Asia/Kolkata'), 'Asia/Kolkata');
    expect(starts.map((at) => when(at, 'Asia/Kolkata').slice(0, 16))).toEqual([
      'Tue Oct 20 09:00',
      'Fri Oct 30 17:50',
      'Sat Oct 24 23:30',
      'Fri Jan 1 00:30 ',
    ]);
  });
});

test('a sound plan has no problem of its own', () => {
  expect(planProblems(stageIn(STOCKHOLM))).toEqual([]);
});
