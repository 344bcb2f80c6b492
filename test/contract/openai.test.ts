import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ChatRequest } from '../../src/agent/index.ts';
import { createOpenAiStandIn, type OpenAiStandIn } from '../../src/sandbox/openai/index.ts';
import { createOpenAi } from '../../src/vendors/openai/index.ts';

const KEY = 'sk-contract';
let openai: OpenAiStandIn;
let baseUrl: string;
beforeAll(async () => {
  openai = createOpenAiStandIn({ apiKey: KEY });
  ({ baseUrl } = await openai.start());
});
beforeEach(() => openai.think(() => ({ say: 'Hello' })));
afterAll(() => openai.stop());

const connect = (apiKey = KEY, model = 'gpt-4.1-mini') => createOpenAi({ apiKey, baseUrl, model });
const strict = (properties: object) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const request = (changes: Partial<ChatRequest> = {}): ChatRequest => ({
  messages: [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Hello?' },
  ],
  tools: [{ name: 'look_up', description: 'Looks up.', parameters: strict({ topic: { type: 'string' } }) }],
  output: { name: 'turn', schema: strict({ reply: { type: ['string', 'null'] } }) },
  settings: { maxTokens: 100, temperature: 0.3 },
  ...changes,
});
const soon = () => AbortSignal.timeout(5000);

describe('OpenAI, as its stand-in plays it', () => {
  test('answers with what it says and what it cost', async () => {
    const { content, calls, usage } = await connect().complete(request(), soon());
    expect(JSON.parse(content ?? '')).toEqual({ reply: 'Hello' });
    expect(calls).toEqual([]);
    expect(usage.tokensIn).toBeGreaterThan(0);
    expect(usage.cost).toBeGreaterThan(0);
    const sent = openai.requests.at(-1);
    expect(sent).toMatchObject({ model: 'gpt-4.1-mini', store: false, temperature: 0.3, max_completion_tokens: 100 });
    expect(sent?.response_format?.json_schema.strict).toBe(true);
  });

  test('asks for tools, and takes their answers in the next request', async () => {
    openai.think((_request, round) =>
      round === 0 ? { call: [{ name: 'look_up', arguments: { topic: 'price' } }] } : { say: 'Found' },
    );
    const model = connect();
    const first = await model.complete(request(), soon());
    expect(first.calls).toEqual([{ id: expect.any(String), name: 'look_up', arguments: '{"topic":"price"}' }]);
    const [call] = first.calls;
    const next = await model.complete(
      request({
        messages: [
          ...request().messages,
          { role: 'assistant', content: null, calls: first.calls },
          { role: 'tool', callId: call?.id ?? '', content: 'nothing' },
        ],
      }),
      soon(),
    );
    expect(next.content).toContain('Found');
  });

  test('refuses a conversation in which a call is not answered', async () => {
    const calls = [{ id: 'call_1', name: 'look_up', arguments: '{}' }];
    const messages = [...request().messages, { role: 'assistant' as const, content: null, calls }];
    await expect(connect().complete(request({ messages }), soon())).rejects.toMatchObject({ status: 400 });
  });

  test('is asked once more when it is busy or down, and no oftener', async () => {
    for (const status of [429, 500, 503]) {
      let asked = 0;
      openai.think(() => {
        asked++;
        return asked === 1 ? { status } : { say: 'There you are' };
      });
      expect((await connect().complete(request(), soon())).content).toContain('There you are');
      openai.think(() => {
        asked++;
        return { status };
      });
      asked = 0;
      await expect(connect().complete(request(), soon())).rejects.toMatchObject({ status });
      expect(asked).toBe(2);
    }
  });

  test.each([
    ['a key that is wrong', 401, undefined],
    ['a request that is wrong', 400, undefined],
    ['an account that is empty', 429, 'insufficient_quota'],
  ])('is not asked again for %s', async (_what, status, code) => {
    let asked = 0;
    openai.think(() => {
      asked++;
      return { status, ...(code && { code }) };
    });
    await expect(connect().complete(request(), soon())).rejects.toMatchObject({ status });
    expect(asked).toBe(1);
  });

  test('is left alone when the time is over, however long it would take', async () => {
    openai.think(() => ({ hang: true }));
    await expect(connect().complete(request(), AbortSignal.timeout(150))).rejects.toThrow();
    openai.think(() => ({ status: 503, retryAfter: 3600 }));
    await expect(connect().complete(request(), AbortSignal.timeout(150))).rejects.toThrow();
  });

  test.each([
    ['a refusal', { raw: null, refusal: 'No.' }],
    ['an answer that is cut off', { raw: '{"reply": "He', finish: 'length' as const }],
    ['a filtered answer', { raw: '', finish: 'content_filter' as const }],
  ])('%s is no answer', async (_what, reaction) => {
    openai.think(() => reaction);
    await expect(connect().complete(request(), soon())).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('a model that takes no temperature is sent none, and one without a known price costs nothing known', async () => {
    await connect(KEY, 'gpt-5-mini').complete(request(), soon());
    expect(openai.requests.at(-1)).not.toHaveProperty('temperature');
    const { usage } = await connect(KEY, 'llama-at-home').complete(request({ tools: [] }), soon());
    expect(usage.cost).toBeNull();
  });
});
