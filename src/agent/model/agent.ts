import { DateTime } from 'luxon';
import { z } from 'zod';
import { disclosureFindings } from '../checks/index.ts';
import { topicOf } from '../facts.ts';
import type { Notes } from '../notes.ts';
import type { Agent, Proposal, TurnContext } from '../port.ts';
import type { Prompt } from '../prompts.ts';
import { introduced } from '../rules/compose.ts';
import type { ChatMessage, ChatModel, Usage } from './port.ts';
import { createToolbox, TOOLS } from './tools.ts';

/** How often the model may ask for tools in one turn, and how many calls it gets in all. */
const MAX_ROUNDS = 4;
const MAX_CALLS = 10;
/** Messages of the conversation it is shown, and characters of each. */
const REMEMBERED = 16;
const LONGEST = 2000;

const answer = z.object({ reply: z.string().nullable() });

const LANGUAGES: Record<string, string> = { en: 'English', sv: 'Swedish', de: 'German', es: 'Spanish', hi: 'Hindi' };

export interface ModelAgentDeps {
  model: ChatModel;
  prompt: Prompt;
  /** What a turn took. */
  onUsage?(usage: Usage): void;
}

/** The agent that asks a model. What the model says is a proposal like any other: code decides what becomes of it. */
export function createModelAgent({ model, prompt, onUsage }: ModelAgentDeps): Agent {
  return {
    async propose(turn, tools, signal) {
      const toolbox = createToolbox(turn, tools);
      const messages = opening(turn, prompt);
      const usage: Usage = { tokensIn: 0, tokensOut: 0, cost: 0 };
      let calls = 0;
      try {
        for (let round = 0; ; round++) {
          const last = round === MAX_ROUNDS || calls >= MAX_CALLS;
          const given = await model.complete(
            {
              messages,
              tools: last ? [] : TOOLS,
              output: { name: 'turn', schema: prompt.output },
              settings: prompt.settings,
            },
            signal,
          );
          add(usage, given.usage);
          if (given.calls.length === 0 || last) {
            return proposal(turn, model, prompt, read(given.content), toolbox);
          }
          messages.push({ role: 'assistant', content: given.content, calls: given.calls });
          for (const call of given.calls) {
            calls++;
            const content = calls > MAX_CALLS ? 'No more calls.' : await toolbox.run(call);
            messages.push({ role: 'tool', callId: call.id, content });
          }
        }
      } finally {
        onUsage?.(usage);
      }
    },
  };
}

function proposal(
  turn: TurnContext,
  model: ChatModel,
  prompt: Prompt,
  reply: string | null,
  toolbox: ReturnType<typeof createToolbox>,
): Proposal {
  const quoted = reply === null ? null : toolbox.quoteFacts(reply).trim();
  const notes = toolbox.notes();
  return {
    agent: model.name,
    prompt: prompt.name,
    text: quoted === null || quoted === '' ? null : named(turn, quoted),
    actions: toolbox.actions(),
    notes: notes.asked === 'time' && !/\p{N}/u.test(quoted ?? '') ? untold(turn, notes) : notes,
  };
}

/** Times that a model looked up and did not write: "Tuesday" chooses none of them. What was offered before stands. */
const untold = (turn: TurnContext, notes: Notes): Notes => ({ ...notes, asked: 'day', offered: turn.notes.offered });

/** The first message says who writes, whether the model thought of it or not. */
function named(turn: TurnContext, text: string): string {
  const says = disclosureFindings(text, turn.language).length === 0 && text.includes(turn.business);
  return says ? text : introduced(turn, text);
}

function read(content: string | null): string | null {
  if (content === null) return null;
  return answer.parse(JSON.parse(content)).reply;
}

function add(sum: Usage, more: Usage): void {
  sum.tokensIn += more.tokensIn;
  sum.tokensOut += more.tokensOut;
  sum.cost = sum.cost === null || more.cost === null ? null : sum.cost + more.cost;
}

/** The instructions, then the conversation: customers' words only ever as what a customer said. */
function opening(turn: TurnContext, prompt: Prompt): ChatMessage[] {
  const { asked: _, offered: __, ...known } = turn.notes;
  const system = prompt.fill({
    business: turn.business,
    language: LANGUAGES[turn.language] ?? turn.language,
    limit: String(turn.limit),
    customer: turn.customer,
    subject: turn.subject || 'their enquiry',
    salesperson: turn.salesperson ?? 'a colleague',
    today: DateTime.fromJSDate(turn.now, { zone: turn.zone }).setLocale('en').toFormat("cccc yyyy-MM-dd'T'HH:mm"),
    topics: [...new Set(turn.facts.map((fact) => topicOf(fact).key))].join(', ') || 'none',
    appointment: turn.appointment?.words ?? 'none',
    offered: turn.notes.offered.map(({ words }, at) => `t${at + 1}: ${words}`).join('; ') || 'none',
    notes: JSON.stringify(known),
  });
  const said = turn.history.slice(-REMEMBERED).map(
    ({ by, words }): ChatMessage => ({
      role: by === 'customer' ? 'user' : 'assistant',
      content: words.slice(0, LONGEST),
    }),
  );
  return [{ role: 'system', content: system }, ...said];
}
