import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import type { Line } from './report.ts';

/*
 * The table as a picture: a bar for each promise, to the right of the mark where it is kept and to the left where it is
 * not, each grid line ten times the one before. A light card of its own, so that it reads on a light and a dark page.
 */

const WIDTH = 1200;
const MARGIN = 40;
const TOP = 96;
const ROW = 34;
const LABELS = 500;
const FIGURES = 300;
/** The axis goes from a tenth of a target to a thousand times it. */
const [LEAST, MOST] = [0.1, 1000];
const INK = '#1f2430';
const QUIET = '#5b6373';
const LINE = '#e3e6ec';
const MET = '#1f7a4d';
const SHORT = '#b4442f';

const { resolve } = createRequire(import.meta.url);
const FONT_FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'].map((file) =>
  resolve(`@expo-google-fonts/inter/${file}`),
);

/** Writes the lines that promise something as a picture, `.svg` or `.png` by the file's name. */
export function writePicture(file: string, lines: readonly Line[], machine: string): void {
  const svg = pictureOf(lines, machine);
  if (file.endsWith('.svg')) {
    writeFileSync(file, svg);
    return;
  }
  const font = { fontFiles: FONT_FILES, loadSystemFonts: false, defaultFontFamily: 'Inter' };
  writeFileSync(file, new Resvg(svg, { fitTo: { mode: 'width', value: WIDTH * 2 }, font }).render().asPng());
}

type Bar = Line & { reached: number };

/** Of the many views one bar for each kind: the one that is nearest to its limit. Pure. */
function barsOf(lines: readonly Line[]): Bar[] {
  const bars = new Map<string, Bar>();
  for (const line of lines) {
    if (line.target === undefined) continue;
    const bar = { ...line, reached: line.reached ?? LEAST };
    const kind = line.bench === 'views' ? (/: (\/?\w+)/.exec(line.what)?.[1] ?? line.what) : line.what;
    const known = bars.get(`${line.bench} ${kind}`);
    if (!known || bar.reached < known.reached) bars.set(`${line.bench} ${kind}`, bar);
  }
  return [...bars.values()];
}

/** The picture as SVG. Pure. */
export function pictureOf(lines: readonly Line[], machine: string): string {
  const bars = barsOf(lines);
  const left = MARGIN + LABELS;
  const width = WIDTH - 2 * MARGIN - LABELS - FIGURES;
  const at = (reached: number) => {
    const within = Math.min(MOST, Math.max(LEAST, reached));
    return left + (width * Math.log(within / LEAST)) / Math.log(MOST / LEAST);
  };
  const bottom = TOP + bars.length * ROW;
  const grid = [0.1, 1, 10, 100, 1000].map(
    (reached) =>
      `<line x1="${at(reached)}" x2="${at(reached)}" y1="${TOP - 12}" y2="${bottom}" stroke="${reached === 1 ? INK : LINE}" stroke-width="${reached === 1 ? 2 : 1}"/>` +
      text(`${reached} ×`, at(reached), TOP - 20, { fill: QUIET, anchor: 'middle', size: 13 }),
  );
  const rows = bars.map((bar, index) => {
    const middle = TOP + index * ROW + ROW / 2;
    const [from, to] = [at(Math.min(1, bar.reached)), at(Math.max(1, bar.reached))];
    const colour = bar.met ? MET : SHORT;
    return (
      text(cut(`${bar.bench}: ${bar.what}`, 66), MARGIN, middle + 5, { fill: INK, size: 14 }) +
      `<rect x="${from}" y="${middle - 9}" width="${Math.max(2, to - from)}" height="18" rx="3" fill="${colour}"/>` +
      text(cut(bar.compared ?? bar.figure, 44), WIDTH - MARGIN, middle + 5, { fill: QUIET, anchor: 'end', size: 13 })
    );
  });
  const height = bottom + 56;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="Inter, sans-serif">`,
    `<rect width="${WIDTH}" height="${height}" rx="16" fill="#ffffff" stroke="${LINE}"/>`,
    text('How many times over each promise is kept', MARGIN, 46, { fill: INK, size: 22, weight: 600 }),
    ...grid,
    ...rows,
    text(machine, MARGIN, height - 22, { fill: QUIET, size: 13 }),
    '</svg>',
  ].join('\n');
}

interface Looks {
  fill: string;
  size: number;
  anchor?: 'start' | 'middle' | 'end';
  weight?: number;
}

function text(words: string, x: number, y: number, { fill, size, anchor = 'start', weight = 400 }: Looks): string {
  return `<text x="${x}" y="${y}" fill="${fill}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}">${escaped(words)}</text>`;
}

const cut = (words: string, most: number) => (words.length > most ? `${words.slice(0, most - 1)}…` : words);
const escaped = (words: string) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
