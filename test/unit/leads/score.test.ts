import { describe, expect, test } from '@jest/globals';
import { bandOf, isHighValue, type Scored, scoreOf } from '../../../src/leads/score/score.ts';
import { loadPlaybooks, type ScoreCard } from '../../../src/tenants/index.ts';
import { CONVERSATIONS } from '../../support/rehearsal.ts';
import { createRandom } from '../../support/seeds.ts';

const playbooks = loadPlaybooks(CONVERSATIONS);
const cardOf = (key: string): ScoreCard => {
  const { score } = playbooks.get(key);
  if (!score) throw new Error(`${key} is not scored`);
  return score;
};
const corporate = cardOf('corporate-travel');
const points = (fields: Record<string, string>, miles?: number) =>
  scoreOf(corporate, { fields, enriched: miles === undefined ? {} : { miles } }).points;

describe('the points of a corporate enquiry (C2)', () => {
  test.each([
    [{}, undefined, 0],
    [{ company: 'Acme' }, undefined, 10],
    [{ value: '0' }, undefined, 10],
    [{ value: '499' }, undefined, 10],
    [{ value: '499.99' }, undefined, 10],
    [{ value: '500' }, undefined, 20],
    [{ value: '999.99' }, undefined, 20],
    [{ value: '1000' }, undefined, 30],
    [{ service: 'corporate' }, undefined, 25],
    [{ service: 'airport' }, undefined, 20],
    [{ service: 'events' }, undefined, 15],
    [{ service: 'wedding' }, undefined, 15],
    [{ service: 'hourly' }, undefined, 10],
    [{}, 0, 15],
    [{}, 25, 15],
    [{}, 26, 10],
    [{}, 50, 10],
    [{}, 51, 5],
    [{}, 100, 5],
    [{}, 101, 0],
    [{ group_size: '0' }, undefined, 0],
    [{ group_size: '1' }, undefined, 5],
    [{ group_size: '3' }, undefined, 5],
    [{ group_size: '4' }, undefined, 10],
    [{ group_size: '7' }, undefined, 10],
    [{ group_size: '8' }, undefined, 15],
    [{ company: 'Acme', value: '1500', service: 'corporate', group_size: '12' }, 10, 95],
  ])('%j at %s miles gives %i', (fields, miles, expected) => {
    expect(points(fields as Record<string, string>, miles)).toBe(expected);
  });

  test('a company that was found out counts like one that was written', () => {
    const found = scoreOf(corporate, { fields: {}, enriched: { found: { company: 'Acme' } } });
    expect(found.points).toBe(10);
    expect(found.parts.find(({ factor }) => factor === 'company')).toEqual({
      factor: 'company',
      points: 10,
      most: 10,
      read: 'found',
    });
  });

  test.each([
    [100, 'critical'],
    [80, 'critical'],
    [79, 'high'],
    [60, 'high'],
    [59, 'medium'],
    [40, 'medium'],
    [39, 'low'],
    [0, 'low'],
  ])('%i points are %s', (score, band) => expect(bandOf(corporate, score).key).toBe(band));

  test('more than 1,000 is high value, 1,000 is not', () => {
    expect(isHighValue(corporate, { value: '1000' })).toBe(false);
    expect(isHighValue(corporate, { value: '1000.01' })).toBe(true);
    expect(isHighValue(corporate, {})).toBe(false);
  });
});

test('a weight is the most that a factor gives; its tiers keep their proportion', () => {
  const weighed = (value: string) =>
    scoreOf(corporate, { fields: { value }, enriched: {} }, { value: 60 }).parts.find(
      ({ factor }) => factor === 'value',
    );
  expect(weighed('2000')).toMatchObject({ points: 60, most: 60 });
  expect(weighed('700')).toMatchObject({ points: 40, most: 60 });
  expect(scoreOf(corporate, { fields: { value: '2000' }, enriched: {} }, { value: 0 }).points).toBe(0);
});

test('whatever is scored: 0 to 100, the sum of its parts, and more of a good thing never gives less', () => {
  const random = createRandom(7);
  for (let round = 0; round < 500; round++) {
    for (const key of ['corporate-travel', 'home-services']) {
      const card = cardOf(key);
      const lead: Scored = {
        fields: Object.fromEntries(
          playbooks.get(key).fields.flatMap((field) => {
            if (random.next() < 0.4) return [];
            if (field.type === 'choice') return [[field.key, random.pick(Object.keys(field.options ?? {}))]];
            return field.type === 'number' || field.type === 'money'
              ? [[field.key, String(random.between(0, 3000))]]
              : [[field.key, 'x']];
          }),
        ),
        enriched: random.next() < 0.5 ? { miles: random.between(0, 300) } : {},
      };
      const weights = Object.fromEntries(
        Object.keys(card.factors).flatMap((factor) => (random.next() < 0.5 ? [[factor, random.between(0, 100)]] : [])),
      );
      const score = scoreOf(card, lead, weights);
      expect(score.points).toBe(
        Math.min(
          100,
          score.parts.reduce((sum, part) => sum + part.points, 0),
        ),
      );
      for (const part of score.parts) {
        expect(part.points).toBeGreaterThanOrEqual(0);
        expect(part.points).toBeLessThanOrEqual(part.most);
      }
      const nearer = { ...lead, enriched: { miles: Math.max(0, (lead.enriched.miles ?? 500) - 30) } };
      expect(scoreOf(card, nearer, weights).points).toBeGreaterThanOrEqual(score.points);
    }
  }
});
