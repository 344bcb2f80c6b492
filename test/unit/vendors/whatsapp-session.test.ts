import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { makeFolder, sweepFolders } from '../../../src/vendors/whatsapp-web/folders.ts';
import { guard, type LibraryClient } from '../../../src/vendors/whatsapp-web/guard.ts';
import { keepSession, type RemoteAuthClass } from '../../../src/vendors/whatsapp-web/session.ts';
import { until } from '../../support/until.ts';

const load = createRequire(import.meta.url);
const library = (file: string): unknown => load(`../../../node_modules/whatsapp-web.js/src/${file}.js`);

const NAME = 'RemoteAuth-a1';
let root: string;
/** Nobody waits for what the library fails at: Node would end the process. */
const unhandled: unknown[] = [];
const onUnhandled = (error: unknown) => void unhandled.push(error);

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'leadrescue-session-'));
  process.on('unhandledRejection', onUnhandled);
});
afterAll(() => {
  process.off('unhandledRejection', onUnhandled);
  rmSync(root, { recursive: true });
});
afterEach(async () => {
  // rejections that nobody has caught are told once the event loop has gone round
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
});

/** The library's own class, with a store that fails as told. */
function bench(store: { load?(): Promise<Buffer | null>; save?(content: Buffer): Promise<void> } = {}) {
  const troubles: unknown[] = [];
  const dataPath = mkdtempSync(path.join(root, 'phone-'));
  const session = { load: store.load ?? (async () => null), save: store.save ?? (async () => {}) };
  const RemoteAuth = library('authStrategies/RemoteAuth') as RemoteAuthClass;
  const trouble = (error: unknown) => void troubles.push(error);
  const auth = keepSession(RemoteAuth, { phoneId: 'a1', dataPath, session, trouble });
  auth.setup({ options: { puppeteer: {} }, emit() {} } as unknown as Parameters<typeof auth.setup>[0]);
  return { auth, troubles, dataPath, trouble };
}

describe('the session, by the library’s own RemoteAuth', () => {
  test('is zipped, saved, and restored where it was', async () => {
    let kept: Buffer | null = null;
    const session = {
      load: async () => kept,
      async save(content: Buffer) {
        kept = content;
      },
    };
    const open = async () => {
      const { auth, dataPath, troubles } = bench(session);
      await auth.beforeBrowserInitialized();
      return { auth, troubles, file: path.join(dataPath, NAME, 'Default/IndexedDB/keys') };
    };
    const first = await open();
    mkdirSync(path.dirname(first.file), { recursive: true });
    writeFileSync(first.file, 'what keeps it linked');
    await first.auth.storeRemoteSession();
    const second = await open();
    expect([readFileSync(second.file, 'utf8'), first.troubles]).toEqual(['what keeps it linked', []]);
    await Promise.all([first.auth.destroy(), second.auth.destroy()]);
  });

  test('that cannot be saved is told, and ends nothing: held elsewhere, or no database', async () => {
    const { auth, troubles } = bench({
      save: async () => {
        throw new Error('held elsewhere');
      },
    });
    await auth.beforeBrowserInitialized();
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      // as the library calls it: with each `ready`, and waiting for none of it
      void auth.afterAuthReady();
      void auth.afterAuthReady();
      jest.advanceTimersByTime(60_000);
    } finally {
      jest.useRealTimers();
    }
    await until(() => troubles.length > 0, 'the trouble');
    expect(troubles).toEqual([expect.objectContaining({ message: 'held elsewhere' })]);
    await auth.destroy();
  });

  test('closed while it is being saved, it waits for that, and says nothing any more', async () => {
    let saving = () => {};
    const begun = new Promise<void>((resolve) => {
      saving = resolve;
    });
    let fail = (_error: Error) => {};
    const { auth, troubles } = bench({
      save: () => {
        saving();
        return new Promise((_resolve, reject) => {
          fail = reject;
        });
      },
    });
    await auth.beforeBrowserInitialized();
    void auth.storeRemoteSession();
    await begun;
    const closed = auth.destroy();
    fail(new Error('the database is away'));
    await closed;
    await auth.storeRemoteSession(); // a timer that was late
    expect(troubles).toEqual([]);
  });

  test('after a logout nothing is asked of the store, which may be away', async () => {
    let asked = 0;
    const { auth } = bench({
      load: async () => {
        if (++asked > 1) throw new Error('the database is away');
        return null;
      },
    });
    await auth.beforeBrowserInitialized();
    // as the library goes on (Client.js, `framenavigated`)
    await auth.logout();
    await auth.beforeBrowserInitialized();
    await auth.disconnect();
    expect(asked).toBe(1);
  });

  test('that is broken fails where somebody waits for it', async () => {
    const { auth } = bench({ load: async () => Buffer.from('no archive') });
    await expect(auth.beforeBrowserInitialized()).rejects.toThrow();
  });
});

/** A browser and its page, as puppeteer shows them. */
class Browser extends EventEmitter {
  connected = true;
  killed = false;
  hangs = false;
  async close() {
    if (this.hangs) return new Promise<never>(() => {});
    this.connected = false;
    this.emit('disconnected');
  }
  pipe = new EventEmitter();
  process = () => ({
    kill: () => (this.killed = this.pipe.emit('error', new Error('ECONNRESET'))),
    stdio: [null, this.pipe],
  });
}

/** The library's own client, opened as it opens itself, with a browser that is played. */
async function opened() {
  const { auth, troubles, dataPath, trouble } = bench();
  const Client = library('Client') as new (options: object) => LibraryClient & EventEmitter;
  const client = new Client({ authStrategy: auth });
  const inject = client.inject.bind(client);
  const browser = new Browser();
  const page = Object.assign(new EventEmitter(), {
    evaluate: async () => {
      throw new Error('Target closed');
    },
  });
  // what `initialize` does, without its browser
  Object.assign(client, {
    inject: async () => {},
    async initialize() {
      await auth.beforeBrowserInitialized();
      Object.assign(client, { pupBrowser: browser, pupPage: page });
      await auth.afterBrowserInitialized();
    },
  });
  Object.assign(client, { inject });
  const guarded = guard(client, auth, dataPath, trouble) as LibraryClient;
  const ends: string[] = [];
  guarded.on('disconnected', (reason) => void ends.push(reason));
  return { client: guarded, browser, page, troubles, ends, dataPath };
}

describe('the library’s own client', () => {
  test.each([
    ['the browser died', 'browser_gone', (to: Awaited<ReturnType<typeof opened>>) => to.browser.emit('disconnected')],
    ['the page was closed', 'page_gone', (to: Awaited<ReturnType<typeof opened>>) => to.page.emit('close')],
    [
      'the page crashed',
      'page_crashed',
      (to: Awaited<ReturnType<typeof opened>>) => to.page.emit('error', new Error()),
    ],
  ])('%s: it is told, once', async (_name, reason, happens) => {
    const phone = await opened();
    await phone.client.initialize();
    happens(phone);
    happens(phone);
    expect(phone.ends).toEqual([reason]);
    await phone.client.destroy();
    expect(phone.ends).toEqual([reason]);
    expect(existsSync(phone.dataPath)).toBe(false);
  });

  test('an own end is no news', async () => {
    const phone = await opened();
    await phone.client.initialize();
    await Promise.all([phone.client.destroy(), phone.client.destroy()]);
    expect([phone.ends, phone.troubles]).toEqual([[], []]);
  });

  test('a page that changed and is not there any more is an end, not a rejection that nobody waits for', async () => {
    const phone = await opened();
    await phone.client.initialize();
    await phone.client.inject(); // as after each navigation
    expect(phone.ends).toEqual(['page_lost']);
    expect(phone.troubles).toEqual([expect.objectContaining({ message: 'Target closed' })]);
    await phone.client.inject(); // after a logout the library goes on, whatever we did meanwhile
    expect(phone.troubles).toHaveLength(1);
    await phone.client.destroy();
  });

  test('while it is opened, what fails is told to whoever opens it', async () => {
    const phone = await opened();
    await expect(phone.client.inject()).rejects.toThrow();
    await phone.client.destroy();
    await expect(phone.client.initialize()).rejects.toThrow('closed while it was being opened');
  });

  test('a browser that does not close is ended', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const phone = await opened();
      await phone.client.initialize();
      phone.browser.hangs = true;
      const closed = phone.client.destroy();
      await jest.advanceTimersByTimeAsync(60_000);
      jest.useRealTimers();
      await closed;
      expect([phone.browser.killed, existsSync(phone.dataPath)]).toEqual([true, false]);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('folders of sessions', () => {
  test('of dead processes are removed, those of living ones are not', async () => {
    const folders = path.join(root, 'folders');
    expect(await sweepFolders(folders)).toBe(0);
    const own = await makeFolder(folders);
    const put = (name: string) => mkdirSync(path.join(folders, name, 'phone-1'), { recursive: true });
    const [dead, living, elsewhere] = [
      `${hostname()}-2147483646`, // above what any system gives
      `${hostname()}-${process.ppid}`,
      'another-container-7',
    ];
    for (const name of [dead, living, elsewhere, 'somebody’s']) put(name);
    expect(await sweepFolders(folders)).toBe(2);
    const left = [dead, living, elsewhere, 'somebody’s'].map((name) => existsSync(path.join(folders, name)));
    expect([existsSync(own), ...left]).toEqual([false, false, true, true, true]);
  });
});
