import { FORM } from './app-client.ts';
import { isObject, parseObject } from './args.ts';
import { commandForm, messageShortcutPayload, shortcutPayload } from './payloads.ts';
import { Refusal } from './refusal.ts';
import { reply } from './response-urls.ts';
import { type Acted, acknowledged, type Stage } from './stage.ts';
import type { Channel, JsonObject, SlackMessage } from './types.ts';

export interface CommandActs {
  /** Types a slash command (`/drive`, text) in a channel (default #general) and shows the immediate answer. */
  slash(userId: string, command: string, text?: string, options?: { channel?: string }): Promise<Acted>;
  /** Uses a global shortcut. */
  shortcut(userId: string, callbackId: string): Promise<Acted>;
  /** Uses a shortcut in a message's menu. */
  messageShortcut(userId: string, callbackId: string, message: SlackMessage): Promise<Acted>;
}

export function createCommandActs(stage: Stage): CommandActs {
  const { desk, app } = stage;

  function showImmediate(body: string, userId: string, channel: Channel): SlackMessage | null {
    if (body.trim() === '') return null;
    try {
      return reply(asReply(body), { userId, channelId: channel.id, original: undefined }, desk);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      desk.workspace.report('slash_command', error.code, error.messages.join('; '));
      return null;
    }
  }

  return {
    async slash(userId, command, text = '', options = {}) {
      const user = stage.person(userId);
      const channel =
        options.channel === undefined ? stage.usualChannel(userId) : stage.channel(options.channel, userId);
      const triggerId = desk.tickets.mintTrigger({ userId, fromModal: false });
      const responseUrl = stage.responseUrl('commands', userId, channel.id);
      const body = commandForm(desk, user, channel, { command, text, triggerId, responseUrl });
      const answer = await app.deliver('slash_command', body, FORM);
      const shown = acknowledged(answer) ? showImmediate(answer.body, userId, channel) : null;
      return stage.acted(answer, triggerId, userId, shown);
    },
    async shortcut(userId, callbackId) {
      const user = stage.person(userId);
      const triggerId = desk.tickets.mintTrigger({ userId, fromModal: false });
      const answer = await stage.interact(shortcutPayload(desk, user, callbackId, triggerId));
      return stage.acted(answer, triggerId, userId);
    },
    async messageShortcut(userId, callbackId, message) {
      const user = stage.person(userId);
      const triggerId = desk.tickets.mintTrigger({ userId, fromModal: false });
      const responseUrl = stage.responseUrl('actions', userId, message.channel, message);
      const payload = messageShortcutPayload(desk, user, message, { callbackId, triggerId, responseUrl });
      return stage.acted(await stage.interact(payload), triggerId, userId);
    },
  };
}

/** An app answers a slash command with JSON or with bare text (Bolt sends no content type with text). */
function asReply(body: string): JsonObject {
  const parsed = body.trimStart().startsWith('{') ? parseObject(body) : undefined;
  return isObject(parsed) ? parsed : { text: body };
}
