import type { Store } from './store.ts';
import type { Answer, StandInMessage } from './types.ts';
import { API_VERSION, messageJson } from './wire.ts';

const MAX_PAGE_SIZE = 1000;

/** `GET Messages.json`: filters, newest first, pages linked by a relative `next_page_uri`. */
export function listMessages(query: URLSearchParams, store: Store, accountSid: string): Answer {
  const pageSize = Math.min(MAX_PAGE_SIZE, Math.max(1, Number(query.get('PageSize')) || 50));
  const page = Number(query.get('Page')) || 0;
  const found = select(query, store, pageSize);

  const uri = (pageNumber: number, token?: string) => {
    const next = new URLSearchParams(query);
    next.set('PageSize', String(pageSize));
    next.set('Page', String(pageNumber));
    if (token) next.set('PageToken', token);
    else next.delete('PageToken');
    return `/${API_VERSION}/Accounts/${accountSid}/Messages.json?${next}`;
  };
  const messages = found.slice(0, pageSize);
  const last = messages.at(-1);
  return {
    status: 200,
    body: {
      messages: messages.map((message) => messageJson(message, accountSid)),
      page,
      page_size: pageSize,
      start: page * pageSize,
      end: page * pageSize + Math.max(0, messages.length - 1),
      uri: uri(page),
      first_page_uri: uri(0),
      next_page_uri: found.length > pageSize && last ? uri(page + 1, `PA${last.sid}`) : null,
      previous_page_uri: page > 0 ? uri(page - 1) : null,
    },
  };
}

/** One page and one message more, which tells that there is a next page. */
function select(query: URLSearchParams, store: Store, pageSize: number): StandInMessage[] {
  const after = query.get('PageToken')?.slice(2);
  const isInRange = dateFilter(query);
  const found: StandInMessage[] = [];
  let started = after === undefined;
  const filter = { to: query.get('To') ?? undefined, from: query.get('From') ?? undefined };
  for (const message of store.newestFirst(filter)) {
    if (!started) {
      started = message.sid === after;
    } else if (isInRange(message)) {
      found.push(message);
      if (found.length > pageSize) break;
    }
  }
  return found;
}

/** `DateSent>=` and `DateSent<=` in whole seconds. What has not been sent has no such date and never matches. */
function dateFilter(query: URLSearchParams): (message: StandInMessage) => boolean {
  const from = query.get('DateSent>');
  const until = query.get('DateSent<');
  if (from === null && until === null) return () => true;
  const low = from === null ? Number.NEGATIVE_INFINITY : Date.parse(from);
  const high = until === null ? Number.POSITIVE_INFINITY : Date.parse(until);
  return ({ sentAt }) => {
    if (sentAt === null) return false;
    const second = Math.floor(sentAt / 1000) * 1000;
    return second >= low && second <= high;
  };
}
