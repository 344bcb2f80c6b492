import type { EChartsCoreOption } from 'echarts/core';
import type { Drawing, Panel } from './drawing.ts';

/*
 * The chart of a drawing. A light card of its own, so that it reads the same in light and dark Slack; letters are large,
 * because a phone shows it a third as wide.
 */

export const WIDTH = 1200;
export const HEIGHT = 760;

const INK = '#1f2430';
const QUIET = '#5b6373';
const LINE = '#e3e6ec';
const FONT = 'Inter';
const MARGIN = 48;
const GAP = 44;
const PANEL_TOP = 284;
const PANEL_HEIGHT = 180;
const FUNNEL_TOP = 552;
const ROW = 46;
/** Room above the highest bar, for its number. */
const HEADROOM = 1.16;

const text = (words: string, left: number, top: number, size: number, more: object = {}) => ({
  type: 'text',
  left,
  top,
  silent: true,
  style: { text: words, fontFamily: FONT, fontSize: size, fill: INK, ...more },
});
const strong = { fontWeight: 600 };
const quiet = { fill: QUIET };
/** Long names are cut at the edge of the card. */
const oneLine = { width: WIDTH - 2 * MARGIN, overflow: 'truncate', ellipsis: '…' };

/** The option of ECharts. Pure. */
export function chartOf(drawing: Drawing): EChartsCoreOption {
  const { panels } = drawing;
  const width = (WIDTH - 2 * MARGIN - (panels.length - 1) * GAP) / panels.length;
  const left = (index: number) => MARGIN + index * (width + GAP);
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: panels.map((_, index) => ({ left: left(index), top: PANEL_TOP, width, height: PANEL_HEIGHT })),
    xAxis: panels.flatMap((panel, index) => [axisOf(panel, index, true), axisOf(panel, index, false)]),
    yAxis: panels.map((panel, index) => ({
      type: 'value',
      gridIndex: index,
      min: 0,
      max: HEADROOM * Math.max(4, ...panel.now.map(Number), ...panel.past.map(Number)),
      show: false,
    })),
    series: panels.flatMap((panel, index) => [
      bars(panel, index, panel.past, { at: 2 * index + 1, width: '86%', opacity: 0.22, labels: false }),
      bars(panel, index, panel.now, { at: 2 * index, width: '52%', opacity: 1, labels: panel.now.length <= 7 }),
    ]),
    graphic: {
      elements: [
        ...heading(drawing),
        ...panels.flatMap((panel, index) => headOf(panel, left(index))),
        ...funnel(drawing),
      ],
    },
  };
}

function heading({ title, subtitle, before }: Drawing): object[] {
  const card = { x: 1, y: 1, width: WIDTH - 2, height: HEIGHT - 2, r: 28 };
  return [
    { type: 'rect', z: -10, silent: true, shape: card, style: { fill: '#ffffff', stroke: LINE, lineWidth: 2 } },
    text(title, MARGIN, 38, 38, { ...strong, ...oneLine }),
    text(`${subtitle} · pale: ${before}`, MARGIN, 90, 24, { ...quiet, ...oneLine }),
  ];
}

function headOf({ name, total, note, colour }: Panel, left: number): object[] {
  return [
    text(name, left, 146, 26, { ...strong, fill: colour }),
    text(total, left, 178, 48, strong),
    text(note, left, 234, 22, quiet),
  ];
}

function axisOf({ labels }: Panel, gridIndex: number, shown: boolean): object {
  return {
    type: 'category',
    gridIndex,
    data: labels,
    position: 'bottom',
    show: shown,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: LINE, width: 2 } },
    axisLabel: {
      color: QUIET,
      fontSize: 20,
      fontFamily: FONT,
      margin: 12,
      hideOverlap: true,
      interval: spacing(labels),
    },
  };
}

/** Every label of a week, else about five. */
const spacing = (labels: readonly string[]): number => (labels.length <= 7 ? 0 : Math.ceil(labels.length / 5) - 1);

function bars(
  { colour }: Panel,
  index: number,
  data: readonly (number | null)[],
  look: { at: number; width: string; opacity: number; labels: boolean },
): object {
  return {
    type: 'bar',
    xAxisIndex: look.at,
    yAxisIndex: index,
    data: data.map((n) => n ?? '-'),
    barWidth: look.width,
    barMaxWidth: look.opacity === 1 ? 60 : 100,
    itemStyle: { color: colour, opacity: look.opacity, borderRadius: [5, 5, 0, 0] },
    label: {
      show: look.labels,
      position: 'top',
      distance: 4,
      color: INK,
      fontFamily: FONT,
      fontSize: 20,
      fontWeight: 600,
      formatter: ({ value }: { value: unknown }) => (Number(value) > 0 ? String(value) : ''),
    },
  };
}

function funnel({ funnel: steps }: Drawing): object[] {
  const first = steps[0]?.n ?? 0;
  const left = MARGIN + 170;
  const full = WIDTH - MARGIN - left - 210;
  return steps.flatMap(({ name, n }, index) => {
    const y = FUNNEL_TOP + index * ROW;
    const share = first > 0 ? Math.min(1, n / first) : 0;
    const percent = index > 0 && first > 0 ? `${Math.round(share * 100)} %` : '';
    const bar = (width: number, fill: string) => ({
      type: 'rect',
      silent: true,
      shape: { x: left, y, width, height: 30, r: 6 },
      style: { fill },
    });
    return [
      text(name, MARGIN, y + 2, 24, quiet),
      bar(full, '#f0f2f6'),
      ...(share > 0 ? [bar(Math.max(8, full * share), '#2563eb')] : []),
      text(n.toLocaleString('en-US'), left + full + 24, y + 1, 26, strong),
      text(percent, left + full + 126, y + 2, 24, quiet),
    ];
  });
}
