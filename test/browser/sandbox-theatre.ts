import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { isCurrent } from '../../scripts/sources.ts';
import { openStage, type Stage } from '../integration/sandbox/stage.ts';
import { openBrowser } from '../support/browser.ts';

/*
 * The sandbox page in a browser, as somebody sees it: built from its source, served by the product, with nothing between.
 */

const ROOT = path.resolve(import.meta.dirname, '../..');

export interface Theatre {
  readonly stage: Stage;
  /** Opens the page in a browser of its own, the tour left aside; what it complains about is kept. */
  enter(options?: BrowserContextOptions & { welcome?: boolean }): Promise<Page>;
  /** What any page wrote to its console, asked of other sites, or stumbled over. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** The page as `npm run build` has made it; built elsewhere when the sources are others by now. */
function builtPage(): Record<string, string> {
  const dist = path.join(ROOT, 'dist');
  const ready = path.join(dist, 'page');
  if (existsSync(ready) && isCurrent(dist)) return filesIn(ready);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'page-'));
  try {
    const vite = path.join(ROOT, 'node_modules/vite/bin/vite.js');
    const config = path.join(ROOT, 'src/sandbox/page/vite.config.ts');
    const made = spawnSync(process.execPath, [vite, 'build', '--config', config, '--outDir', folder], {
      encoding: 'utf8',
      env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' },
    });
    if (made.status !== 0) throw new Error(`the page could not be built:\n${made.stdout}${made.stderr}`);
    return filesIn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return Object.fromEntries(
    files.map((file) => {
      const name = path.join(file.parentPath, file.name);
      return [path.relative(folder, name), readFileSync(name, 'utf8')];
    }),
  );
}

export async function openTheatre(chromium: string): Promise<Theatre> {
  const stage = await openStage({ page: builtPage() });
  const browser = await openBrowser(chromium);
  const complaints: string[] = [];
  return {
    stage,
    complaints,
    enter: (options) => enter(browser, stage, complaints, options),
    async close() {
      await browser.close();
      await stage.close();
    },
  };
}

async function enter(
  browser: Browser,
  stage: Stage,
  complaints: string[],
  { welcome = false, ...options }: BrowserContextOptions & { welcome?: boolean } = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(20_000);
  context.on('console', (message) => complaints.push(message.text()));
  context.on('weberror', (error) => complaints.push(error.error().message));
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith('data:') && !url.startsWith(stage.origin)) complaints.push(`asked for ${url}`);
  });
  const page = await context.newPage();
  await page.goto(stage.origin);
  if (!welcome) await page.getByRole('button', { name: "I'll look around" }).click();
  return page;
}

/** Types a line into the composer and sends it. */
export async function say(page: Page, line: string): Promise<void> {
  await page.getByRole('combobox', { name: /^Message / }).fill(line);
  await page.keyboard.press('Enter');
}

/**
 * From now on whatever is done on the page is answered only when something else is done: what has happened shows before
 * that, and nobody has to wait for an answer to go on. Returns what ends it.
 */
export async function answerLate(page: Page): Promise<() => Promise<void>> {
  let release = () => {};
  await page.route('**/sandbox/act', async (route) => {
    release();
    const next = new Promise<void>((resolve) => {
      release = resolve;
    });
    const response = await route.fetch();
    await next;
    await route.fulfill({ response });
  });
  return async () => {
    release();
    await page.unrouteAll({ behavior: 'wait' });
  };
}
