import { type App, type AppOptions, startApp } from './app.ts';
import type { Config } from './config.ts';
import { createClock } from './lib/clock.ts';
import type { Pace } from './phones/index.ts';
import type { Rooms } from './rooms.ts';
import { type StandIns, seedDemo, startStandIns } from './sandbox/demo.ts';
import { createSandbox } from './sandbox/index.ts';
import { isLoopbackName } from './sandbox/loopback.ts';
import { demoStatus, version } from './sandbox/status.ts';

/*
 * One process of the product as it was configured: the app, with stand-ins for the services whose credentials are missing,
 * and the page to play them. It can be stopped, and started again beside nothing of the old one.
 */

export interface ProductOptions
  extends Pick<AppOptions, 'config' | 'role' | 'settings' | 'masterKeys' | 'auditKey' | 'log' | 'texts' | 'pictures'> {
  /** Begins to wipe everything and to start anew, and returns at once; absent where the database is not ours to wipe. */
  reset?: (() => void) | undefined;
  /** Folder of the built page, where it is not the usual one. */
  page?: string | undefined;
}

export interface Product {
  readonly app: App;
  readonly standIns: StandIns;
  stop(): Promise<void>;
}

/** A played WhatsApp blocks nobody, and the clock may be turned by days: its phone warms up at once, and rests little. */
const BRISK: Pace = { rate: 20, gap: [0, 0], typing: { perCharacter: 5, least: 200, most: 600 }, days: [200] };

/** Starts stand-ins and the app. Throws `Error` when a service is neither configured nor played. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const { config, role, log } = options;
  const clock = createClock();
  // letters go to people: where everything else is played, so are they; a real business without a server writes none
  const missing = { slack: !config.slack, twilio: !config.twilio, mail: !config.mail && !config.twilio };
  const standIns = await startStandIns(missing, originOf(config), clock.now);
  const closers = [standIns.stop];
  const stop = async () => {
    for (const close of closers) await close();
  };
  try {
    const slack = config.slack ?? standIns.slack?.config;
    const twilio = config.twilio ?? standIns.twilio?.config;
    const mail = config.mail ?? standIns.mail?.config;
    if (!slack || !twilio) throw new Error('neither credentials nor a stand-in');

    const demo = standIns.slack !== undefined && standIns.twilio !== undefined;
    const { smsFrom, whatsappFrom } = twilio;
    const app = await startApp({
      ...options,
      clock,
      slack,
      twilio,
      mail,
      ...(standIns.phones && { phoneClient: standIns.phones.standIn.open, phonePace: BRISK }),
      sandbox: !config.production && isLoopback(twilio.apiUrl) && (!mail || isLoopback(mail.smtpUrl)),
      sandboxPage: ({ db, rooms, turner, surface }) =>
        createSandbox({
          db,
          log,
          clock,
          turner,
          playbooks: rooms.playbooks,
          standIns,
          surface,
          senders: {
            ...(smsFrom && { sms: smsFrom }),
            ...(whatsappFrom && { whatsapp: whatsappFrom }),
            ...(mail && { email: mail.from }),
          },
          version,
          publicUrl: config.publicUrl,
          reset: demo ? options.reset : undefined,
          page: options.page,
        }),
      ...(standIns.twilio && { quiet: standIns.twilio.standIn.idle }),
      ...(!config.production && {
        status: (rooms: Rooms) =>
          demoStatus(rooms, config, clock, standIns, role === 'all' ? ['web', 'worker'] : [role]),
      }),
    });
    closers.unshift(app.stop);
    if (standIns.slack) await seedDemo(app.rooms, standIns);
    return { app, standIns, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whether a gateway's address can only be this machine. Without one it is the real service. */
const isLoopback = (url: string | undefined) => url !== undefined && isLoopbackName(new URL(url).hostname);

/** Where stand-ins on this machine find the app. */
const originOf = (config: Config) => () =>
  `http://${config.host === '0.0.0.0' ? '127.0.0.1' : config.host}:${config.port}`;
