import { rm } from 'node:fs/promises';
import { within } from '../../lib/within.ts';
import type { Trouble, WebClient } from './client.ts';

/** A browser that does not close in this time is ended. */
const CLOSE_MS = 5000;
/** Puppeteer gives up starting a browser after 30 seconds. */
const LAUNCH_MS = 35_000;

interface Emitter {
  on(event: string, listener: (error?: unknown) => void): unknown;
}

/** What of the library's client, and of the browser in it, is used to watch over it. */
export interface LibraryClient extends WebClient {
  pupBrowser: (Emitter & BrowserParts) | null;
  pupPage: Emitter | null;
  /** Asks for what is needed of the page: when it is opened, and again after each navigation. */
  inject(): Promise<void>;
  emit(event: 'disconnected', reason: string): boolean;
}

interface BrowserParts {
  connected: boolean;
  close(): Promise<void>;
  process(): { kill(signal: 'SIGKILL'): boolean; stdio: readonly (Emitter | null | undefined)[] } | null;
}

export interface Auth {
  afterBrowserInitialized(): Promise<void>;
  destroy(): Promise<void>;
}

/**
 * Watches over a client of the library: that its browser is gone is told as `disconnected`; what the library does with a page
 * that is not there any more fails without anybody waiting for it, which would end the process, so it is caught here; and its
 * end is final, whatever it was about to do. `dataPath` is removed with it.
 */
export function guard(client: LibraryClient, auth: Auth, dataPath: string, trouble: Trouble): WebClient {
  const initialize = client.initialize.bind(client);
  const inject = client.inject.bind(client);
  const endSession = auth.destroy.bind(auth);
  let opening: Promise<void> = Promise.resolve();
  let opened = false;
  let over = false;
  let closing: Promise<void> | undefined;

  client.on('disconnected', () => {
    over = true;
  });

  function broke(why: string): void {
    if (!over) client.emit('disconnected', why);
  }

  /** The browser is there, and nothing was asked of it yet. After a logout the library calls it once more. */
  auth.afterBrowserInitialized = async () => {
    if (opened) return;
    if (over) throw new Error('the connection was closed while it was being opened');
    client.pupBrowser?.on('disconnected', () => broke('browser_gone'));
    client.pupPage?.on('close', () => broke('page_gone'));
    client.pupPage?.on('error', () => broke('page_crashed'));
    // puppeteer does not listen to its pipes any more once it closes, and one of a killed browser breaks after that
    for (const pipe of client.pupBrowser?.process()?.stdio ?? []) pipe?.on('error', () => {});
  };

  async function closeBrowser(): Promise<void> {
    const browser = client.pupBrowser;
    const closed = browser?.connected === true && (await within(CLOSE_MS, browser.close())) !== undefined;
    if (!closed) browser?.process()?.kill('SIGKILL');
  }

  async function close(): Promise<void> {
    over = true;
    try {
      await closeBrowser();
      // one that was being started meanwhile
      await within(LAUNCH_MS, opening);
      await closeBrowser();
      await endSession();
    } catch (error) {
      trouble(error, 'WhatsApp Web could not be closed in order');
    } finally {
      await rm(dataPath, { recursive: true, force: true, maxRetries: 4 }).catch((error) =>
        trouble(error, 'the folder of a phone could not be removed; the next start does it'),
      );
    }
  }

  return Object.assign(client, {
    async initialize() {
      opening = initialize();
      await opening;
      opened = true;
    },
    async inject() {
      if (!opened) return inject();
      if (over) return;
      try {
        await inject();
      } catch (error) {
        if (over) return;
        trouble(error, 'WhatsApp Web did not come back after its page changed');
        broke('page_lost');
      }
    },
    destroy() {
      closing ??= close();
      return closing;
    },
  });
}
