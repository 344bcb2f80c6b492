import { ConfigError, readConfig } from './config.ts';
import { manifest } from './slack/manifest.ts';

/* `npm run manifest`: what api.slack.com is given to make the app, for the address of this installation. */

const USAGE = `Usage: npm run --silent manifest -- [https://leads.example.com] [--socket]
The address is PUBLIC_URL unless one is given; --socket makes an app that needs no public address.
`;

/** What to print, and the exit code. */
export function answer(args: readonly string[], publicUrl: string | undefined): { code: number; text: string } {
  const socketMode = args.includes('--socket');
  const [address = publicUrl, ...rest] = args.filter((arg) => arg !== '--socket');
  if (rest.length > 0 || address?.startsWith('-')) return { code: 2, text: USAGE };
  try {
    const config = readConfig({ PUBLIC_URL: address });
    const local = address === undefined && !socketMode;
    if (local) throw new ConfigError(['PUBLIC_URL is missing: Slack has to reach this server (or use --socket).']);
    return { code: 0, text: `${JSON.stringify(manifest(config.publicUrl, { socketMode }), null, 2)}\n` };
  } catch (error) {
    if (error instanceof ConfigError) return { code: 1, text: `${error.message}\n` };
    throw error;
  }
}
