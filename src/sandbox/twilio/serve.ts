/**
 * The stand-in in a process of its own, for benchmarks:
 * `serve.ts --port 4010 --account AC… --token … [--app http://127.0.0.1:3000] [--latency 5] [--callbacks none]`.
 * Prints its address in one line; `GET /__journal` answers counters; ends on SIGTERM.
 */
import { parseArgs } from 'node:util';
import { createTwilioStandIn } from './index.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    account: { type: 'string', default: `AC${'0'.repeat(32)}` },
    token: { type: 'string', default: 'token' },
    app: { type: 'string', default: 'http://127.0.0.1:3000' },
    latency: { type: 'string', default: '0' },
    callbacks: { type: 'string', default: 'posted' },
  },
});

const standIn = createTwilioStandIn({
  accountSid: values.account,
  authToken: values.token,
  webhookBase: () => values.app,
  port: Number(values.port),
  beside(request, response) {
    if (request.url !== '/__journal') return false;
    const { sent, inbound, autoReplies, creates, callbacks } = standIn.journal;
    const counters = {
      sent: sent.length,
      inbound: inbound.length,
      autoReplies: autoReplies.length,
      creates,
      callbacks,
    };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(counters));
    return true;
  },
});
standIn.faults.set({
  latencyMs: Number(values.latency),
  callbacks: values.callbacks === 'none' ? 'none' : 'posted',
});

const { url } = await standIn.start();
process.stdout.write(`${url}\n`);
process.once('SIGTERM', () => void standIn.stop());
