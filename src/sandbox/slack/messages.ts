import type { JsonObject, SlackMessage } from './types.ts';
import type { Workspace } from './workspace.ts';

/** A message before it has its place in time; `team` and `type` are filled in. */
type MessageDraft = Omit<SlackMessage, 'ts' | 'type' | 'team'> & { ts?: string };

/** What was said, in order of arrival (a turned clock may give a later message an earlier `ts`). */
export interface Messages {
  /** Adds a message, ephemeral when `ephemeral_to` is set. */
  add(draft: MessageDraft): SlackMessage;
  change(message: SlackMessage): void;
  remove(message: SlackMessage): void;
  find(channelId: string, ts: string): SlackMessage | undefined;
  /** All of a channel, thread replies included. */
  of(channelId: string): SlackMessage[];
  ephemeralsOf(userId: string): SlackMessage[];
  /** The root of a thread and its replies; empty when the root is unknown. */
  thread(channelId: string, rootTs: string): SlackMessage[];
}

export function createMessages(workspace: Workspace): Messages {
  const channels = new Map<string, Map<string, SlackMessage>>();
  const ephemerals = new Map<string, SlackMessage[]>();

  function shelf(channelId: string): Map<string, SlackMessage> {
    const known = channels.get(channelId);
    if (known !== undefined) return known;
    const fresh = new Map<string, SlackMessage>();
    channels.set(channelId, fresh);
    return fresh;
  }

  function ephemeralShelf(userId: string): SlackMessage[] {
    const known = ephemerals.get(userId);
    if (known !== undefined) return known;
    const fresh: SlackMessage[] = [];
    ephemerals.set(userId, fresh);
    return fresh;
  }

  return {
    add(draft) {
      const message: SlackMessage = {
        ...draft,
        type: 'message',
        team: workspace.team.id,
        ts: draft.ts ?? workspace.mintTs(),
      };
      if (message.ephemeral_to === undefined) {
        shelf(message.channel).set(message.ts, message);
        workspace.emit({ type: 'message', message });
      } else {
        ephemeralShelf(message.ephemeral_to).push(message);
        workspace.emit({ type: 'ephemeral', message });
      }
      return message;
    },
    change(message) {
      if (message.ephemeral_to === undefined) {
        shelf(message.channel).set(message.ts, message);
        workspace.emit({ type: 'message_changed', message });
        return;
      }
      const kept = ephemeralShelf(message.ephemeral_to);
      const place = kept.findIndex((other) => other.ts === message.ts);
      if (place >= 0) kept[place] = message;
      workspace.emit({ type: 'ephemeral_changed', message });
    },
    remove(message) {
      if (message.ephemeral_to === undefined) {
        shelf(message.channel).delete(message.ts);
        workspace.emit({ type: 'message_deleted', message });
        return;
      }
      const kept = ephemeralShelf(message.ephemeral_to);
      ephemerals.set(
        message.ephemeral_to,
        kept.filter((other) => other.ts !== message.ts),
      );
      workspace.emit({ type: 'ephemeral_deleted', message });
    },
    find: (channelId, ts) => channels.get(channelId)?.get(ts),
    of: (channelId) => [...(channels.get(channelId)?.values() ?? [])],
    ephemeralsOf: (userId) => [...(ephemerals.get(userId) ?? [])],
    thread(channelId, rootTs) {
      const root = channels.get(channelId)?.get(rootTs);
      if (root === undefined) return [];
      const replies = [...shelf(channelId).values()].filter((m) => m.thread_ts === rootTs && m.ts !== rootTs);
      return [root, ...replies];
    },
  };
}

/** A message as Slack sends it to an app: without what only the stand-in knows. */
export function toWire(message: SlackMessage): JsonObject {
  const { channel: _channel, ephemeral_to: _to, ...wire } = message;
  return wire;
}
