import { describe, expect, test } from '@jest/globals';
import { amountOf } from '../../../src/lib/amounts.ts';
import { readAsk } from '../../../src/slack/reports/ask.ts';
import { csvOf } from '../../../src/slack/reports/csv.ts';
import { duration, money, percent, trend, trendOfShare, trendOfTime } from '../../../src/slack/reports/words.ts';

const NOW = new Date('2026-11-25T09:00:00Z');
const ask = (text: string) => {
  const { scope, period, key } = readAsk(text, NOW, 'Europe/Stockholm');
  return [scope ?? '-', key, period.from, period.to].join(' ');
};

describe('what is typed after /kpi', () => {
  test.each([
    ['', '- week 2026-11-23 2026-11-25'],
    ['Week', '- week 2026-11-23 2026-11-25'],
    ['last week TEAM', 'team week-1 2026-11-16 2026-11-22'],
    ['me this month', 'me month 2026-11-01 2026-11-25'],
    ['mine quarterly', 'me quarter 2026-10-01 2026-11-25'],
    ['2026-11-01..2026-11-15', '- 2026-11-01..2026-11-15 2026-11-01 2026-11-15'],
    ['2026-11-1 to 2026-11-15 all', 'all 2026-11-01..2026-11-15 2026-11-01 2026-11-15'],
    ['2026-11-15 … 2026-11-01', '- 2026-11-01..2026-11-15 2026-11-01 2026-11-15'],
    ['2026-11-05', '- 2026-11-05..2026-11-05 2026-11-05 2026-11-05'],
    ['last 7 days', '- 2026-11-19..2026-11-25 2026-11-19 2026-11-25'],
    ['30d team', 'team 2026-10-27..2026-11-25 2026-10-27 2026-11-25'],
    ['everybody today', 'tenant today 2026-11-25 2026-11-25'],
  ])('%j', (text, understood) => {
    expect(ask(text)).toBe(understood);
  });

  test.each([
    ['wek', 'Did you mean “week”?'],
    ['tema', 'Did you mean “team”?'],
    ['2026-02-30', '“2026-02-30” is no period.'],
    ['0 days', '“0 days” is no period.'],
    ['<!channel>', 'Write for example /kpi week'],
  ])('%j gets a helpful answer', (text, answer) => {
    expect(() => ask(text)).toThrow(expect.objectContaining({ userMessage: expect.stringContaining(answer) }));
  });
});

describe('numbers in words', () => {
  test.each([
    [percent(0.634), '63 %'],
    [percent(0.0119), '1.2 %'],
    [percent(0), '0 %'],
    [percent(null), '–'],
    [duration(38), '38 s'],
    [duration(240), '4 min'],
    [duration(7500), '2 h 5 min'],
    [duration(3_599), '1 h'],
    [duration(300_000), '3 d'],
    [trend(41, 35), '▲ up 6'],
    [trend(1, 1001), '▼ down 1,000'],
    [trend(0, 0), ''],
    [trend(3, 3), 'as before'],
    [trendOfShare(0.63, 0.59), '▲ up 4 points'],
    [trendOfShare(0.5, null), ''],
    [trendOfTime(120, 240), '▼ 2 min quicker'],
    [money(84_000, 'SEK'), '84,000 kr'],
    [money(0.85, 'SEK'), '0.85 kr'],
    [money(-1200, 'USD'), '-$1,200'],
    [money(1200, null), '1,200'],
  ])('%s', (said, expected) => {
    expect(said).toBe(expected);
  });

  test.each([
    ['28000', 28_000],
    ['28 000', 28_000],
    ['28,000.50', 28_000.5],
    ['28.000,5', 28_000.5],
    ['0.85', 0.85],
    ['12,34,56x', undefined],
    ['', undefined],
  ])('an amount typed as %j', (text, amount) => {
    expect(amountOf(text)).toBe(amount);
  });

  test('a spreadsheet gets no formulas, and commas stay in their cell', () => {
    const row = { day: '2026-11-25', measure: 'captured' as const, template: '', channel: '', n: 2, total: 0 };
    const csv = csvOf([
      { ...row, key: '=1+1' },
      { ...row, key: 'a,"b"' },
      { ...row, measure: 'revenue', key: 'test_drive', total: 1_234_550 },
    ]);
    expect(csv.split('\r\n').slice(1, 4)).toEqual([
      "2026-11-25,captured,'=1+1,,,2,,",
      '2026-11-25,captured,"a,""b""",,,2,,',
      '2026-11-25,revenue,test_drive,,,2,,12345.50',
    ]);
  });
});
