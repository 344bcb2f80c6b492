import type { Act, ActAnswer, Patch } from '../../wire.ts';
import { notify } from './notes.ts';
import { createStore } from './store.ts';

/** Everything the server has said. One for the page, as there is one server. */
export const store = createStore();

export type Line = 'connecting' | 'open' | 'lost';

let line: Line = 'connecting';
const watchers = new Set<() => void>();

export const lineNow = (): Line => line;

export function watchLine(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function turn(now: Line): void {
  line = now;
  for (const watcher of [...watchers]) watcher();
}

/** How long to wait before the stream is opened anew, when the browser does not do it by itself. */
const AGAIN_MS = 1500;

/** Listens to the server for as long as the page is open. The browser reconnects by itself; where it gives up, we do. */
export function listen(): void {
  const source = new EventSource('/sandbox/stream');
  source.onmessage = (event: MessageEvent<string>) => {
    store.apply(JSON.parse(event.data) as Patch, Date.now());
    if (line !== 'open') turn('open');
  };
  source.onerror = () => {
    turn('lost');
    if (source.readyState !== EventSource.CLOSED) return;
    source.close();
    setTimeout(listen, AGAIN_MS);
  };
}

/** Does something as a person; what went wrong is shown. Undefined when the server refused. */
export async function act(what: Act): Promise<ActAnswer | undefined> {
  const answer = await attempt(what);
  if ('error' in answer) {
    notify('problem', answer.error);
    return undefined;
  }
  if (answer.trouble) notify('slack', answer.trouble);
  return answer;
}

/** As `act`, where whoever asks says itself what went wrong: `error` is words for people. */
export async function attempt(what: Act): Promise<ActAnswer | { error: string }> {
  try {
    const response = await fetch('/sandbox/act', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(what),
    });
    const answer = (await response.json()) as ActAnswer & { error?: string };
    return response.ok ? answer : { error: answer.error ?? `The sandbox answered ${response.status}.` };
  } catch {
    return { error: 'The sandbox does not answer. Is it still running?' };
  }
}
