import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { BarChart } from 'echarts/charts';
import { GraphicComponent, GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { chartOf, HEIGHT, WIDTH } from './chart.ts';
import type { Drawing } from './drawing.ts';

use([BarChart, GraphicComponent, GridComponent, SVGRenderer]);

const { resolve } = createRequire(import.meta.url);
/** Letters come along: without a font file all text would silently be missing. */
const FONT_FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'].map((file) =>
  resolve(`@expo-google-fonts/inter/${file}`),
);

/** Draws a PNG. Takes native memory that is given back late: call it in a process that may end. */
export function draw(drawing: Drawing): Buffer {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption(chartOf(drawing));
    const svg = chart.renderToSVGString();
    const font = { fontFiles: FONT_FILES, loadSystemFonts: false, defaultFontFamily: 'Inter' };
    return new Resvg(svg, { fitTo: { mode: 'width', value: WIDTH }, font }).render().asPng();
  } finally {
    chart.dispose();
  }
}
