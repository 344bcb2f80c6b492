import path from 'node:path';
import type { Config } from './config.ts';
import type { Logger } from './lib/logger.ts';
import { createWhatsAppWeb, sweepFolders, type WhatsAppWebOptions } from './vendors/whatsapp-web/index.ts';

/** WhatsApp Web as this process is configured for it. Where phones are held (`holds`), what killed processes left is removed first. */
export async function openPhoneVendor(deps: {
  config: Pick<Config, 'chromiumPath' | 'searchPath' | 'dataDir'>;
  log: Logger;
  machine: () => number;
  /** Instead of the library. */
  client: WhatsAppWebOptions['open'];
  holds: boolean;
}): Promise<ReturnType<typeof createWhatsAppWeb>> {
  const { config, log, machine } = deps;
  const folder = path.join(config.dataDir, 'phones');
  if (deps.holds) await sweep(folder, log);
  return createWhatsAppWeb({
    chromiumPath: config.chromiumPath,
    searchPath: config.searchPath,
    folder,
    chromiumSandbox: process.getuid?.() !== 0,
    open: deps.client,
    machine,
    onTrouble: (error, what) => log.warn({ err: error }, what),
  });
}

async function sweep(folder: string, log: Logger): Promise<void> {
  try {
    const count = await sweepFolders(folder);
    if (count > 0) log.info({ count }, 'sessions of linked phones were removed that killed processes had left');
  } catch (error) {
    log.error(
      { err: error, folder },
      'sessions of linked phones may lie here in the clear: remove what dead processes left',
    );
  }
}
