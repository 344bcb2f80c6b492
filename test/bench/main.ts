/**
 * `npm run bench -- [dispatch|stop|capture|ack …] [--backlog 10000,1000000] [--rounds 3] [--json file]`
 * Measures what DESIGN promises, beside the floor and the peers, in one run. Without names all are measured.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ackLines, benchAck } from './ack.ts';
import { benchCapture, captureLines } from './capture.ts';
import { benchDispatch } from './dispatch.ts';
import { dispatchLines } from './dispatch-lines.ts';
import { type Lab, openLab } from './lab.ts';
import { type Line, machineLine, table } from './report.ts';
import { benchStop, stopLines } from './stop.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    backlog: { type: 'string', default: '10000,1000000' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
});
const backlogs = values.backlog.split(',').map(Number);
const rounds = Number(values.rounds);
if ([...backlogs, rounds].some((number) => !Number.isInteger(number) || number < 1)) {
  throw new Error('--backlog and --rounds take whole numbers');
}

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
    const result = await BENCHES[name]?.(lab);
    if (!result) continue;
    lines.push(...result.lines);
    figures[name] = result.figures;
  }
  process.stdout.write(`${machine}\n\n${table(lines)}\n`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, lines, figures }, null, 2)}\n`);
} finally {
  await lab.close();
}
