import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerApiCall } from './api.ts';
import type { Desk } from './desk.ts';
import { readBody, readUpload, sendJson, sendText } from './http.ts';
import { answerReply } from './response-urls.ts';

/** The HTTP side of the stand-in: Web API, files, upload addresses and response URLs. Not yet listening. */
export function createSlackServer(desk: Desk, botToken: string): Server {
  // whoever has stalled for a moment finds its connection still open
  return createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    answer(request, response, desk, botToken).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      desk.workspace.report(request.url ?? '', 'fatal_error', detail);
      if (response.headersSent) response.destroy();
      else sendJson(response, { ok: false, error: 'fatal_error' });
    });
  });
}

async function answer(request: IncomingMessage, response: ServerResponse, desk: Desk, botToken: string) {
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const [, area = '', ...rest] = url.pathname.split('/');
  const path = `/${rest.join('/')}`;
  const body = await readBody(request);
  if (body === undefined) return sendText(response, 'too large', 413);
  switch (area) {
    case 'api':
      return answerApiCall(
        { request, response, method: rest.join('/'), query: url.searchParams, body },
        desk,
        botToken,
      );
    case 'files-pri':
      return sendFile(rest, request, response, desk, botToken);
    case 'upload': {
      const bytes = await readUpload(request.headers['content-type'] ?? '', body);
      const taken = bytes !== undefined && desk.files.receive(rest.at(-1) ?? '', bytes);
      return taken ? sendText(response, `OK - ${bytes.byteLength}`) : sendText(response, 'not found', 404);
    }
    case 'hooks': {
      const { status, text } = answerReply(path, body.toString('utf8'), desk);
      return sendText(response, text, status);
    }
    default:
      return sendText(response, 'not found', 404);
  }
}

/** A file's bytes for the bot's token; anybody else gets the sign-in page with status 200, as at Slack. */
function sendFile(rest: string[], request: IncomingMessage, response: ServerResponse, desk: Desk, botToken: string) {
  if (request.headers.authorization !== `Bearer ${botToken}`) {
    return sendText(response, '<!DOCTYPE html><title>Sign in | Slack</title>', 200, 'text/html');
  }
  const file = desk.files.find(rest[0]?.split('-').at(-1) ?? '');
  if (file === undefined || file.deleted) return sendText(response, 'not found', 404);
  response.writeHead(200, { 'content-type': file.mimetype, 'content-length': file.bytes.byteLength });
  response.end(file.bytes);
}
