import {
  createSlackStandIn,
  DEMO_PEOPLE,
  DEMO_TEAM_ID,
  DEMO_TEAM_NAME,
  type SlackStandIn,
  type SlackStandInOptions,
} from '../../src/sandbox/slack/index.ts';

export * from '../../src/sandbox/slack/index.ts';

const SIGNING_SECRET = 'test-signing-secret';
const BOT_TOKEN = 'xoxb-test-bot-token';

/** A running Slack for one test file: Nordic Motors with Sofia, Erik, Maria, an admin, two guests and a stranger. */
export interface TestSlack extends SlackStandIn {
  /** For the SDK's `slackApiUrl`. */
  readonly apiUrl: string;
  readonly signingSecret: string;
  readonly botToken: string;
}

/** Starts Slack on a free port; `eventsUrl` is asked before each request, so the app may start later. */
export async function startSlack(
  options: Partial<SlackStandInOptions> & Pick<SlackStandInOptions, 'eventsUrl'>,
): Promise<TestSlack> {
  const given = {
    signingSecret: SIGNING_SECRET,
    botToken: BOT_TOKEN,
    teamId: DEMO_TEAM_ID,
    teamName: DEMO_TEAM_NAME,
    users: DEMO_PEOPLE,
    ...options,
  };
  const standIn = createSlackStandIn(given);
  const { url } = await standIn.start();
  return { ...standIn, apiUrl: url, signingSecret: given.signingSecret, botToken: given.botToken };
}
