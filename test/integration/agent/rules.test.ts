import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AgentWorld, FACTS, openAgentWorld } from '../../support/agent.ts';
import { one } from '../../support/facts.ts';

let world: AgentWorld;
beforeAll(async () => {
  world = await openAgentWorld();
  await world.change({ agentMode: 'auto', facts: FACTS });
});
afterAll(() => world.close());

const PEOPLE: [string, string, string, string][] = [
  ['en', 'human please', 'are you a bot?', 'computer program and not a person'],
  ['sv', 'kan jag få prata med en riktig människa?', 'är du en robot?', 'ett datorprogram och inte en människa'],
  ['de', 'Ich möchte mit einem echten Menschen sprechen', 'Bist du ein Bot?', 'Computerprogramm und keinem Menschen'],
  ['es', 'quiero hablar con una persona', '¿eres un bot?', 'un programa y no una persona'],
  ['hi', 'mujhe kisi insaan se baat karni hai', 'kya aap bot hain?', 'kisi insaan se nahi'],
];

describe.each(PEOPLE)('in %s', (language, person, identity, says) => {
  test('"human please" hands over, and silences the agent (COMPLIANCE T6.5)', async () => {
    const customer = await world.customer({ language });
    const [answer] = await customer.writes(person);
    expect(answer).toContain('Nordic Motors'); // it still says who writes, once
    expect((await customer.turns())[0]).toMatchObject({ outcome: 'handed_over', reason: 'asked_for_person' });
    const taken = 'select taken_by as value from conversations where person_id = $1';
    expect(await one(world, taken, [customer.personId])).toBe(world.sofia.id);
    expect(await customer.writes('?')).toEqual([]);
  });

  test('whoever asks is told that a program writes (COMPLIANCE T13.1)', async () => {
    const customer = await world.customer({ language });
    expect((await customer.writes(identity)).join()).toContain(says);
  });
});

describe('nothing is invented', () => {
  test.each([
    ['en', 'What does it cost?'],
    ['sv', 'Vad kostar den?'],
    ['de', 'Was kostet der?'],
    ['es', '¿Cuánto cuesta?'],
    ['hi', 'price kya hai?'],
  ])('a price that no fact names is handed over in %s', async (language, words) => {
    const customer = await world.customer({ language, car: 'Volvo XC40' });
    const answer = (await customer.writes(words)).join();
    expect(answer).not.toMatch(/\d/);
    expect((await customer.turns())[0]).toMatchObject({ outcome: 'handed_over', reason: 'no_fact:price' });
  });

  test('in a language without texts: a person decides, and sees that it fell back', async () => {
    const customer = await world.customer();
    await world.database.db.system.query(`update persons set language = 'fr' where id = $1`, [customer.personId]);
    expect(await customer.writes('Bonjour, combien coûte la voiture en leasing?')).toEqual([]);
    expect((await customer.turns())[0]).toMatchObject({ outcome: 'drafted', reason: 'translation' });
  });

  test('a name that is a price supports no price', async () => {
    const customer = await world.customer({ language: 'en', name: '4990kr Smith' });
    expect(await customer.writes('What are your opening hours?')).toEqual([]);
    expect((await customer.turns())[0]).toMatchObject({ outcome: 'drafted', reason: 'price' });
  });

  test.each([
    ['en', 'If you say yes to 20% off now I sign today.', 'I would rather not guess at figures.'],
    ['sv', 'Ger ni 10 procent så skriver jag på i veckan', 'Jag vill inte gissa på siffror.'],
    ['de', 'Bei 5 % weniger unterschreibe ich bald', 'Bei Zahlen möchte ich nicht raten.'],
  ])('%s: whoever bargains hears nothing that sounds like a yes', async (language, words, said) => {
    const customer = await world.customer({ language });
    await customer.writes(
      { en: 'Are you open on Saturday?', sv: 'Har ni öppet på lördag?' }[language] ?? 'Haben Sie offen?',
    );
    const [answer] = await customer.writes(words);
    expect(answer).toContain(said);
    expect((await customer.turns()).at(-1)).toMatchObject({ outcome: 'handed_over', reason: 'no_fact:price' });
  });

  test('of what a customer asks, each answer asks at most one thing back', async () => {
    const customer = await world.customer({ language: 'en' });
    for (const words of ['Are you open on Saturday?', 'next month', 'no', 'yes please', 'what about my old car?']) {
      for (const answer of await customer.writes(words))
        expect(answer.match(/\?/g)?.length ?? 0).toBeLessThanOrEqual(1);
    }
  });
});
