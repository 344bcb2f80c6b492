import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type BookingId, calendarFile } from '../../../src/bookings/index.ts';
import { csvCell } from '../../../src/lib/csv.ts';
import { nestsTooDeep, parseForeign } from '../../../src/lib/json.ts';
import { letterPage } from '../../../src/messaging/mail/page.ts';
import { compileTemplate } from '../../../src/messaging/render.ts';
import { escapeMarkup } from '../../../src/slack/text.ts';
import { TEXTS } from '../../support/hostile.ts';

/* What people write is text wherever it comes out again. */

const hostile = fc.oneof(fc.constantFrom(...TEXTS), fc.string({ unit: 'binary', maxLength: 60 }));
const RUNS = { seed: 84, numRuns: 150 };

describe('what people write', () => {
  test('is no markup of a letter, and its links lead where they say', () => {
    fc.assert(
      fc.property(hostile, hostile, (words, business) => {
        const said = `Hej ${words} https://a.example/x ${words}\n\n${words}`;
        const page = letterPage({ subject: words, language: 'sv', business, accent: '#1f4fa3', words: said });
        expect(page).not.toMatch(/<script|<img|<iframe|\son\w+=/i);
        for (const [, address = ''] of page.matchAll(/href="([^"]*)"/g)) expect(address).toMatch(/^https?:\/\//);
      }),
      RUNS,
    );
  });

  test('is no formula of a spreadsheet, and stays one cell', () => {
    fc.assert(
      fc.property(hostile, (words) => {
        const cell = csvCell(words);
        const plain = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        expect(plain).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
        expect(plain.endsWith(words)).toBe(true);
        if (!cell.startsWith('"')) expect(cell).not.toMatch(/[",\r\n]/);
      }),
      RUNS,
    );
  });

  test('is no variable of a template', () => {
    const template = compileTemplate('Hej {name}, om {car}.');
    for (const words of TEXTS) {
      if (!/[\p{L}\p{N}]/u.test(words) || words.length > 255) continue;
      const text = template.render({ name: words, car: '{name}' });
      expect(text).toMatch(/om \(name\)\.$/);
      expect(text).not.toMatch(/[{}\r\n\0]/);
    }
  });

  test('is no mention, link or call in Slack', () => {
    fc.assert(
      fc.property(hostile, (words) => expect(escapeMarkup(words)).not.toMatch(/[<>]|&(?!(?:amp|lt|gt);)/)),
      RUNS,
    );
  });

  test('is no line of a calendar file', () => {
    const at = new Date('2026-11-28T10:00:00Z');
    const booking = { id: 'x' as BookingId, startsAt: at, endsAt: at, state: 'booked' as const, moves: 0 };
    for (const words of TEXTS) {
      const said = { summary: words, location: words, description: words, url: 'https://a.example' };
      const file = calendarFile(booking, said, { now: at, host: 'a.example' }).replaceAll('\r\n ', '');
      const names = file.split('\r\n').map((line) => line.split(':')[0]);
      expect(names.filter((name) => name === 'URL' || name === 'UID' || name === 'SUMMARY')).toHaveLength(3);
      expect(file.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/);
    }
  });
});

test('JSON of strangers is read as deep as anybody honestly writes, and no deeper', () => {
  const deep = (levels: number) => `${'[{"a":'.repeat(levels)}1${'}]'.repeat(levels)}`;
  expect(parseForeign(deep(30))).toEqual(JSON.parse(deep(30)));
  expect(() => parseForeign(deep(40))).toThrow(SyntaxError);
  expect(nestsTooDeep(JSON.stringify({ text: `${'['.repeat(500)}\\"${'{'.repeat(500)}` }))).toBe(false);
  expect(nestsTooDeep(`"${'['.repeat(500)}`)).toBe(false);
});
