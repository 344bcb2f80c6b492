import { createHttpPool, type HttpPool } from '../../src/lib/http.ts';
import { createSlackStandIn, type SlackStandIn, type StandInUser } from '../../src/sandbox/slack/index.ts';
import { freePort } from '../support/free-port.ts';
import { type House, type Lab, startHelper, TEAM_ID } from './lab.ts';

export const SIGNING_SECRET = 'bench-signing-secret';
const BOT_TOKEN = 'xoxb-bench';

/** The product's web process beside a house, and Slack before it. */
export interface Site {
  readonly house: House;
  readonly slack: SlackStandIn;
  /** Keep-alive connections to the web process. */
  readonly http: HttpPool;
  /** Sends what Slack has to say to another address for a while; undefined is the web process again. */
  divert(url: string | undefined): void;
  close(): Promise<void>;
}

/** People of the workspace: `U0B000`, `U0B001` … */
export const userOf = (n: number) => `U0B${String(n).padStart(3, '0')}`;

/** `callbacks`: the gateway tells the web process what becomes of messages. */
export async function openSite(
  lab: Lab,
  options: { users: number; connections: number; callbacks?: true },
): Promise<Site> {
  const port = await freePort();
  const house = await lab.openHouse({ listener: options.callbacks && `http://127.0.0.1:${port}` });
  let eventsUrl = '';
  let diverted: string | undefined;
  const slack = createSlackStandIn({
    signingSecret: SIGNING_SECRET,
    botToken: BOT_TOKEN,
    teamId: TEAM_ID,
    teamName: house.tenant.name,
    eventsUrl: () => diverted ?? eventsUrl,
    users: Array.from({ length: options.users }, (_, n) => person(n)),
  });
  const { url } = await slack.start();
  await house.db.system.query(
    `insert into sandbox_state (clock_offset_ms) values ($1)
     on conflict (id) do update set clock_offset_ms = excluded.clock_offset_ms`,
    [house.clock.offsetMs],
  );
  const web = await startHelper('web.ts', [], {
    ...house.environment,
    PORT: String(port),
    LOG_LEVEL: 'error',
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_BOT_TOKEN: BOT_TOKEN,
    SLACK_API_URL: url,
  });
  const origin = `http://127.0.0.1:${web.line}`;
  eventsUrl = `${origin}/slack/events`;
  const http = createHttpPool({ origin, connections: options.connections, timeoutMs: 30_000 });
  return {
    house,
    slack,
    http,
    divert(to) {
      diverted = to;
    },
    async close() {
      await http.close();
      await web.stop();
      await slack.stop();
      await house.close();
    },
  };
}

function person(n: number): StandInUser {
  return {
    id: userOf(n),
    name: `seller${n}`,
    realName: `Seller ${n}`,
    tz: 'Europe/Stockholm',
    locale: 'en-US',
    email: `seller${n}@nordicmotors.example`,
  };
}
