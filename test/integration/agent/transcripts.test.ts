import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AgentWorld, FACTS, openAgentWorld } from '../../support/agent.ts';
import { scripted, transcripts } from '../../support/transcripts.ts';

const withoutLinks = (text: string) => text.replace(/https?:\S+/g, '<link>');

describe.each(['rules', 'model'] as const)('golden conversations with the agent by %s', (kind) => {
  let world: AgentWorld;
  beforeAll(async () => {
    world = await openAgentWorld({ withModel: kind === 'model' });
    await world.change({ agentMode: 'auto', facts: FACTS, agentTurns: 20 });
  });
  afterAll(() => world.close());

  test('are at least ten, in at least three languages', () => {
    expect(transcripts.length).toBeGreaterThanOrEqual(10);
    expect(new Set(transcripts.map(([, { customer }]) => customer.language)).size).toBeGreaterThanOrEqual(3);
  });

  test.each(transcripts)('%s', async (_name, { customer: who, turns }) => {
    const owner = await world.hire('Sofia Lindqvist', 'salesperson');
    const { name, language, car } = who;
    const customer = await world.customer({ name, language, owner, ...(car && { car }) });
    for (const { writes, ...expected } of turns) {
      if (kind === 'model') world.think(scripted(expected.model));
      const before = (await customer.turns()).length;
      const gets = (await customer.writes(writes)).map(withoutLinks);
      const [turn] = (await customer.turns()).slice(before);
      const { gets: wanted, outcome, reason } = expected[kind] ?? { gets: [], outcome: null };
      const ended = { outcome: turn?.outcome ?? null, ...(turn?.reason && { reason: turn.reason }) };
      expect({ writes, gets, ...ended }).toEqual({ writes, gets: wanted, outcome, ...(reason && { reason }) });
      if (turn) expect(turn.agent).toBe(kind === 'rules' ? 'rules' : 'gpt-4.1-mini');
      if (turn) expect(turn.prompt).toMatch(kind === 'rules' ? /^test-drive\/1\// : /^agent-turn@\d+$/);
    }
    expect(world.twilio.journal.violations).toEqual([]);
  });
});
