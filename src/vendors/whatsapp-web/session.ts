import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AuthStrategy } from 'whatsapp-web.js';
import { within } from '../../lib/within.ts';
import type { PhoneHost } from '../../phones/port.ts';
import type { Trouble } from './client.ts';

/** When a session is good for being restored, by the library's own measure; how often it is saved from then on. */
const FIRST_SAVE_MS = 60_000;
const SAVE_MS = 5 * 60_000;
/** A save that is under way is waited for this long before its folder is taken away. */
const LAST_SAVE_MS = 5000;

/** What of the library's RemoteAuth is used; its own types keep it to themselves. */
export interface RemoteAuth extends AuthStrategy {
  beforeBrowserInitialized(): Promise<void>;
  afterBrowserInitialized(): Promise<void>;
  afterAuthReady(): Promise<void>;
  /** The browser's folder, once `beforeBrowserInitialized` has named it. */
  userDataDir: string;
  /** Zips what of it keeps the phone linked into `<name>.zip` in `dataPath`, and has the store save it. */
  storeRemoteSession(): Promise<void>;
  extractRemoteSession(): Promise<void>;
  disconnect(): Promise<void>;
  logout(): Promise<void>;
  destroy(): Promise<void>;
}
export type RemoteAuthClass = new (options: {
  clientId: string;
  dataPath: string;
  store: { save(saved: { session: string }): Promise<void> };
  backupSyncIntervalMs: number;
}) => RemoteAuth;

export interface SessionOptions {
  phoneId: string;
  /** A folder of this connection's own. */
  dataPath: string;
  session: PhoneHost['session'];
  trouble: Trouble;
}

/**
 * RemoteAuth as a process can live with it. The library awaits neither its saves nor what it does after a logout, so whatever
 * fails there would end the process: nothing of it is thrown here. It also goes on saving after it was destroyed. Its wish to
 * delete the stored session is not obeyed: it also comes when another process has taken the phone over (`CONFLICT`), and
 * whoever holds the phone deletes the session when the link is really over.
 */
export function keepSession(
  Base: RemoteAuthClass,
  { phoneId, dataPath, session, trouble }: SessionOptions,
): RemoteAuth {
  const Keeping = class extends Base {
    #begun = false;
    #over = false;
    #timer: NodeJS.Timeout | undefined;
    #saving: Promise<void> = Promise.resolve();

    /** It also comes after a logout, to begin again: this connection is not used any more by then. */
    override async beforeBrowserInitialized(): Promise<void> {
      if (this.#begun) return;
      this.#begun = true;
      await super.beforeBrowserInitialized();
    }

    /** The library's own way begins without waiting for what it writes, and does not survive that there is nothing to read. */
    override async extractRemoteSession(): Promise<void> {
      await mkdir(this.userDataDir, { recursive: true });
      const archive = await session.load();
      if (!archive) return;
      const { Open } = await import('unzipper');
      await (await Open.buffer(archive)).extract({ path: this.userDataDir, concurrency: 10 });
    }

    /** With each `ready`, of which there may be several. */
    override async afterAuthReady(): Promise<void> {
      if (!this.#timer) this.#saveIn(FIRST_SAVE_MS);
    }

    override async storeRemoteSession(): Promise<void> {
      if (this.#over) return;
      this.#saving = super.storeRemoteSession().catch((error) => {
        if (!this.#over) trouble(error, 'the session of a phone could not be saved; it is tried again');
      });
      await this.#saving;
    }

    override async disconnect(): Promise<void> {
      this.#end();
    }

    override async logout(): Promise<void> {
      this.#end();
    }

    override async destroy(): Promise<void> {
      this.#end();
      await within(LAST_SAVE_MS, this.#saving);
    }

    #end(): void {
      this.#over = true;
      clearTimeout(this.#timer);
    }

    #saveIn(ms: number): void {
      if (this.#over) return;
      const save = () => void this.storeRemoteSession().then(() => this.#saveIn(SAVE_MS));
      this.#timer = setTimeout(save, ms).unref();
    }
  };
  const store = {
    save: async ({ session: name }: { session: string }) =>
      session.save(await readFile(path.join(dataPath, `${path.basename(name)}.zip`))),
  };
  return new Keeping({ clientId: phoneId, dataPath, store, backupSyncIntervalMs: SAVE_MS });
}
