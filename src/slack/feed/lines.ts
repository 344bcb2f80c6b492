import type { Playbook, Playbooks } from '../../tenants/index.ts';
import { fitted, type Post } from '../card/index.ts';
import { grouped, type Times } from '../format.ts';
import { clip } from '../text.ts';
import { section } from '../views.ts';
import { ENTRIES } from './entries.ts';
import type { FeedEvent } from './read.ts';

/** More than this of a kind at once become one line. */
const BURST = 8;
/** Characters of one block, and blocks of one post; Slack allows 3,000 and 50. */
const BLOCK_CHARACTERS = 2800;
const MAX_BLOCKS = 20;

interface Line {
  at: Date;
  words: string;
}

/** What is new, one line each, bursts counted; oldest first. Pure. */
export function feedLines(events: readonly FeedEvent[], playbooks: Playbooks): Line[] {
  const kinds = new Map<string, { event: FeedEvent; words: string }[]>();
  for (const event of events) {
    const words = ENTRIES[event.type]?.one(event, playbookOf(event, playbooks));
    if (words === undefined) continue;
    const kind = ENTRIES[event.type]?.kind?.(event) ?? event.type;
    kinds.set(kind, [...(kinds.get(kind) ?? []), { event, words }]);
  }
  return [...kinds.values()]
    .flatMap((news) => {
      const last = news.at(-1)?.event;
      const most = (last && ENTRIES[last.type]?.burst) ?? BURST;
      if (news.length <= most || !last) return news.map(({ event, words }) => ({ id: event.id, at: event.at, words }));
      const words = ENTRIES[last.type]?.many(grouped(news.length), last, playbookOf(last, playbooks)) ?? '';
      return [{ id: last.id, at: last.at, words }];
    })
    .sort((a, b) => a.id - b.id);
}

function playbookOf(event: FeedEvent, playbooks: Playbooks): Playbook | undefined {
  return playbooks.all.find((playbook) => playbook.key === event.playbook);
}

/** The lines as one message; undefined when there is nothing to say. `now` decides which lines need their day. */
export function feedPost(lines: readonly Line[], times: Times, now: Date): Post | undefined {
  if (lines.length === 0) return undefined;
  const written = lines.map(({ at, words }) => `${times.beside(at, now)}  ${words}`);
  const paragraphs: string[][] = [[]];
  for (const line of written) {
    const last = paragraphs.at(-1) ?? [];
    if ([...last, line].join('\n').length > BLOCK_CHARACTERS) paragraphs.push([line]);
    else last.push(line);
  }
  const more = written.length > 1 ? ` … and ${grouped(written.length - 1)} more` : '';
  return {
    text: `${clip(written[0] ?? '', 300)}${more}`,
    blocks: paragraphs.slice(-MAX_BLOCKS).map((paragraph) => section(fitted(paragraph, 3000))),
  };
}
