import type { Request, RequestHandler, Response } from 'express';
import { errorPage, newNonce, pageHeaders } from './pages/index.ts';

/** Answers with a page of ours under its own, strict headers; `frames` are websites that may show it. */
export function sendPage(
  res: Response,
  status: number,
  write: (nonce: string) => string,
  frames: readonly string[] = [],
): void {
  const nonce = newNonce();
  if (frames.length > 0) res.removeHeader('X-Frame-Options');
  res.status(status).set(pageHeaders(nonce, frames)).send(write(nonce));
}

interface Problem {
  title: string;
  /** What to do next. */
  text: string;
}

const PROBLEMS: Record<number, Problem> = {
  400: { title: 'That could not be read.', text: 'Go back and try again.' },
  403: { title: 'That is not allowed.', text: 'The request is not signed by anybody we know.' },
  404: { title: 'There is nothing here.', text: 'Check the address, or ask whoever gave it to you for a new one.' },
  405: { title: 'That cannot be done here.', text: 'This address is used in another way.' },
  413: { title: 'That is too large.', text: 'Send something smaller.' },
  415: { title: 'That kind of content is not taken here.', text: 'Send it in another form.' },
  429: { title: 'Too many requests.', text: 'Wait a minute, then try again.' },
  503: { title: 'Not available right now.', text: 'Try again in a minute.' },
};
const UNEXPECTED: Problem = { title: 'Something went wrong here.', text: 'Try again in a minute.' };

const CODES: Record<number, string> = {
  400: 'validation_error',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** A page that says what is wrong, whoever asks. */
export function sendProblemPage(res: Response, status: number, problem: Partial<Problem> = {}): void {
  const { title, text } = { ...(PROBLEMS[status] ?? UNEXPECTED), ...problem };
  sendPage(res, status, (nonce) => errorPage({ status, title, text, lang: 'en', nonce }));
}

/** Says what is wrong: a page to browsers, JSON to programs. */
export function sendProblem(req: Request, res: Response, status: number, text?: string): void {
  if (req.get('accept')?.includes('text/html')) {
    sendProblemPage(res, status, text ? { text } : {});
    return;
  }
  const message = text ?? (PROBLEMS[status] ?? UNEXPECTED).title;
  res.status(status).json({ error: { code: CODES[status] ?? 'internal', message } });
}

/** Ends a route's chain: its path exists, the method does not. */
export function only(...methods: string[]): RequestHandler {
  return (req, res) => {
    res.set('Allow', methods.join(', '));
    sendProblem(req, res, 405);
  };
}
