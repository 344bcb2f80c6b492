import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { contrast } from '../../src/http/pages/colour.ts';
import type { OptOutState, UploadState } from '../../src/http/pages/index.ts';
import { errorPage, newNonce, optOutPage, pageHeaders, statusPage, uploadPage } from '../../src/http/pages/index.ts';
import { type Answer, findChromium, NO_BROWSER, openBrowser, type PageServer, servePages } from '../support/browser.ts';

const LANGUAGES = ['en', 'sv', 'de', 'es', 'hi'];
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

function answer(render: (nonce: string) => string): Answer {
  const nonce = newNonce();
  return { headers: pageHeaders(nonce), body: render(nonce) };
}

/** `/opt-out/<state>/<lang>`, `/upload/<state>/<lang>`, `/status`; anything else is the error page. */
function render(path: string): Answer {
  const [, kind, state, lang = 'en'] = path.split('/');
  const common = { business: 'Nordic Motors', accent: '#1f4fa3', lang, action: path };
  return answer((nonce) => {
    if (kind === 'opt-out') return optOutPage({ ...common, state: state as OptOutState, nonce });
    if (kind === 'upload') {
      return uploadPage({ ...common, state: state as UploadState, customer: 'Anna', maxMegabytes: 1, nonce });
    }
    if (kind === 'status') return status(nonce);
    return errorPage({ status: 404, title: 'There is nothing here.', text: 'Ask for a new link.', lang: 'en', nonce });
  });
}

function status(nonce: string): string {
  return statusPage({
    business: 'Nordic Motors',
    version: '0.1.0',
    now: new Date('2026-11-21T09:42:00Z'),
    zone: 'Europe/Stockholm',
    roles: ['web', 'worker'],
    checks: [
      { name: 'Database', ok: true, detail: 'embedded Postgres' },
      { name: 'Twilio', ok: false, detail: `no answer from http://127.0.0.1:3002/${'x'.repeat(60)}` },
    ],
    addresses: [{ label: 'Slack stand-in', value: `http://127.0.0.1:3001/${'y'.repeat(60)}` }],
    tips: [`Turn the clock: \`curl -d '{"advance":"P2D"}' http://127.0.0.1:3000/sandbox/clock-${'z'.repeat(60)}\``],
    counts: [{ label: 'messages planned', value: 12345678 }],
    nonce,
  });
}

/** Height in CSS pixels of the least tall button, or Infinity where there is none. */
const LOWEST_BUTTON =
  'Math.min(...[...document.querySelectorAll("button")].map((button) => button.getBoundingClientRect().height))';

jest.setTimeout(60_000); // two cores, shared with the other tests

const chromium = process.env.SKIP_BROWSER === '1' ? undefined : findChromium();

if (chromium === undefined) {
  // a machine with nothing but Node may go without; where changes land (CI is set) a browser has to be there
  test('no browser on this machine: the pages are not looked at', () => {
    if (process.env.CI && process.env.SKIP_BROWSER !== '1') throw new Error(NO_BROWSER);
    process.stderr.write(`${NO_BROWSER}\n`);
    expect(chromium).toBeUndefined();
  });
} else {
  describe('public pages in a browser', () => {
    let browser: Browser;
    let server: PageServer;

    beforeAll(async () => {
      browser = await openBrowser(chromium);
      server = await servePages(render, (posted) => {
        if (posted.path.startsWith('/upload')) return render('/upload/done/en');
        const wanted = new URLSearchParams(posted.body.toString()).get('action');
        return render(wanted === 'start' ? '/opt-out/back_in/en' : '/opt-out/done/en');
      });
    });

    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });

    /** Opens a path in a context of its own; fails afterwards if anything was refused, missing or asked elsewhere. */
    async function visit(path: string, options: BrowserContextOptions, look: (page: Page) => Promise<void>) {
      const context = await browser.newContext(options);
      const complaints: string[] = [];
      context.on('console', (message) => complaints.push(message.text()));
      context.on('weberror', (error) => complaints.push(error.error().message));
      context.on('request', (request) => {
        if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(server.origin)) {
          complaints.push(`asked for ${request.url()}`);
        }
      });
      try {
        const page = await context.newPage();
        await page.goto(server.origin + path);
        await look(page);
        expect(complaints).toEqual([]);
      } finally {
        await context.close();
      }
    }

    const lastPost = () => server.posts.at(-1);

    test('one press stops the messages, and one brings them back, without JavaScript', async () => {
      await visit('/opt-out/ask', { javaScriptEnabled: false }, async (page) => {
        await page.getByRole('button', { name: 'Stop all messages' }).click();
        await page.getByText('Done. Nordic Motors will not write to you again.').waitFor();
        expect(lastPost()?.body.toString()).toBe('action=stop');

        await page.getByRole('button', { name: 'I changed my mind' }).click();
        await page.getByText('Nordic Motors may write to you again.').waitFor();
        expect(lastPost()?.body.toString()).toBe('action=start');
      });
    });

    test('opening the page posts nothing', async () => {
      const before = server.posts.length;
      await visit('/opt-out/ask', {}, async (page) => {
        await page.getByRole('button').waitFor();
      });
      expect(server.posts.length).toBe(before);
    });

    test('the keyboard reaches the button first, sees where it is, and presses it with Enter', async () => {
      await visit('/opt-out/ask', {}, async (page) => {
        await page.keyboard.press('Tab');
        expect(await page.evaluate('document.activeElement.className')).toBe('primary');
        expect(await page.evaluate('getComputedStyle(document.activeElement).outlineWidth')).toBe('3px');
        await page.keyboard.press('Enter');
        await page.getByText('Done. Nordic Motors').waitFor();
      });
    });

    test('the upload page is walked in order: photo, then send', async () => {
      await visit('/upload/ask', {}, async (page) => {
        const seen: unknown[] = [];
        for (const _stop of ['photo', 'send']) {
          await page.keyboard.press('Tab');
          seen.push(await page.evaluate('document.activeElement.name || document.activeElement.className'));
        }
        expect(seen).toEqual(['photo', 'primary']);
      });
    });

    test('a photo is chosen, seen to be chosen, and sent whole without JavaScript', async () => {
      await visit('/upload/ask', { javaScriptEnabled: false }, async (page) => {
        await page.setInputFiles('input', { name: 'licence.png', mimeType: 'image/png', buffer: PIXEL });
        await page.getByText('Photo chosen').waitFor({ state: 'visible' });
        await page.getByRole('button', { name: 'Send the photo' }).click();
        await page.getByText('The photo has arrived.').waitFor();
        expect(lastPost()?.type).toMatch(/^multipart\/form-data; boundary=/);
        expect(lastPost()?.body.toString('latin1')).toContain('name="photo"; filename="licence.png"');
        expect(lastPost()?.body.includes(PIXEL)).toBe(true);
      });
    });

    test('the chosen photo is shown before it is sent', async () => {
      await visit('/upload/ask', {}, async (page) => {
        await page.setInputFiles('input', { name: 'licence.png', mimeType: 'image/png', buffer: PIXEL });
        await page.locator('.finder img').waitFor({ state: 'visible' });
        await page.getByText('Tap to replace').waitFor({ state: 'visible' });
        await page.getByRole('button', { name: 'Send the photo' }).click();
        await page.getByText('The photo has arrived.').waitFor();
      });
    });

    test('a photo that is too large is refused before it is sent, and a smaller one mends it', async () => {
      await visit('/upload/ask', {}, async (page) => {
        const before = server.posts.length;
        const large = Buffer.alloc(1024 * 1024 + 1, 1);
        await page.setInputFiles('input', { name: 'large.jpg', mimeType: 'image/jpeg', buffer: large });
        await page.getByRole('alert').getByText('larger than 1 MB').waitFor();
        await page.getByRole('button', { name: 'Send the photo' }).click();
        expect(await page.evaluate('document.querySelector("input").validity.customError')).toBe(true);
        expect(server.posts.length).toBe(before);

        await page.setInputFiles('input', { name: 'licence.png', mimeType: 'image/png', buffer: PIXEL });
        await page.getByRole('button', { name: 'Send the photo' }).click();
        await page.getByText('The photo has arrived.').waitFor();
        expect(server.posts.length).toBe(before + 1);
      });
    });

    const paths = [
      '/status',
      '/nothing',
      ...['done/en', 'maybe_left_one/de', 'back_in/es', 'unknown_token/hi'].map((path) => `/opt-out/${path}`),
      ...LANGUAGES.flatMap((lang) => [`/opt-out/ask/${lang}`, `/upload/ask/${lang}`, `/upload/too_large/${lang}`]),
    ];

    test.each([
      { width: 320, height: 640 }, // WCAG 2.2, 1.4.10: reflow down to 320 px
      { width: 390, height: 844 },
      { width: 1280, height: 800 },
    ])('all fits on $width x $height, with buttons a thumb can hit', async (viewport) => {
      await visit('/opt-out/ask', { viewport }, async (page) => {
        for (const path of paths) {
          await page.goto(server.origin + path);
          expect([path, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([path, viewport.width]);
          expect(await page.evaluate(LOWEST_BUTTON)).toBeGreaterThanOrEqual(48);
        }
      });
    });

    test('the main button can be reached on a phone without scrolling', async () => {
      const viewport = { width: 390, height: 844 };
      await visit('/opt-out/ask', { viewport }, async (page) => {
        for (const path of LANGUAGES.flatMap((lang) => [`/opt-out/ask/${lang}`, `/upload/ask/${lang}`])) {
          await page.goto(server.origin + path);
          const box = await page.locator('.primary').boundingBox();
          expect((box?.y ?? Number.NaN) + (box?.height ?? Number.NaN)).toBeLessThan(viewport.height - 100);
        }
      });
    });

    test.each(['light', 'dark'] as const)('in the %s the text stands out from what it lies on', async (colorScheme) => {
      await visit('/opt-out/ask', { colorScheme }, async (page) => {
        const ground = await colourOf(page, 'html', 'backgroundColor');
        expect(contrast(ground, '#ffffff') > 10).toBe(colorScheme === 'dark');
        expect(contrast(await colourOf(page, 'h1', 'color'), ground)).toBeGreaterThan(7);
        const face = await colourOf(page, '.primary', 'backgroundColor');
        expect(contrast(await colourOf(page, '.primary', 'color'), face)).toBeGreaterThanOrEqual(4.5);
      });
    });
  });
}

/** A computed colour (`rgb(1, 2, 3)`) as `#rrggbb`. */
async function colourOf(page: Page, selector: string, property: string): Promise<string> {
  const value = await page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).${property}`);
  const channels = value.match(/\d+/g)?.slice(0, 3) ?? [];
  return `#${channels.map((channel) => Number(channel).toString(16).padStart(2, '0')).join('')}`;
}
