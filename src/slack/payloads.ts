import { parse } from 'node:querystring';
import { z } from 'zod';
import { parseForeign } from '../lib/json.ts';
import { stateValues } from './values.ts';

/* What Slack sends, as far as we read it (docs.slack.dev, "Interaction payloads", "Slash commands", "Events API"). */

const id = z.string().min(1).max(100);
const optional = z.string().max(4000).optional();

export const commandSent = z.object({
  command: z.string().startsWith('/'),
  text: z.string().max(8000).default(''),
  team_id: id,
  user_id: id,
  channel_id: id,
  trigger_id: z.string(),
  response_url: optional,
});

const common = {
  user: z.object({ id, team_id: id.optional() }),
  team: z.object({ id }).nullish(),
  trigger_id: z.string().optional(),
};

const view = z.object({
  id,
  type: z.string().default('modal'),
  callback_id: z.string(),
  private_metadata: z.string().default(''),
  hash: z.string().default(''),
  app_installed_team_id: id.optional(),
  blocks: z.array(z.object({ type: z.string(), block_id: z.string().optional() })).default([]),
  state: z.object({ values: stateValues }).optional(),
});

export const actionSent = z.object({
  ...common,
  type: z.literal('block_actions'),
  actions: z.array(z.looseObject({ action_id: z.string() })).min(1),
  container: z.object({ message_ts: optional, thread_ts: optional, channel_id: optional }).optional(),
  channel: z.object({ id }).nullish(),
  view: view.optional(),
  state: z.object({ values: stateValues }).optional(),
  response_url: optional,
});

export const submissionSent = z.object({ ...common, type: z.literal('view_submission'), view });
export type ViewBlocks = z.infer<typeof view>['blocks'];

export const shortcutSent = z.object({
  ...common,
  type: z.enum(['shortcut', 'message_action']),
  callback_id: z.string(),
  channel: z.object({ id }).nullish(),
  response_url: optional,
  message: z
    .object({
      ts: z.string(),
      thread_ts: optional,
      text: z.string().default(''),
      bot_id: optional,
      blocks: z.array(z.unknown()).default([]),
    })
    .optional(),
});

/** Somebody opened the app's page; `tab` tells App Home from the conversation beside it. */
export const homeOpened = z.object({
  team_id: id,
  event: z.object({ type: z.literal('app_home_opened'), user: id, tab: z.string().default('home') }),
});

/** Somebody of the workspace changed: their profile, or whether they are still there. */
export const userChanged = z.object({
  team_id: id,
  event: z.object({ type: z.literal('user_change'), user: z.unknown() }),
});

/** The app is no longer in a workspace: taken out, or its bot's token revoked. */
export const appRemoved = z.object({
  team_id: id,
  event: z.discriminatedUnion('type', [
    z.object({ type: z.literal('app_uninstalled') }),
    z.object({ type: z.literal('tokens_revoked'), tokens: z.object({ bot: z.array(z.string()).min(1) }) }),
  ]),
});

/** Kinds that are only acknowledged. */
const idle = z.object({ ...common, type: z.enum(['view_closed', 'block_suggestion']) });

const interaction = z.discriminatedUnion('type', [actionSent, submissionSent, shortcutSent, idle]);

const eventSent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event_callback'), team_id: id, event: z.object({ type: z.string() }) }),
  z.object({ type: z.literal('url_verification'), challenge: z.string() }),
  z.object({ type: z.literal('app_rate_limited') }),
]);

export type CommandSent = z.infer<typeof commandSent>;
export type ActionSent = z.infer<typeof actionSent>;
export type SubmissionSent = z.infer<typeof submissionSent>;
export type ShortcutSent = z.infer<typeof shortcutSent>;
export type HomeOpened = z.infer<typeof homeOpened>;

export const FORM = 'application/x-www-form-urlencoded';

/** The type of a well-formed request; undefined for anything that Slack does not send. */
export function kindOf(contentType: string, body: string): string | undefined {
  try {
    if (!contentType.startsWith(FORM)) return eventSent.parse(parseForeign(body)).type;
    const form = parse(body);
    if (typeof form.payload === 'string') return interaction.parse(parseForeign(form.payload)).type;
    return commandSent.parse(form).command;
  } catch {
    return undefined; // no JSON, or not in any of these shapes: the sender learns that by the status
  }
}

/** The workspace the app is installed in, as far as the payload says; its own workspace for somebody from outside. */
export function teamOf(sent: {
  team?: { id: string } | null | undefined;
  user: { team_id?: string | undefined };
}): string {
  return sent.team?.id ?? sent.user.team_id ?? '';
}
