import type { Desk } from './desk.ts';
import { toWire } from './messages.ts';
import type { Channel, JsonObject, SlackMessage, SlackView, StandInUser, StateValues } from './types.ts';
import { viewToWire } from './views.ts';

/* What Slack sends to an app, field by field (docs.slack.dev, "Interaction payloads", "Slash commands", "Events API"). */

/** The deprecated verification token; apps must trust the signature only. */
const OLD_TOKEN = 'deprecated-verification-token';

export function commandForm(
  desk: Desk,
  user: StandInUser,
  channel: Channel,
  given: { command: string; text: string; triggerId: string; responseUrl: string },
): string {
  const { team, bot } = desk.workspace;
  return new URLSearchParams({
    token: OLD_TOKEN,
    team_id: team.id,
    team_domain: team.domain,
    channel_id: channel.id,
    channel_name: spokenName(channel),
    user_id: user.id,
    user_name: user.name,
    command: given.command,
    text: given.text,
    api_app_id: bot.appId,
    is_enterprise_install: 'false',
    response_url: given.responseUrl,
    trigger_id: given.triggerId,
  }).toString();
}

/** What all interaction payloads have in common. */
function common(desk: Desk, user: StandInUser): JsonObject {
  const { team, bot } = desk.workspace;
  return {
    team: { id: team.id, domain: team.domain },
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId ?? team.id },
    api_app_id: bot.appId,
    token: OLD_TOKEN,
    enterprise: null,
    is_enterprise_install: false,
  };
}

export function shortcutPayload(desk: Desk, user: StandInUser, callbackId: string, triggerId: string): JsonObject {
  const action_ts = desk.workspace.mintTs();
  return { type: 'shortcut', ...common(desk, user), callback_id: callbackId, trigger_id: triggerId, action_ts };
}

export function messageShortcutPayload(
  desk: Desk,
  user: StandInUser,
  message: SlackMessage,
  given: { callbackId: string; triggerId: string; responseUrl: string },
): JsonObject {
  return {
    type: 'message_action',
    ...common(desk, user),
    callback_id: given.callbackId,
    trigger_id: given.triggerId,
    response_url: given.responseUrl,
    action_ts: desk.workspace.mintTs(),
    message_ts: message.ts,
    channel: channelRef(desk, message.channel),
    message: toWire(message),
  };
}

/** Where an element was acted on. */
export type Scene =
  | { kind: 'message'; message: SlackMessage; values: StateValues; responseUrl: string }
  | { kind: 'view'; view: SlackView; values: StateValues };

function sceneFields(desk: Desk, scene: Scene): JsonObject {
  if (scene.kind === 'view') {
    const view = viewToWire(scene.view, scene.values);
    return { container: { type: 'view', view_id: scene.view.id }, view };
  }
  const { message } = scene;
  const ephemeral = message.ephemeral_to !== undefined;
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: message.channel,
      is_ephemeral: ephemeral,
      ...(message.thread_ts === undefined ? {} : { thread_ts: message.thread_ts }),
    },
    channel: channelRef(desk, message.channel),
    // Slack keeps no ephemeral messages, so it cannot send them back
    ...(ephemeral ? {} : { message: toWire(message) }),
    state: { values: scene.values },
    response_url: scene.responseUrl,
  };
}

export function blockActionsPayload(
  desk: Desk,
  user: StandInUser,
  scene: Scene,
  action: JsonObject,
  triggerId: string,
): JsonObject {
  const action_ts = desk.workspace.mintTs();
  return {
    type: 'block_actions',
    ...common(desk, user),
    trigger_id: triggerId,
    ...sceneFields(desk, scene),
    actions: [{ ...action, action_ts }],
  };
}

export function suggestionPayload(
  desk: Desk,
  user: StandInUser,
  scene: Scene,
  given: { actionId: string; blockId: string; value: string },
): JsonObject {
  const { response_url: _none, state: _state, ...where } = sceneFields(desk, scene);
  const { actionId: action_id, blockId: block_id, value } = given;
  return { type: 'block_suggestion', ...common(desk, user), ...where, action_id, block_id, value };
}

export function submissionPayload(
  desk: Desk,
  user: StandInUser,
  view: SlackView,
  given: { values: StateValues; triggerId: string; responseUrls: JsonObject[] },
): JsonObject {
  return {
    type: 'view_submission',
    ...common(desk, user),
    trigger_id: given.triggerId,
    view: viewToWire(view, given.values),
    response_urls: given.responseUrls,
  };
}

export function closedPayload(
  desk: Desk,
  user: StandInUser,
  view: SlackView,
  values: StateValues,
  cleared: boolean,
): JsonObject {
  return { type: 'view_closed', ...common(desk, user), view: viewToWire(view, values), is_cleared: cleared };
}

/** The envelope of the Events API. `channel` says whether the event comes from a shared one. */
export function eventEnvelope(desk: Desk, event: JsonObject, eventId: string, channel?: Channel): JsonObject {
  const { team, bot } = desk.workspace;
  const authorization = { team_id: team.id, user_id: bot.userId, is_bot: true };
  return {
    token: OLD_TOKEN,
    team_id: team.id,
    context_team_id: team.id,
    context_enterprise_id: null,
    api_app_id: bot.appId,
    type: 'event_callback',
    event_id: eventId,
    event_time: Math.floor(desk.workspace.now().getTime() / 1000),
    event_context: `4-${Buffer.from(eventId).toString('base64url')}`,
    is_ext_shared_channel: channel?.extShared ?? false,
    authorizations: [{ enterprise_id: null, ...authorization, is_enterprise_install: false }],
    event,
  };
}

function channelRef(desk: Desk, channelId: string): JsonObject {
  const channel = desk.workspace.channels.get(channelId);
  return { id: channelId, name: channel === undefined ? '' : spokenName(channel) };
}

/** Direct messages and private channels have stand-in names in payloads. */
function spokenName(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage';
  return channel.kind === 'private' ? 'privategroup' : channel.name;
}
