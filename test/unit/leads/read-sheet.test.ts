import { describe, expect, test } from '@jest/globals';
import { recognise } from '../../../src/leads/import/headings.ts';
import { readSheet } from '../../../src/leads/import/read-sheet.ts';
import { csvCell } from '../../../src/lib/csv.ts';
import { problemsCsv } from '../../../src/slack/import/progress.ts';
import { loadPlaybooks } from '../../../src/tenants/index.ts';
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
