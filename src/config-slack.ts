/** How Slack is configured: one workspace by its token, or all that install the app. */

export interface SlackConfig {
  signingSecret: string | undefined;
  /** Of the one workspace; undefined where workspaces install the app. */
  botToken: string | undefined;
  /** What lets workspaces install the app. */
  oauth?: { clientId: string; clientSecret: string; stateSecret: string } | undefined;
  appToken: string | undefined;
  apiUrl: string | undefined;
}

/** One workspace by its token, or many by OAuth; undefined for a stand-in. */
export function slackOf(env: Record<string, string | undefined>): SlackConfig | undefined {
  const { SLACK_BOT_TOKEN: botToken, SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret } = env;
  const stateSecret = env.SLACK_STATE_SECRET;
  const oauth = clientId && clientSecret && stateSecret ? { clientId, clientSecret, stateSecret } : undefined;
  if (!botToken && !oauth) return undefined;
  const { SLACK_SIGNING_SECRET: signingSecret, SLACK_APP_TOKEN: appToken, SLACK_API_URL: apiUrl } = env;
  return { signingSecret, botToken, oauth, appToken, apiUrl };
}

const SLACK_OAUTH = ['SLACK_CLIENT_ID', 'SLACK_CLIENT_SECRET', 'SLACK_STATE_SECRET'];

/** The token of one workspace, or the three that let workspaces install the app. */
export function slackTogether(env: Record<string, string | undefined>): string[] {
  const problems: string[] = [];
  const [given] = SLACK_OAUTH.filter((name) => env[name]);
  if (given) {
    for (const name of SLACK_OAUTH) {
      if (!env[name]) problems.push(`${name} is missing: ${given} is set, and installing the app wants all three.`);
    }
    if (env.SLACK_BOT_TOKEN) {
      problems.push(`SLACK_BOT_TOKEN is of one workspace, ${given} lets many install the app: set one or the other.`);
    }
    if (env.SLACK_APP_TOKEN) problems.push('SLACK_APP_TOKEN (socket mode) goes with SLACK_BOT_TOKEN only.');
    if (!env.SLACK_SIGNING_SECRET) {
      problems.push('SLACK_SIGNING_SECRET is missing: requests of Slack cannot be checked without it.');
    }
    return problems;
  }
  for (const name of ['SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'SLACK_API_URL']) {
    if (env[name] && !env.SLACK_BOT_TOKEN) {
      problems.push(`SLACK_BOT_TOKEN is missing: ${name} is set, and it belongs to a Slack workspace.`);
    }
  }
  if (env.SLACK_BOT_TOKEN && !env.SLACK_SIGNING_SECRET && !env.SLACK_APP_TOKEN) {
    problems.push(
      'SLACK_SIGNING_SECRET is missing: requests of Slack cannot be checked without it (or set SLACK_APP_TOKEN for socket mode).',
    );
  }
  return problems;
}
