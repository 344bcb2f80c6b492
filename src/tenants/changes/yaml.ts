import { LineCounter, parseDocument, stringify } from 'yaml';
import type { FieldProblem } from '../../lib/errors.ts';
import type { Settings } from '../settings.ts';
import { parsedSettings } from './checks.ts';

/** All settings as a file that people can read, change and bring back, but for the senders. `head` is said on top. Pure. */
export function exportSettings({ senders: _, ...settings }: Settings, head: readonly string[]): string {
  const comment = head.map((line) => `# ${line.replaceAll('\n', ' ')}`).join('\n');
  return `${comment}\n${stringify(settings, { lineWidth: 100 })}`;
}

/** What a file says: the settings it names, each as a whole; those it leaves out stay as they are. */
export type Imported = { patch: Partial<Settings> } | { problems: (FieldProblem & { line: number })[] };

/** A setting's name in a file, longest first: where a problem is shown when its own place is not in the file. */
const prefixes = (path: readonly string[]) => path.map((_, index) => path.slice(0, path.length - index));

/** Reads a file of settings. Each problem names the setting and the line. Pure. */
export function importSettings(text: string, current: Settings): Imported {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors.map(({ message, pos }) => ({ field: '', message, line: lines.linePos(pos[0]).line }));
  if (broken.length > 0) return { problems: broken };
  const values: unknown = document.toJS({ maxAliasCount: 10 });
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    const message = 'Write settings as `name: value`, as the export does.';
    return { problems: [{ field: '', message, line: 1 }] };
  }
  const lineOf = (field: string): number => {
    for (const path of prefixes(field.split('.'))) {
      const node: unknown = document.getIn(path, true) ?? document.getIn(path.map(asKey), true);
      const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
      if (Array.isArray(range) && typeof range[0] === 'number') return lines.linePos(range[0]).line;
    }
    return 1;
  };
  if (Object.hasOwn(values, 'senders')) {
    const message = 'Senders are connected and put in order with /rescue channels.';
    return { problems: [{ field: 'senders', message, line: lineOf('senders') }] };
  }
  const parsed = parsedSettings({ ...current, ...values });
  const problems = [...('problems' in parsed ? parsed.problems : []), ...twice(values)];
  if ('problems' in parsed || problems.length > 0) {
    return { problems: problems.map((problem) => ({ ...problem, line: lineOf(problem.field) })) };
  }
  const { settings } = parsed;
  const named = Object.entries(settings).filter(([key]) => Object.hasOwn(values, key));
  return { patch: Object.fromEntries(named) };
}

/** Unquoted, a key of digits is a number in YAML. */
const asKey = (part: string): string | number => (/^\d+$/.test(part) ? Number(part) : part);

/** Facts are known by their topic. */
function twice(values: object): FieldProblem[] {
  const facts: unknown = 'facts' in values ? values.facts : [];
  if (!Array.isArray(facts)) return [];
  const topics = facts.map((fact: unknown) =>
    typeof fact === 'object' && fact !== null && 'topic' in fact ? String(fact.topic) : '',
  );
  return topics.flatMap((topic, index) =>
    topics.indexOf(topic) < index
      ? [{ field: `facts.${index}.topic`, message: `There are two facts "${topic}".` }]
      : [],
  );
}
