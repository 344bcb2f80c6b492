/**
 * `npm run bench -- [dispatch|stop|capture|ack|inbound|callbacks|views|api|load|recovery|start …] [--backlog 10000,1000000]
 *   [--leads 10000,1000000] [--api-leads 100000] [--rounds 3] [--seconds 20] [--json file] [--picture file.svg|file.png]`
 * Measures what DESIGN promises, beside the floor and the peers, in one run. Without names all are measured.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ackLines, benchAck } from './ack.ts';
import { apiLines, benchApi } from './api.ts';
import { benchCallbacks, callbackLines } from './callbacks.ts';
import { benchCapture, captureLines } from './capture.ts';
import { benchDispatch } from './dispatch.ts';
import { dispatchLines } from './dispatch-lines.ts';
import { benchInbound, inboundLines } from './inbound.ts';
import { type Lab, openLab } from './lab.ts';
import { benchLoad, loadLines } from './load.ts';
import { writePicture } from './picture.ts';
import { benchRecovery, recoveryLines } from './recovery.ts';
import { type Line, machineLine, table } from './report.ts';
import { benchStart, startLines } from './start.ts';
import { watchStolen } from './stolen.ts';
import { benchStop, stopLines } from './stop.ts';
import { benchViews, viewLines } from './views.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backlog: { type: 'string', default: '10000,1000000' },
    leads: { type: 'string', default: '10000,1000000' },
    'api-leads': { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '20' },
    json: { type: 'string' },
    picture: { type: 'string' },
  },
});

/** The whole numbers of an option. */
function numbers(name: 'backlog' | 'leads' | 'api-leads' | 'rounds' | 'seconds'): [number, ...number[]] {
  const [first = Number.NaN, ...more] = values[name].split(',').map(Number);
  if ([first, ...more].some((number) => !Number.isInteger(number) || number < 1)) {
    throw new Error(`--${name} takes whole numbers, not "${values[name]}"`);
  }
  return [first, ...more];
}

const backlogs = numbers('backlog');
const leads = numbers('leads');
const [apiLeads] = numbers('api-leads');
const [rounds] = numbers('rounds');
const [seconds] = numbers('seconds');
if (values.picture && !/\.(svg|png)$/.test(values.picture)) throw new Error('--picture takes a file .svg or .png');

const log = (line: string) => void process.stderr.write(`${line}\n`);

/** Each bench by name: its lines for people and its raw figures. */
const BENCHES: Record<string, (lab: Lab) => Promise<{ lines: Line[]; figures: unknown }>> = {
  async dispatch(lab) {
    const figures = await benchDispatch(lab, { backlogs, rounds, log });
    return { lines: dispatchLines(figures), figures };
  },
  async stop(lab) {
    const figures = await benchStop(lab, { planned: Math.max(...backlogs), log });
    return { lines: stopLines(figures), figures };
  },
  async capture(lab) {
    const figures = await benchCapture(lab, { rounds, log });
    return { lines: captureLines(figures), figures };
  },
  async ack(lab) {
    const figures = await benchAck(lab, { log });
    return { lines: ackLines(figures), figures };
  },
  async inbound(lab) {
    const figures = await benchInbound(lab, { seconds, log });
    return { lines: inboundLines(figures), figures };
  },
  async callbacks(lab) {
    const figures = await benchCallbacks(lab, { seconds, log });
    return { lines: callbackLines(figures), figures };
  },
  async views(lab) {
    const figures = await benchViews(lab, { leads, log });
    return { lines: viewLines(figures), figures };
  },
  async api(lab) {
    const figures = await benchApi(lab, { leads: apiLeads, seconds, log });
    return { lines: apiLines(figures), figures };
  },
  async load(lab) {
    const figures = await benchLoad(lab, { backlog: Math.min(...backlogs) * 10, seconds, log });
    return { lines: loadLines(figures), figures };
  },
  async recovery(lab) {
    const figures = await benchRecovery(lab, { leads: Math.max(...leads), log });
    return { lines: recoveryLines(figures), figures };
  },
  async start() {
    const figures = await benchStart({ rounds, log });
    return { lines: startLines(figures), figures };
  },
};

const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
const unknown = names.filter((name) => !BENCHES[name]);
if (unknown.length > 0)
  throw new Error(`no such bench: ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}`);

const lab = await openLab();
try {
  const machine = machineLine(lab.postgres);
  const lines: Line[] = [];
  const figures: Record<string, unknown> = {};
  for (const name of names) {
    const endWatch = watchStolen();
    const result = await BENCHES[name]?.(lab);
    const stolen = endWatch();
    if (!result) continue;
    lines.push(...result.lines.map((line) => (stolen === undefined ? line : { ...line, stolen })));
    figures[name] = result.figures;
  }
  process.stdout.write(`${machine}\n\n${table(lines)}\n`);
  if (values.picture) writePicture(values.picture, lines, machine);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, lines, figures }, null, 2)}\n`);
} finally {
  await lab.close();
}
