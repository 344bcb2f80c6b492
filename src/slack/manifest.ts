import { botScopes } from './scopes.ts';

/*
 * The Slack app as data: what api.slack.com is told when the app is made there ("From a manifest"). A test holds it
 * against what is registered, so that neither can change without the other.
 */

interface Slash {
  command: string;
  description: string;
  usageHint?: string;
}

/** The words after `/`; what may follow `/rescue` is found by our own dispatch. */
export const SLASH_COMMANDS: readonly Slash[] = [
  {
    command: '/drive',
    description: 'Log a test drive and start the follow-up.',
    usageHint: '[name] [mobile] [car]',
  },
  {
    command: '/lead',
    description: 'Find a lead by name, car or number; without words, log one.',
    usageHint: '[name, car or number]',
  },
  {
    command: '/leads',
    description: 'The newest leads and what happens next with them, or those that fit what you write.',
  },
  {
    command: '/kpi',
    description: 'The numbers: drives, replies, deals, answers, opt-outs and returns, against the period before.',
    usageHint: '[week, month, …]',
  },
  { command: '/rescue', description: 'How things stand, and what to do next.', usageHint: '[help, setup, people, …]' },
];

export const SHORTCUTS = [
  {
    type: 'global',
    callback_id: 'log_drive',
    name: 'Log a test drive',
    description: 'Opens the form; the follow-up starts when you save it.',
  },
  {
    type: 'message',
    callback_id: 'send_to_customer',
    name: 'Send to customer',
    description: 'In the thread of a lead: shows what would leave, and sends it when you say so.',
  },
] as const;

/** The events we hear (`bolt.ts`); all others Slack need not send. */
export const BOT_EVENTS = ['app_home_opened', 'app_uninstalled', 'tokens_revoked', 'user_change'] as const;

/** The one address of commands, interactivity and events. */
export const EVENTS_PATH = '/slack/events';
export const REDIRECT_PATH = '/slack/oauth_redirect';

/** The manifest of the app behind a public address; in socket mode Slack needs no address at all. Pure. */
export function manifest(publicUrl: string, options: { socketMode?: boolean } = {}): object {
  const socket = options.socketMode === true;
  const url = `${publicUrl}${EVENTS_PATH}`;
  return {
    _metadata: { major_version: 1, minor_version: 1 },
    display_information: {
      name: 'LeadRescue',
      description: 'Leads logged in ten seconds, followed up by themselves, stopped at once.',
      background_color: '#1a1d21',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: 'LeadRescue', always_online: true },
      slash_commands: SLASH_COMMANDS.map(({ command, description, usageHint }) => ({
        command,
        description,
        ...(usageHint !== undefined && { usage_hint: usageHint }),
        // names and channels arrive as they were typed
        should_escape: false,
        ...(!socket && { url }),
      })),
      shortcuts: SHORTCUTS,
    },
    oauth_config: {
      ...(!socket && { redirect_urls: [`${publicUrl}${REDIRECT_PATH}`] }),
      scopes: { bot: botScopes() },
    },
    settings: {
      event_subscriptions: { ...(!socket && { request_url: url }), bot_events: BOT_EVENTS },
      interactivity: { is_enabled: true, ...(!socket && { request_url: url }) },
      // one workspace at a time: each has its own people, and its own token
      org_deploy_enabled: false,
      socket_mode_enabled: socket,
      token_rotation_enabled: false,
    },
  };
}
