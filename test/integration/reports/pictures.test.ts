import { afterAll, expect, test } from '@jest/globals';
import { createPictures, type Drawing } from '../../../src/reports/index.ts';
import { builtProduct } from '../../support/build.ts';

const home = await builtProduct(); // from source it would be translated first, each time
const pictures = createPictures({ home, pictures: 3, patienceMs: 60_000 });
afterAll(() => pictures.stop());

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const drawing = (changes: Partial<Drawing> = {}): Drawing => ({
  title: 'Week 47 · Nordic Motors',
  subtitle: 'Mon 16 Nov to Sun 22 Nov',
  before: 'the week before',
  panels: ['Drives', 'Replies', 'Deals'].map((name) => ({
    name,
    total: '12',
    note: '2 more than before',
    colour: '#2563eb',
    labels: DAYS,
    now: [1, 2, 3, 0, 4, 1, null],
    past: [2, 2, 2, 2, 2, 2, 2],
  })),
  funnel: [
    { name: 'Logged', n: 12 },
    { name: 'Won', n: 2 },
  ],
  ...changes,
});

const size = (png: Buffer) => [png.readUInt32BE(16), png.readUInt32BE(20)];

test('a drawing becomes a PNG in which every word and bar counts, in a process that is replaced', async () => {
  const first = await pictures.draw(drawing());
  expect(first.subarray(1, 4).toString()).toBe('PNG');
  expect(size(first)).toEqual([1200, 760]);
  // the same again is the same, so what differs below is what was changed
  expect((await pictures.draw(drawing())).equals(first)).toBe(true);
  const [retitled, relabelled, empty] = await Promise.all([
    pictures.draw(drawing({ title: 'Week 47 · Nordic Motor' })),
    pictures.draw(drawing({ panels: drawing().panels.map((panel) => ({ ...panel, labels: DAYS.map(() => 'Day') })) })),
    pictures.draw(drawing({ panels: drawing().panels.map((panel) => ({ ...panel, now: [0, 0, 0, 0, 0, 0, 0] })) })),
  ]);
  for (const other of [retitled, relabelled, empty]) expect(other.equals(first)).toBe(false);
  // åäö and a name in Hindi do not break it
  expect(size(await pictures.draw(drawing({ title: 'Vecka 47 · Bilhuset Åkersberga – नमस्ते' })))).toEqual([1200, 760]);
}, 120_000);

test('a process that does not answer in time fails that picture, and the next one is drawn', async () => {
  const hasty = createPictures({ home, patienceMs: 1 });
  await expect(hasty.draw(drawing())).rejects.toThrow('not drawn');
  hasty.stop();
  expect(size(await pictures.draw(drawing()))).toEqual([1200, 760]);
}, 120_000);
