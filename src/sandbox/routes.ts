import express, { type RequestHandler } from 'express';
import { type ActDeps, Impossible, perform } from './acts/index.ts';
import type { StandIns } from './demo.ts';
import { onlyOurPage } from './guard.ts';
import type { Live } from './live/index.ts';
import { pageFiles } from './page-files.ts';
import type { Streams } from './stream.ts';
import type { ActAnswer } from './wire.ts';

export interface RouteDeps extends ActDeps {
  live: Live;
  streams: Streams;
  publicUrl: string;
  /** Folder of the built page. */
  page: string;
}

/** A photo of a form, in base64. */
const MAX_ACT = '16mb';
/** Files a browser may show by itself; others are downloaded. */
const SHOWN = /^image\/(png|jpeg|gif|webp|heic)$/;

/** A letter shows what mail programs show: words, colours and pictures; it runs nothing. */
const LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'";

/** Other requests pass without being looked at more closely. */
const OURS = /^\/(sandbox\/.*|assets\/.*|[\w-]+\.\w+)?$/;

/** Everything of the page under `/sandbox`, and the page itself at `/`. */
export function sandboxRoutes(deps: RouteDeps): RequestHandler {
  const router = express.Router();
  const ours = onlyOurPage(deps.publicUrl);

  router.get('/sandbox/stream', ours, (request, response) => deps.streams.open(request, response));

  // what the stream begins with, for programs
  router.get('/sandbox/state', ours, async (_request, response) => {
    const { everything, end } = await deps.live.watch(() => {});
    end();
    response.type('json').set('cache-control', 'no-store').send(everything);
  });

  router.post('/sandbox/act', ours, express.json({ limit: MAX_ACT, inflate: false }), async (request, response) => {
    // a form of another site could be posted without asking; JSON cannot
    if (!request.is('application/json')) return response.status(415).json({ error: 'Send an act as JSON.' });
    try {
      const answer: ActAnswer = await perform(deps, request.body);
      await deps.live.refresh();
      return response.json(answer);
    } catch (error) {
      if (!(error instanceof Impossible)) throw error;
      return response.status(400).json({ error: error.message });
    }
  });

  router.get('/sandbox/files/:id', ours, (request, response) => {
    const file = fileOf(deps.standIns, String(request.params.id));
    if (!file) return response.status(404).json({ error: 'That file is gone.' });
    const type = SHOWN.test(file.mimetype) ? file.mimetype : 'application/octet-stream';
    response.set({
      'content-type': type,
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'",
    });
    if (type !== file.mimetype) response.attachment(file.name).type(type);
    return response.send(Buffer.from(file.bytes));
  });

  router.get('/sandbox/letters/:id', ours, (request, response) => {
    const letter = letterOf(deps.standIns, String(request.params.id));
    if (!letter?.html) return response.status(404).json({ error: 'That letter is gone.' });
    response.set({ 'cache-control': 'no-store', 'content-security-policy': LETTER_POLICY });
    // its links open beside the page, as they do in a mail program
    return response.type('html').send(letter.html.replace('<head>', '<head><base target="_blank">'));
  });

  router.get('/sandbox/letters/:id/:index', ours, (request, response) => {
    const letter = letterOf(deps.standIns, String(request.params.id));
    const attachment = letter?.attachments[Number(request.params.index)];
    if (!attachment) return response.status(404).json({ error: 'That attachment is gone.' });
    response.set({ 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'" });
    return response.attachment(attachment.name).type('application/octet-stream').send(attachment.content);
  });

  router.use(pageFiles(deps.page));
  return (request, response, next) => (OURS.test(request.path) ? router(request, response, next) : next());
}

const letterOf = ({ mail }: StandIns, id: string) => mail?.standIn.letters.find((letter) => letter.id === id);

function fileOf({ slack }: StandIns, id: string) {
  return slack?.standIn.files().find((file) => file.id === id && !file.deleted);
}
