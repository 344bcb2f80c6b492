import { isObject } from './args.ts';

/** What Slack shows in blocks (docs.slack.dev, image element). */
const SHOWN = /^image\/(png|jpe?g|gif)\b/;
/** Slack waits no longer for anybody's picture. */
const FETCH_MS = 3000;

/** Pictures that blocks name by their address. */
export interface Pictures {
  /** Fetches those that were not fetched before. The first that cannot be had, as a JSON pointer; undefined when all can. */
  missing(shown: unknown, at: string): Promise<string | undefined>;
}

export function createPictures(): Pictures {
  const fetched = new Set<string>();

  async function reach(url: string): Promise<boolean> {
    if (fetched.has(url)) return true;
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(FETCH_MS) });
      await answer.body?.cancel();
      const is = answer.ok && SHOWN.test(answer.headers.get('content-type') ?? '');
      if (is) fetched.add(url);
      return is;
    } catch {
      return false; // nobody there, or no address at all
    }
  }

  return {
    async missing(shown, at) {
      for (const { url, pointer } of addresses(shown, at)) if (!(await reach(url))) return pointer;
      return undefined;
    },
  };
}

function addresses(part: unknown, at: string): { url: string; pointer: string }[] {
  if (Array.isArray(part)) return part.flatMap((each, index) => addresses(each, `${at}/${index}`));
  if (!isObject(part)) return [];
  const own = typeof part.image_url === 'string' ? [{ url: part.image_url, pointer: `${at}/image_url` }] : [];
  return [...own, ...Object.entries(part).flatMap(([name, value]) => addresses(value, `${at}/${name}`))];
}
