import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { recognise } from '../../../src/leads/import/headings.ts';
import { readSheet } from '../../../src/leads/import/read-sheet.ts';
import { csvCell } from '../../../src/lib/csv.ts';
import { isKnown } from '../../../src/lib/errors.ts';
import { problemsCsv } from '../../../src/slack/import/progress.ts';
import { loadPlaybooks } from '../../../src/tenants/index.ts';
import { TEXTS } from '../../support/hostile.ts';
import { CONVERSATIONS } from '../../support/rehearsal.ts';
import { createRandom, type Random } from '../../support/seeds.ts';

const playbooks = loadPlaybooks(CONVERSATIONS);
const drive = playbooks.get('test-drive');

const WORDS = [
  'Anna',
  'Åsa "Ö" Lindström',
  'a,b',
  'c;d',
  'e\tf',
  'two\nlines',
  "=cmd()|' /C calc'!A0",
  '+46 70',
  '',
  '  x ',
  'ß',
  "O'Hara",
];
const SEPARATORS = [',', ';', '\t'] as const;

/** A sheet as a spreadsheet would write it, with the cells that are meant. */
function someSheet(random: Random) {
  const columns = random.between(2, 6);
  const separator = random.pick(SEPARATORS);
  const ending = random.pick(['\n', '\r\n']);
  const headings = Array.from({ length: columns }, (_, index) => `Heading ${index}`);
  const rows = Array.from({ length: random.between(1, 12) }, () =>
    Array.from({ length: columns }, (_, index) => (index === 0 ? `row ${random.between(0, 999)}` : random.pick(WORDS))),
  );
  const quoted = (cell: string) =>
    /["\r\n]/.test(cell) || cell.includes(separator) || random.next() < 0.3 ? `"${cell.replaceAll('"', '""')}"` : cell;
  const text = [headings, ...rows].map((cells) => cells.map(quoted).join(separator)).join(ending);
  const meant = rows.map((cells) => cells.map((cell) => cell.trim()));
  return { text, headings, meant };
}

/** Windows-1252, as far as these words need it. */
const windows = (text: string) => Buffer.from(text, 'latin1');

describe('a file of a spreadsheet', () => {
  test('says what was meant, whatever separator, quotes, line ends, mark and encoding it was written with', () => {
    const random = createRandom(16);
    for (let round = 0; round < 400; round++) {
      const { text, headings, meant } = someSheet(random);
      const bytes = random.pick([
        () => Buffer.from(text),
        () => Buffer.from(`\ufeff${text}`),
        () => Buffer.from(`\ufeff${text}`, 'utf16le'),
        () => windows(text),
      ])();
      const sheet = readSheet(bytes);
      expect(sheet.headings).toEqual(headings);
      expect(sheet.rows.map(({ cells }) => cells)).toEqual(meant);
      expect(sheet.rows.map(({ place }) => place)).toEqual(meant.map((_, index) => index + 2));
    }
  });

  test('keeps the numbers that a spreadsheet shows, where lines are empty', () => {
    const { rows } = readSheet(Buffer.from('Name,Phone\n\nAnna,1\n,\nBo,2\n'));
    expect(rows.map(({ place, cells }) => [place, cells[0]])).toEqual([
      [3, 'Anna'],
      [5, 'Bo'],
    ]);
  });

  test.each([
    ['PK\u0003\u0004', 'workbook'],
    ['Name\u0000', 'not a text file'],
    ['Name,Phone\n', 'no rows'],
    ['', 'first row'],
    ['Name,Phone\nAnna,"070', 'never closed'],
  ])('that cannot be read says why: %j', (text, words) => {
    expect(() => readSheet(Buffer.from(text))).toThrow(
      expect.objectContaining({ userMessage: expect.stringContaining(words) }),
    );
  });

  test('never hands a formula back to a spreadsheet', () => {
    const csv = problemsCsv([{ place: 2, heading: '=A1', message: 'm', value: '=cmd()' }]);
    expect(csv).toContain(`2,'=A1,m,'=cmd()`);
    // and our own mark is taken off again when such a file comes back
    expect(readSheet(Buffer.from(`a,b\n${csvCell('=1')},x`)).rows[0]?.cells).toEqual(['=1', 'x']);
  });
});

describe('headings', () => {
  test.each([
    [
      ['Name', 'Mobile', 'Car', 'E-mail'],
      ['name', 'phone', 'fact:car', 'email'],
    ],
    [
      ['Förnamn', 'Efternamn', 'Mobilnr', 'Bil', 'Språk'],
      ['first_name', 'last_name', 'phone', 'fact:car', 'language'],
    ],
    [
      ['Vorname', 'Nachname', 'Handynummer', 'Fahrzeug', 'Einwilligung'],
      ['first_name', 'last_name', 'phone', 'fact:car', 'consent'],
    ],
    [
      ['Nombre', 'Apellidos', 'Teléfono móvil', 'Vehículo', 'Correo electrónico'],
      ['first_name', 'last_name', 'phone', 'fact:car', 'email'],
    ],
    [
      ['नाम', 'मोबाइल नंबर', 'गाड़ी', 'ईमेल'],
      ['name', 'phone', 'fact:car', 'email'],
    ],
    [
      ['Mobile', 'Phone', 'Whatever', ''],
      ['phone', '-', '-', '-'],
    ],
  ])('are recognised: %j', (headings, targets) => {
    expect(recognise(headings, drive)).toEqual(targets);
  });

  test('of a playbook are its own names first', () => {
    const travel = playbooks.get('corporate-travel');
    expect(recognise(['Contact', 'Company', 'Postnummer', 'Ort', 'Passengers', 'Estimated value'], travel)).toEqual([
      'name',
      'fact:company',
      'fact:postal_code',
      'fact:city',
      'fact:group_size',
      'fact:value',
    ]);
  });
});

test('a file with more lines than are read is refused, whatever is on them', () => {
  const lines = (count: number) => Buffer.from(`Name,Phone\nAnna,1\n${'\n'.repeat(count - 3)}Jo,2`);
  expect(readSheet(lines(20_000)).rows.map(({ place }) => place)).toEqual([2, 20_000]);
  expect(() => readSheet(lines(20_001))).toThrow(expect.objectContaining({ code: 'validation_error' }));
});

describe('a file that nobody should send', () => {
  /** What it holds, or what is said of it; anything else that is thrown fails the test. */
  const read = (bytes: Buffer) => {
    try {
      return readSheet(bytes);
    } catch (error) {
      if (isKnown(error) && error.code === 'validation_error') return error.userMessage;
      throw error;
    }
  };
  const cell = fc.oneof(
    fc.constantFrom(
      ...TEXTS,
      'Anna',
      '"',
      '""',
      '"a',
      'a"b',
      "'=1",
      '＝1',
      '{"a":"b"}',
      '{"__proto__":"x"}',
      '{',
      'sep=,',
    ),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const file = fc
    .tuple(
      fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 8 }),
      fc.constantFrom(',', ';', '\t', '|', '"', '\0'),
      fc.constantFrom('\n', '\r\n', '\r', '\n\r'),
      fc.constantFrom('', '\ufeff', '\ufeff\ufeff', 'sep=;\r\n', 'sep="\n', 'Name,fields\n', 'Name,Name\n'),
      fc.constantFrom('utf8', 'utf16le', 'latin1'),
      fc.nat(3),
    )
    .map(([rows, separator, ending, front, encoding, cut]) => {
      const bytes = Buffer.from(front + rows.map((cells) => cells.join(separator)).join(ending), encoding);
      return bytes.subarray(0, bytes.length - cut);
    });

  test('is read, or it is said why not; what is read holds no control character and fits its headings', () => {
    fc.assert(
      fc.property(file, (bytes) => {
        const sheet = read(bytes);
        if (typeof sheet === 'string') return;
        expect(sheet.headings.length).toBeLessThanOrEqual(60);
        expect(sheet.rows.length).toBeGreaterThan(0);
        const texts = [...sheet.headings, ...sheet.rows.flatMap(({ cells }) => cells)];
        expect(texts.filter((text) => /(?![\n\t])\p{Cc}/u.test(text) || text.length > 10_000)).toEqual([]);
        expect(recognise(sheet.headings, drive)).toHaveLength(sheet.headings.length);
      }),
      { seed: 86, numRuns: 300, endOnFailure: true },
    );
  });

  test('hands no formula back, whatever stands before it', () => {
    const formulas = ['=1+1', '+1', '-1', '@A1', '＝1', '＋1', '－1', '＠A1'];
    const sign = fc.constantFrom('', ' ', '\t', '\r', '\n', '\0', '\u00a0', '\ufeff', '\u200b', '\u3000', '"', "'");
    const value = fc.tuple(fc.array(sign, { maxLength: 3 }), fc.constantFrom(...formulas));
    fc.assert(
      fc.property(value, ([before, formula]) => {
        const [row] = readSheet(
          Buffer.from(`a,b\n"${before.join('').replaceAll('"', '""').replaceAll('\0', '')}${formula}",x`),
        ).rows;
        const [out = ''] = problemsCsv([{ place: 2, heading: '', message: '', value: row?.cells[0] ?? '' }])
          .split(/\r?\n/)
          .slice(1)
          .map((line) => line.slice(line.indexOf(',', 2) + 2));
        // a spreadsheet drops blanks and marks that are not seen before it looks for a formula
        expect(/^"?[\p{Z}\p{Cc}\p{Cf}]*[=+@＝＋＠－-]/u.test(out)).toBe(false);
      }),
      { seed: 87, numRuns: 150, endOnFailure: true },
    );
  });

  test.each<[string, Buffer, string]>([
    ['one cell of 4 MB', Buffer.from(`Name,Phone\n${'x'.repeat(4_000_000)},1`), ''],
    ['one line of 50 MB', Buffer.alloc(50_000_000, 'x'), 'larger than 5 MB'],
    ['5 MB of quotation marks', Buffer.alloc(4_999_999, '"'), 'never closed'],
    ['quotation marks in words', Buffer.from(`Name\n${'a"'.repeat(2_000_000)}`), ''],
    ['thousands of columns', Buffer.from(`${'a,'.repeat(5000)}\n${'1,'.repeat(5000)}`), '5001 columns'],
    ['a row with a million columns', Buffer.from(`Name,Phone\n${'1,'.repeat(1_000_000)}`), ''],
    ['two million empty lines', Buffer.from(`Name,Phone\n${'\n'.repeat(2_000_000)}`), 'more than 20000 lines'],
    ['UTF-16 without its mark', Buffer.from('Name,Phone\nAnna,1', 'utf16le'), 'not a text file'],
    ['half a character of UTF-16', Buffer.from('fffe4e0061', 'hex'), 'no rows'],
    ['headings twice', Buffer.from('Name,Name,Phone\nAnna,Bo,1'), ''],
    ['a very deep fact', Buffer.from(`Name,fields\nAnna,"${'['.repeat(100_000)}"`), ''],
  ])('of %s', (_name, bytes, words) => {
    const sheet = read(bytes);
    expect(typeof sheet === 'string' ? sheet : '').toContain(words);
    expect(typeof sheet).toBe(words === '' ? 'object' : 'string');
  });
});
