import { z } from 'zod';
import type { Logger } from '../lib/logger.ts';
import type { ChatModel } from './model/port.ts';
import type { Prompt } from './prompts.ts';

/** The worker that told staff of the message waits for it. */
const PATIENCE_MS = 6000;
const LONGEST = 1500;
const answer = z.object({ translation: z.string().nullable() });

export type Translate = (words: string, from: string, to: string) => Promise<string | null>;

/** Translates a customer's words for staff. What a model makes of them is shown to people and used for nothing else. */
export function createTranslate(deps: { model: ChatModel; prompt: Prompt; log: Logger }): Translate {
  const { model, prompt, log } = deps;
  return async (words, from, to) => {
    try {
      const { content } = await model.complete(
        {
          messages: [
            { role: 'system', content: prompt.fill({ from, to }) },
            { role: 'user', content: words.slice(0, LONGEST) },
          ],
          tools: [],
          output: { name: 'translation', schema: prompt.output },
          settings: prompt.settings,
        },
        AbortSignal.timeout(PATIENCE_MS),
      );
      return answer.parse(JSON.parse(content ?? 'null')).translation;
    } catch (error) {
      log.warn({ err: error, model: model.name }, 'a message was not translated');
      return null;
    }
  };
}
