import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PhoneHost } from '../../phones/port.ts';
import { findChromium } from './chromium.ts';
import type { WebClient } from './client.ts';

/** The library asks for at least a minute between two saves. */
const SAVE_MS = 5 * 60_000;
/** Codes that are shown before we give up: WhatsApp changes them every 20 seconds, the first after a minute. */
const CODES = 8;

/**
 * A client of whatsapp-web.js itself, with its session in `session`. The library and a browser are loaded here and nowhere
 * else, when a phone is linked.
 * @throws KnownError `misconfigured` when there is no Chromium
 */
export async function openLibrary(
  chromium: { configured: string | undefined; searchPath: string; sandbox: boolean },
  phoneId: string,
  session: PhoneHost['session'],
): Promise<WebClient> {
  const executablePath = findChromium(chromium.configured, chromium.searchPath);
  const { default: library } = await import('whatsapp-web.js');
  const dataPath = await mkdtemp(path.join(tmpdir(), 'leadrescue-phone-'));
  const client = new library.Client({
    authStrategy: new library.RemoteAuth({
      clientId: phoneId,
      dataPath,
      store: storeOf(session, dataPath),
      backupSyncIntervalMs: SAVE_MS,
    }),
    puppeteer: { headless: true, executablePath, args: chromium.sandbox ? [] : ['--no-sandbox'] },
    qrMaxRetries: CODES,
    // no page of WhatsApp Web is kept in the working directory
    webVersionCache: { type: 'none' },
  });
  const destroy = client.destroy.bind(client);
  return Object.assign(client, {
    async destroy() {
      await destroy();
      await rm(dataPath, { recursive: true, force: true });
    },
  }) satisfies WebClient;
}

/**
 * Where RemoteAuth keeps what it zips: it writes `<session>.zip` to its folder before `save`, and expects it at `path` after
 * `extract`. Its `delete` is not obeyed: it also comes when another process has taken the phone over (`CONFLICT`), and whoever
 * holds the phone deletes the session when the link is really over.
 */
export function storeOf(session: PhoneHost['session'], dataPath: string) {
  return {
    sessionExists: () => session.exists(),
    async save({ session: name }: { session: string }) {
      await session.save(await readFile(path.join(dataPath, `${path.basename(name)}.zip`)));
    },
    async extract({ path: file }: { session: string; path: string }) {
      const content = await session.load();
      if (content) await writeFile(file, content, { mode: 0o600 });
    },
    async delete() {},
  };
}
