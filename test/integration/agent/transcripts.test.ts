import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AgentWorld, FACTS_OF, openAgentWorld } from '../../support/agent.ts';
import { scripted, transcripts } from '../../support/transcripts.ts';

const withoutLinks = (text: string) => text.replace(/https?:\S+/g, '<link>');

const playbooks = [...new Set(transcripts.map(([, { playbook }]) => playbook))];

describe.each(['rules', 'model'] as const)('golden conversations with the agent by %s', (kind) => {
  let world: AgentWorld;
  beforeAll(async () => {
    world = await openAgentWorld({ withModel: kind === 'model' });
  });
  afterAll(() => world.close());

  describe.each(playbooks)('%s', (playbook) => {
    const ours = transcripts.filter(([, transcript]) => transcript.playbook === playbook);
    beforeAll(() => world.change({ agentMode: 'auto', facts: FACTS_OF[playbook] ?? [], agentTurns: 20 }));

    test.each(ours)('%s', async (_name, { customer: who, turns }) => {
      const owner = await world.hire('Sofia Lindqvist', 'salesperson');
      const { name, language, car, fields } = who;
      const about = { ...(car && { car }), ...(fields && { fields }) };
      const customer = await world.customer({ playbook, name, language, owner, ...about });
      for (const { writes, ...expected } of turns) {
        if (kind === 'model') world.think(scripted(expected.model));
        const before = (await customer.turns()).length;
        const gets = (await customer.writes(writes)).map(withoutLinks);
        const [turn] = (await customer.turns()).slice(before);
        const { gets: wanted, outcome, reason } = expected[kind] ?? { gets: [], outcome: null };
        const ended = { outcome: turn?.outcome ?? null, ...(turn?.reason && { reason: turn.reason }) };
        expect({ writes, gets, ...ended }).toEqual({ writes, gets: wanted, outcome, ...(reason && { reason }) });
        if (turn) expect(turn.agent).toBe(kind === 'rules' ? 'rules' : 'gpt-4.1-mini');
        if (turn) expect(turn.prompt).toMatch(kind === 'rules' ? new RegExp(`^${playbook}/1/`) : /^agent-turn@\d+$/);
      }
      expect(world.twilio.journal.violations).toEqual([]);
    });
  });
});

test.each([
  ['test-drive', 10, 5],
  ['corporate-travel', 5, 5],
  ['home-services', 5, 5],
])('golden conversations of %s are at least %i, in %i languages', (playbook, least, languages) => {
  const ours = transcripts.filter(([, transcript]) => transcript.playbook === playbook);
  expect(ours.length).toBeGreaterThanOrEqual(least);
  expect(new Set(ours.map(([, { customer }]) => customer.language)).size).toBe(languages);
});
