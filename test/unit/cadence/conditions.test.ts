import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { planRows } from '../../../src/cadence/index.ts';
import { type AddressId, derivedId, type LeadId, type PersonId } from '../../../src/lib/ids.ts';
import { rehearse, survey } from '../../../src/messaging/rehearse/index.ts';
import {
  type Amounts,
  answersFor,
  type CadenceStep,
  type Condition,
  isMeantFor,
  meansTheSame,
  overlayFindings,
  type Playbook,
  stepSchema,
  stepWords,
} from '../../../src/tenants/index.ts';
import { settingsSchema } from '../../../src/tenants/settings.ts';
import { stageIn } from '../../support/rehearsal.ts';
import { texts } from '../../support/texts.ts';

/* Steps that are for some answers only (002, `triggerConditions`). */

const travel = texts().playbooks.get('corporate-travel');
const [opening] = travel.cadence.steps;
if (!opening) throw new Error('a cadence without steps');
const ZONE = 'Europe/Stockholm';
const START = new Date('2026-11-24T09:42:00Z');

const withSteps = (steps: readonly CadenceStep[]): Playbook => ({ ...travel, cadence: { ...travel.cadence, steps } });

/** Keys of the steps that are planned for a lead with these answers, in order of time. */
function planned(playbook: Playbook, fields: Record<string, string>): string[] {
  const { tenant, settings, routing } = stageIn(ZONE, { playbook });
  const person = { id: derivedId<PersonId>('condition', 'person'), name: 'Anna', language: 'en', zone: ZONE };
  const lead = {
    leadId: derivedId<LeadId>('condition', 'lead'),
    person: { ...person, place: { country: 'SE', zones: [ZONE], states: [], sure: true } },
    addresses: [
      { id: derivedId<AddressId>('condition', 'mail'), kind: 'email' as const, value: 'a@b.example', unreachable: [] },
    ],
    suppressed: [],
    playbook,
    tenant,
    capturedAt: START,
    fields,
    consented: true,
  };
  return planRows(lead, settings, routing).map(({ step }) => step);
}

const values = fc.subarray(['corporate', 'airport', 'wedding'], { minLength: 1 });
const bound = fc.constantFrom(0, 2, 4.5, 7);
const amounts = fc.oneof(
  fc.record({ atLeast: bound }),
  fc.record({ atMost: bound }),
  fc.tuple(bound, bound).map(([a, b]) => ({ atLeast: Math.min(a, b), atMost: Math.max(a, b) })),
);
const conditions = fc.option(fc.record({ service: values, kind: values, value: amounts }, { requiredKeys: [] }), {
  nil: undefined,
});
const answers = fc.record(
  {
    service: fc.constantFrom('', 'corporate', 'airport', 'wedding', 'hourly'),
    kind: fc.constantFrom('airport', 'x'),
    value: fc.constantFrom('', '0', '2', '4.5', '5', '10'),
  },
  { requiredKeys: [] },
);

interface Asked {
  service?: string[];
  kind?: string[];
  value?: { atLeast?: number; atMost?: number };
}

describe('what is planned', () => {
  test('is what is for the lead: each field of a condition has one of its values, and who has not answered has none', () => {
    fc.assert(
      fc.property(fc.array(conditions, { maxLength: 6 }), answers, (asked, told) => {
        const fields: Record<string, string> = { ...told };
        const later = asked.map((when, n): CadenceStep => {
          const step = { key: `day_${n + 1}`, day: n + 1, template: 'inquiry_details' };
          return when === undefined ? step : { ...step, when: when as Record<string, Condition> };
        });
        const wanted = later.filter((_, n) => {
          const when: Asked = asked[n] ?? {};
          const { service, kind, value } = when;
          if (service && !service.some((each) => each === fields.service)) return false;
          if (value && !fields.value) return false;
          if (value?.atLeast !== undefined && !(Number(fields.value) >= value.atLeast)) return false;
          if (value?.atMost !== undefined && !(Number(fields.value) <= value.atMost)) return false;
          return !kind || kind.some((each) => each === fields.kind);
        });
        const keys = ['day_0', ...wanted.map(({ key }) => key)];
        expect(planned(withSteps([opening, ...later]), fields)).toEqual(keys);
      }),
      { numRuns: 60 },
    );
  });

  test('whoever answers the least that a step asks for gets it, and the same answers mean the same steps', () => {
    fc.assert(
      fc.property(conditions, answers, answers, (when, one, other) => {
        const step = { ...opening, ...(when && { when: when as Record<string, Condition> }) };
        expect(isMeantFor(step, answersFor(step))).toBe(true);
        const same = isMeantFor(step, { ...one }) === isMeantFor(step, { ...other });
        expect(meansTheSame({ steps: [step] }, { ...one }, { ...other })).toBe(same);
      }),
    );
  });

  test('of corporate travel: conditions for many trips or for one occasion, neither where nobody said what it is for', () => {
    const days = ['day_0', 'day_3', 'day_14'];
    const sevenths = (service?: string) =>
      planned(travel, service === undefined ? {} : { service }).filter((key) => !days.includes(key));
    expect(['corporate', 'airport', 'hourly'].map(sevenths)).toEqual([['day_7'], ['day_7'], ['day_7']]);
    expect(['events', 'wedding'].map(sevenths)).toEqual([['day_7_occasion'], ['day_7_occasion']]);
    expect(sevenths()).toEqual([]);
  });
});

describe('a condition is refused', () => {
  const problems = (steps: readonly CadenceStep[]) =>
    overlayFindings(travel, settingsSchema.parse({ cadences: { [travel.key]: { steps } } })).map(
      ({ path, message }) => `${path}: ${message}`,
    );
  let serial = 0;
  const later = (when: Record<string, Condition>, day = 3): CadenceStep => ({
    key: `later_${++serial}`,
    day,
    template: 'inquiry_details',
    when,
  });

  test.each([
    [{ services: ['wedding'] }, 'cadence.steps[1].when.services: services is not a field of the playbook'],
    [
      { company: ['acme'] },
      'cadence.steps[1].when.company: company is of type text; a condition names values of a choice',
    ],
    [
      { service: ['wedding', 'weding'] },
      'cadence.steps[1].when.service: weding is not an option of service; options are corporate, airport, events, wedding, hourly',
    ],
    [{ service: ['wedding', 'wedding'] }, 'cadence.steps[1].when.service: wedding is there twice'],
    [
      { service: { atLeast: 2 } },
      'cadence.steps[1].when.service: service is of type choice; only a number or money is at least or at most',
    ],
    [{ value: ['many'] }, 'cadence.steps[1].when.value: value is of type money; a condition names values of a choice'],
    [{ group_size: { atLeast: 5001 } }, 'cadence.steps[1].when.group_size: group_size is never more than 5000'],
  ])('%j', (when, problem) => {
    expect(problems([opening, later(when)])).toEqual([problem]);
  });

  test('on the first step: every lead has to read who writes', () => {
    expect(problems([{ ...opening, when: { service: ['wedding'] } }])).toEqual([
      'cadence.steps[0].when: the first one is for every lead: it says who writes',
    ]);
  });

  test.each([[{}], [{ atLeast: 5, atMost: 4 }], [{ atLeast: -1 }], [{ atLeast: '5' }], [{ more: 5 }]])(
    'an amount that is none: %j',
    (value) => {
      expect(stepSchema.safeParse({ ...later({ value: {} }), when: { value } }).success).toBe(false);
      expect(stepSchema.safeParse(later({ value: { atLeast: 4, atMost: 5 } })).success).toBe(true);
    },
  );

  test('two steps for amounts have one time only where these do not meet', () => {
    const at = (one: Amounts, other: Amounts) => problems([opening, later({ value: one }), later({ value: other })]);
    expect(at({ atMost: 4999.99 }, { atLeast: 5000 })).toEqual([]);
    expect(at({ atLeast: 8 }, { atLeast: 2, atMost: 7 })).toEqual([]);
    for (const [one, other] of [
      [{ atMost: 5000 }, { atLeast: 5000 }],
      [{ atLeast: 5 }, { atLeast: 8 }],
      [{ atLeast: 2, atMost: 7 }, { atMost: 2 }],
    ] as const) {
      expect(at(one, other)).toEqual([expect.stringContaining('steps go in order of time')]);
    }
    expect(problems([opening, later({ value: { atLeast: 5 } }), later({ service: ['wedding'] })])).toHaveLength(1);
  });

  test('two steps have one time only where nobody is given both', () => {
    const [one, other] = [later({ service: ['wedding'] }), later({ service: ['airport', 'hourly'] })];
    expect(problems([opening, one, other])).toEqual([]);
    const both = later({ service: ['hourly', 'wedding'] });
    expect(problems([opening, one, other, both])).toEqual([
      `cadence.steps[3]: is not later than ${other.key}; steps go in order of time`,
    ]);
    expect(problems([opening, one, later({ service: ['airport'] }, 2)])).toEqual([
      `cadence.steps[2]: is not later than ${one.key}; steps go in order of time`,
    ]);
  });
});

describe('in words', () => {
  test('a step says whom it is for', () => {
    const step = { key: 'day_3', day: 3, template: 'inquiry_details', when: { service: ['wedding'] } };
    expect(stepWords(step)).toBe('Day 3, inquiry_details, only for service: wedding');
    const amount = (value: Amounts) => stepWords({ ...step, when: { group_size: value } });
    expect(amount({ atLeast: 5000 })).toBe('Day 3, inquiry_details, only for group size: at least 5,000');
    expect(amount({ atMost: 4.5 })).toContain('only for group size: at most 4.5');
    expect(amount({ atLeast: 0, atMost: 20 })).toContain('only for group size: 0 to 20');
  });

  test('a rehearsal plays one lead, lists only its steps, and looks at the others as well', async () => {
    const stage = stageIn(ZONE, { playbook: travel });
    const script = { zone: ZONE, language: 'en', start: START };
    const steps = async (answers?: Record<string, string>) =>
      (await rehearse(stage, { ...script, ...(answers && { answers }) })).timeline.flatMap((entry) =>
        entry.kind === 'step' ? [entry.step] : [],
      );
    expect(await steps()).toEqual(['day_0', 'day_3', 'day_7', 'day_14']);
    expect(await steps({ service: 'wedding' })).toEqual(['day_0', 'day_3', 'day_7_occasion', 'day_14']);
    expect(await steps({})).toEqual(['day_0', 'day_3', 'day_14']);

    // half an hour before the next step of its own lead, which is not the one that is shown
    const { steps: shipped } = travel.cadence;
    const near = shipped.map((each) => (each.key === 'day_7_occasion' ? { ...each, day: 14, at: '09:30' } : each));
    const late = stageIn(ZONE, { playbook: withSteps(near) });
    const rehearsal = await rehearse(late, script);
    const { findings, plans } = await survey({ stage: late, script, rehearsal }, [], () => late);
    expect(plans).toBe(2);
    expect(findings).toContainEqual(expect.objectContaining({ rule: 'too_close', step: 'day_14' }));
  });
});
