import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHttpEdge, createMetrics, type HttpEdge } from '../../src/http/index.ts';
import type { LeadId } from '../../src/lib/ids.ts';
import { createLogger } from '../../src/lib/logger.ts';
import { U_ADMIN, visibleText } from '../support/slack.ts';
import { type LeadWorld, openLeadWorld } from '../support/slack-lead.ts';

let world: LeadWorld;
let http: HttpEdge;
let origin: string;
beforeAll(async () => {
  world = await openLeadWorld({ quiet: true, mail: true, whatsapp: false });
  const { rooms, clock, database } = world;
  http = createHttpEdge({
    ...rooms,
    config: { host: '127.0.0.1', port: 0, publicUrl: 'https://leads.example.test', production: false },
    log: createLogger('silent'),
    clock,
    db: database.db,
    metrics: createMetrics(),
    wakeMessages: async () => rooms.dispatcher.wake(),
    webhookSecrets: async () => [],
    ready: async () => [],
  });
  origin = `http://127.0.0.1:${(await http.listen()).port}`;
});
afterAll(async () => {
  await http?.close();
  await world?.close();
});

test('a form that a program posts is answered in the inbox at once, and its score is explained on the card', async () => {
  const answer = await fetch(`${origin}/webhooks/form-submission`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ name: 'Nora Berg', email: 'nora@acme.io', company: 'Acme', service: 'corporate', passengers: 5 },
      ...{ value: 700, consent: true },
    }),
  });
  expect(answer.status).toBe(202);
  const { reference } = (await answer.json()) as { reference: LeadId };
  await world.flush(); // whatever is due now happens; the clock is not turned

  const letters = world.mail?.standIn.letters.filter(({ mailbox }) => mailbox === 'nora@acme.io') ?? [];
  expect(letters).toHaveLength(1);
  expect(letters[0]?.text).toContain('Nora');
  const card = await world.card(reference);
  expect(visibleText(card)).toMatch(/score \d+ · \w+/);
  const why = await (await world.slack.click(U_ADMIN, { message: card }, 'Why?')).modal();
  expect(visibleText(why)).toContain('Estimated value: *20* of 30 – 700');
});
