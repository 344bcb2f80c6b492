import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface QueueState {
  /** Messages that could leave now. */
  due: number;
  /** How long the oldest of them has been due, in seconds; 0 when none is. */
  oldestSeconds: number;
}

/** How a webhook ended: `unknown` is a report about a message that is not ours, `unheard` one of a kind that nobody here knows. */
export type WebhookResult = 'ok' | 'refused' | 'malformed' | 'failed' | 'unknown' | 'unheard';

export interface Metrics {
  readonly registry: Registry;
  /** An attempt to send is over. */
  observeSend(sent: { outcome: string; latenessMs: number }): void;
  /** An opt-out is acknowledged, so long after it arrived. */
  observeStop(way: 'message' | 'page', ms: number): void;
  /** Slack is answered, so long after it asked; `kind` of request, where it is known. */
  observeAck(ms: number, kind?: string): void;
  /** The assistant has had a turn: by `rules` or a model, how it ended, how long it took. */
  observeTurn(turn: { agent: string; outcome: string; ms: number }): void;
  /** A model was paid for: tokens, and US dollars where its price is known. */
  observeTokens(usage: { model: string; tokensIn: number; tokensOut: number; cost: number | null }): void;
  /** Managers were told of an urgent lead, so long after it was known. */
  observeAlert(by: 'slack' | 'sms', ms: number): void;
  countJobFailure(job: string): void;
  countWebhook(source: string, result: WebhookResult, count?: number): void;
  /** From now on these gauges are asked for at each scrape, together; while nobody answers they are NaN. */
  watch(gauges: readonly GaugeInfo[], read: () => Promise<GaugeValues>): void;
  /** From now on the queue is asked at each scrape; while it does not answer its gauges are NaN. */
  watchQueue(read: () => Promise<QueueState>): void;
}

export interface GaugeInfo {
  name: string;
  help: string;
  /** Its values are by this label; few of them. */
  label?: string;
}

/** By the gauge's name: its value, or its values by label. */
export type GaugeValues = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

const QUEUE: readonly GaugeInfo[] = [
  { name: 'leadrescue_queue_depth', help: 'Messages that are due and have not left.' },
  { name: 'leadrescue_queue_oldest_due_seconds', help: 'How long the oldest due message has been waiting.' },
];

/** What is measured, in Prometheus' format. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const sends = new Counter({
    name: 'leadrescue_sends_total',
    help: 'Attempts to send, by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const lateness = new Histogram({
    name: 'leadrescue_send_lateness_seconds',
    help: 'How long after its due time a message was handed to the gateway.',
    buckets: [0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 1800],
    registers,
  });
  const stops = new Histogram({
    name: 'leadrescue_stop_seconds',
    help: 'From the arrival of an opt-out to its acknowledgement.',
    labelNames: ['way'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
    registers,
  });
  const acknowledgements = new Histogram({
    name: 'leadrescue_slack_ack_seconds',
    help: 'From a request of Slack to the answer that it waits three seconds for.',
    labelNames: ['kind'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3],
    registers,
  });
  const turns = new Histogram({
    name: 'leadrescue_agent_turn_seconds',
    help: "The assistant's turns, by who thought and how they ended.",
    labelNames: ['agent', 'outcome'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20],
    registers,
  });
  const tokens = new Counter({
    name: 'leadrescue_model_tokens_total',
    help: 'Tokens sent to and received from language models.',
    labelNames: ['model', 'direction'],
    registers,
  });
  const dollars = new Counter({
    name: 'leadrescue_model_cost_dollars_total',
    help: 'What language models cost, where their price is known.',
    labelNames: ['model'],
    registers,
  });
  const alerts = new Histogram({
    name: 'leadrescue_alert_seconds',
    help: 'From knowing that a lead is urgent to managers being told.',
    labelNames: ['by'],
    buckets: [0.5, 1, 2, 5, 10, 30, 60, 120, 300],
    registers,
  });
  const failures = new Counter({
    name: 'leadrescue_job_failures_total',
    help: 'Jobs that ended with an error.',
    labelNames: ['job'],
    registers,
  });
  const webhooks = new Counter({
    name: 'leadrescue_webhooks_total',
    help: 'Webhooks of gateways, by how they ended.',
    labelNames: ['source', 'result'],
    registers,
  });

  return {
    registry,
    observeSend({ outcome, latenessMs }) {
      sends.inc({ outcome });
      lateness.observe(latenessMs / 1000);
    },
    observeStop: (way, ms) => stops.observe({ way }, ms / 1000),
    observeAck: (ms, kind = 'any') => acknowledgements.observe({ kind }, ms / 1000),
    observeTurn: ({ agent, outcome, ms }) => turns.observe({ agent, outcome }, ms / 1000),
    observeTokens({ model, tokensIn, tokensOut, cost }) {
      tokens.inc({ model, direction: 'in' }, tokensIn);
      tokens.inc({ model, direction: 'out' }, tokensOut);
      if (cost !== null) dollars.inc({ model }, cost);
    },
    observeAlert: (by, ms) => alerts.observe({ by }, ms / 1000),
    countJobFailure: (job) => failures.inc({ job }),
    countWebhook: (source, result, count = 1) => webhooks.inc({ source, result }, count),
    watch: (gauges, read) => addGauges(registers, gauges, read),
    watchQueue: (read) =>
      addGauges(registers, QUEUE, async () => {
        const { due, oldestSeconds } = await read();
        return { leadrescue_queue_depth: due, leadrescue_queue_oldest_due_seconds: oldestSeconds };
      }),
  };
}

function addGauges(registers: Registry[], gauges: readonly GaugeInfo[], read: () => Promise<GaugeValues>): void {
  let reading: Promise<GaugeValues | undefined> | undefined;
  // all gauges of one scrape are collected in one tick and share one question
  const state = () => {
    reading ??= read()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
  for (const { name, help, label } of gauges) {
    new Gauge({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers,
      async collect() {
        const value = (await state())?.[name] ?? Number.NaN;
        this.reset();
        if (typeof value === 'number') this.set(value);
        else for (const [each, amount] of Object.entries(value)) this.set({ [label ?? '']: each }, amount);
      },
    });
  }
}
