import { rm } from 'node:fs/promises';
import type { PhoneHost } from '../../phones/port.ts';
import { findChromium } from './chromium.ts';
import type { Trouble, WebClient } from './client.ts';
import { makeFolder } from './folders.ts';
import { guard, type LibraryClient } from './guard.ts';
import { keepSession, type RemoteAuthClass } from './session.ts';

/** Codes that are shown before we give up: WhatsApp changes them every 20 seconds, the first after a minute. */
const CODES = 8;

export interface LibraryOptions {
  chromium: { configured: string | undefined; searchPath: string; sandbox: boolean };
  /** Where sessions lie while their browsers run. */
  folder: string;
  trouble: Trouble;
}

/**
 * A client of whatsapp-web.js itself, with its session in `session`. The library and a browser are loaded here and nowhere
 * else, when a phone is linked.
 * @throws KnownError `misconfigured` when there is no Chromium
 */
export async function openLibrary(
  { chromium, folder, trouble }: LibraryOptions,
  phoneId: string,
  session: PhoneHost['session'],
): Promise<WebClient> {
  const executablePath = findChromium(chromium.configured, chromium.searchPath);
  const { default: library } = await import('whatsapp-web.js');
  const dataPath = await makeFolder(folder);
  try {
    // its types show no more than the outside
    const RemoteAuth = library.RemoteAuth as unknown as RemoteAuthClass;
    const authStrategy = keepSession(RemoteAuth, { phoneId, dataPath, session, trouble });
    const client = new library.Client({
      authStrategy,
      // over a pipe: a browser whose process was killed ends itself when it closes
      puppeteer: { headless: true, executablePath, pipe: true, args: chromium.sandbox ? [] : ['--no-sandbox'] },
      qrMaxRetries: CODES,
      // no page of WhatsApp Web is kept in the working directory
      webVersionCache: { type: 'none' },
    });
    return guard(client as unknown as LibraryClient, authStrategy, dataPath, trouble);
  } catch (error) {
    await rm(dataPath, { recursive: true, force: true });
    throw error;
  }
}
