/**
 * What the agent asks of a language model. Vendors implement it; their shapes go no further.
 */

export type ChatMessage =
  | { role: 'system' | 'user' | 'assistant'; content: string }
  | { role: 'assistant'; content: string | null; calls: readonly ToolCall[] }
  | { role: 'tool'; callId: string; content: string };

export interface ToolCall {
  id: string;
  name: string;
  /** JSON as the model wrote it: not to be trusted. */
  arguments: string;
}

export interface ToolSpec {
  name: string;
  description: string;
  /** JSON Schema of an object with every property required. */
  parameters: object;
}

export interface ChatRequest {
  messages: readonly ChatMessage[];
  tools: readonly ToolSpec[];
  /** JSON Schema of the answer. */
  output: { name: string; schema: object };
  settings: { temperature?: number; maxTokens: number };
}

export interface ChatAnswer {
  content: string | null;
  calls: readonly ToolCall[];
  usage: Usage;
}

export interface Usage {
  tokensIn: number;
  tokensOut: number;
  /** US dollars; null where the model's price is not known. */
  cost: number | null;
}

export interface ChatModel {
  /** As it stands in the event of each turn. */
  readonly name: string;
  /** Asks once; a few retries of its own at most. Throws when there is no usable answer, or `signal` says so. */
  complete(request: ChatRequest, signal: AbortSignal): Promise<ChatAnswer>;
  close(): Promise<void>;
}
