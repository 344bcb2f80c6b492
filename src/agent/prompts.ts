import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { KnownError } from '../lib/errors.ts';

/** What a model is told, as a file: front matter that says what it is, then the words. */
export interface Prompt {
  /** `agent-turn@3`, as it stands in the event of each turn. */
  readonly name: string;
  readonly settings: { readonly temperature?: number; readonly maxTokens: number };
  /** JSON Schema of what the model answers. */
  readonly output: Readonly<Record<string, unknown>>;
  /** Fills the words; throws for an input that is missing. */
  fill(inputs: Readonly<Record<string, string>>): string;
  readonly text: string;
}

export interface Prompts {
  /** Throws `KnownError` (`misconfigured`) when there is none of this id. */
  get(id: string): Prompt;
}

const front = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  version: z.int().min(1),
  model: z.strictObject({
    temperature: z.number().min(0).max(2).exactOptional(),
    max_tokens: z.int().min(16).max(4000),
  }),
  inputs: z.array(z.string().regex(/^[a-z][a-z_]{0,39}$/)),
  output: z.record(z.string(), z.unknown()),
});

const INPUT = /\{\{([a-z_]+)\}\}/g;

/** Reads and checks every prompt below `dir`, once, at start. Throws one `KnownError` with all that is wrong. */
export function loadPrompts(dir: string): Prompts {
  const problems: string[] = [];
  const files = existsSync(dir)
    ? readdirSync(dir)
        .filter((name) => name.endsWith('.md'))
        .sort()
    : [];
  const byId = new Map<string, Prompt>();
  for (const file of files) {
    const prompt = read(readFileSync(join(dir, file), 'utf8'), file.slice(0, -'.md'.length), (problem) =>
      problems.push(`${file}: ${problem}`),
    );
    if (prompt) byId.set(file.slice(0, -'.md'.length), prompt);
  }
  if (problems.length > 0) {
    throw new KnownError('misconfigured', problems.join('\n'), `The prompts cannot be used:\n${problems.join('\n')}`);
  }
  return {
    get(id) {
      const prompt = byId.get(id);
      if (prompt) return prompt;
      throw new KnownError('misconfigured', `no prompt ${id}`, `There is no prompt called ${id}.`);
    },
  };
}

function read(source: string, id: string, report: (problem: string) => void): Prompt | undefined {
  const parts = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(source.replaceAll('\r\n', '\n'));
  if (!parts) {
    report('begins with front matter between two lines of three dashes');
    return undefined;
  }
  const [, head = '', body = ''] = parts;
  const document = parseDocument(head);
  if (document.errors.length > 0) {
    report(document.errors[0]?.message ?? 'cannot be read');
    return undefined;
  }
  const parsed = front.safeParse(document.toJS());
  if (!parsed.success) {
    for (const issue of parsed.error.issues) report(`${issue.path.map(String).join('.')}: ${issue.message}`);
    return undefined;
  }
  const { version, model, inputs, output } = parsed.data;
  if (parsed.data.id !== id) report(`id: is ${parsed.data.id}, but the file is called ${id}`);
  const used = new Set([...body.matchAll(INPUT)].map(([, name = '']) => name));
  for (const name of used) if (!inputs.includes(name)) report(`uses {{${name}}}, which is not among its inputs`);
  for (const name of inputs) if (!used.has(name)) report(`inputs: {{${name}}} is not used`);
  const text = body.trim();
  return {
    name: `${id}@${version}`,
    settings: {
      maxTokens: model.max_tokens,
      ...(model.temperature !== undefined && { temperature: model.temperature }),
    },
    output,
    text,
    fill: (values) =>
      text.replace(INPUT, (_all, name: string) => {
        const value = values[name];
        if (value === undefined) throw new Error(`the prompt ${id} was given no ${name}`);
        return value;
      }),
  };
}
