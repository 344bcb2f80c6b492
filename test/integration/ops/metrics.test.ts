import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { createMetrics, serveProbes } from '../../../src/http/index.ts';
import { createClock } from '../../../src/lib/clock.ts';
import { readState, STATE_GAUGES } from '../../../src/state-metrics.ts';
import { freshDatabase, type TestDatabase } from '../../support/database.ts';

/* What the dashboard and the alert rules ask for is there, by that name and with those labels. */

const OPS = path.resolve(import.meta.dirname, '../../../src/ops');
const rules = (parse(readFileSync(path.join(OPS, 'alerts.yaml'), 'utf8')) as Alerts).groups.flatMap(
  (each) => each.rules,
);
const dashboard = JSON.parse(readFileSync(path.join(OPS, 'dashboard.json'), 'utf8')) as Dashboard;

interface Alerts {
  groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[];
}
interface Dashboard {
  panels: { id: number; title: string; targets: { expr: string; legendFormat: string }[] }[];
}

const expressions: [string, string][] = [
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }): [string, string] => [title, expr])),
];

const FUNCTIONS = ['histogram_quantile', 'increase', 'max', 'rate', 'sum'];
const WORDS = ['by'];
const TOKEN = /\s+|[a-z_:][a-z0-9_:]*|"[^"]*"|\d+(?:\.\d+)?[smhd]?|=~|!=|==|[<>=(){}[\],*/+-]/giy;

/** The words of an expression; throws where it is none. No parser of PromQL, but what goes wrong by hand is seen. */
function tokens(expression: string): string[] {
  const found: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < expression.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(expression)?.[0];
    if (token === undefined) throw new Error(`not understood from "${expression.slice(at)}"`);
    if (token.trim() !== '') found.push(token);
  }
  return found;
}

function balanced(words: readonly string[]): boolean {
  const open: string[] = [];
  const ends: Record<string, string> = { ')': '(', ']': '[', '}': '{' };
  for (const word of words) {
    if ('([{'.includes(word)) open.push(word);
    else if (word in ends && open.pop() !== ends[word]) return false;
  }
  return open.length === 0;
}

/** Metrics with the labels that are asked for, in `{}` and in `by ()`. */
function asked(words: readonly string[]): { metrics: string[]; labels: string[] } {
  const metrics: string[] = [];
  const labels: string[] = [];
  let inside = '';
  let byNext = false;
  for (const [index, word] of words.entries()) {
    if (word === '{') inside = 'labels';
    else if (word === '(' && byNext) inside = 'labels';
    else if (word === '}' || (word === ')' && inside === 'labels')) inside = '';
    else if (/^[a-z_]/i.test(word)) {
      if (inside === 'labels') labels.push(word);
      else if (![...FUNCTIONS, ...WORDS].includes(word)) {
        if (words[index + 1] === '(') throw new Error(`no function ${word}`);
        metrics.push(word);
      }
    }
    byNext = word === 'by';
  }
  return { metrics, labels };
}

let database: TestDatabase;
let shown: string;

beforeAll(async () => {
  database = await freshDatabase();
  const metrics = createMetrics();
  metrics.watchQueue(async () => ({ due: 0, oldestSeconds: 0 }));
  metrics.watch(STATE_GAUGES, () => readState(database.db, createClock()));
  // a series is shown once something was counted
  metrics.observeSend({ outcome: 'accepted', latenessMs: 1 });
  metrics.observeStop('page', 1);
  metrics.observeAck(1);
  metrics.observeTurn({ agent: 'rules', outcome: 'sent', ms: 1 });
  metrics.observeTokens({ model: 'm', tokensIn: 1, tokensOut: 1, cost: 1 });
  metrics.observeAlert('sms', 1);
  metrics.countJobFailure('messages');
  metrics.countWebhook('twilio.inbound', 'ok');
  shown = await metrics.registry.metrics();
});
afterAll(() => database.drop());

/** Labels of the first series of that name; undefined where there is none. */
function labelsOf(metric: string): string[] | undefined {
  const line = shown.split('\n').find((each) => each.startsWith(`${metric} `) || each.startsWith(`${metric}{`));
  return line === undefined ? undefined : [...line.matchAll(/([a-z_]+)="/g)].map(([, label = '']) => label);
}

/** Given by Prometheus itself: what it scraped, and where. */
const OWN_METRICS = ['up'];
const OWN_LABELS = ['instance', 'job'];

describe('each expression of the dashboard and the alerts', () => {
  test.each(expressions)('%s: %s', (_title, expression) => {
    const words = tokens(expression);
    expect(balanced(words)).toBe(true);
    const { metrics, labels } = asked(words);
    expect(metrics.length).toBeGreaterThan(0);
    const known = metrics
      .filter((metric) => !OWN_METRICS.includes(metric))
      .map((metric) => ({ metric, labels: labelsOf(metric) }));
    expect(known.filter((each) => each.labels === undefined)).toEqual([]);
    const given = new Set([...OWN_LABELS, ...known.flatMap((each) => each.labels ?? [])]);
    expect(labels.filter((label) => !given.has(label))).toEqual([]);
  });
});

test('each alert says what it means and what to do first', () => {
  for (const { annotations } of rules) {
    expect(Object.keys(annotations).sort()).toEqual(['runbook', 'summary']);
  }
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
});

test('what the database is asked for is a number each, and names no tenant', () => {
  for (const { name } of STATE_GAUGES) {
    const lines = shown.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    expect({ name, numbers: lines.every((line) => Number.isFinite(Number(line.split(' ').at(-1)))) }).toEqual({
      name,
      numbers: true,
    });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.join('\n')).not.toMatch(/tenant="/);
  }
});

test('a worker answers probes and nothing else', async () => {
  const metrics = createMetrics();
  const ready = async () => [{ name: 'database', ok: true, detail: 'answers' }];
  const { port, close } = await serveProbes({ host: '127.0.0.1', port: 0 }, { metrics, ready });
  try {
    const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    expect(await Promise.all(['/healthz', '/readyz', '/metrics', '/', '/slack/events'].map(status))).toEqual([
      200, 200, 200, 404, 404,
    ]);
  } finally {
    await close();
  }
});

test('while the database does not answer the gauges are not a number, and the rest is shown', async () => {
  const metrics = createMetrics();
  metrics.watch(STATE_GAUGES, () => Promise.reject(new Error('away')));
  const text = await metrics.registry.metrics();
  expect(text).toMatch(/leadrescue_seal_lag_seconds Nan/i);
  expect(text).toContain('process_resident_memory_bytes');
});
