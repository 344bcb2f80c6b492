import type { Tx } from '../../db/index.ts';
import { type NewEffect, request } from '../../events/index.ts';
import type { MessageId } from '../../lib/ids.ts';
import type { ThreadMessage } from '../../messaging/index.ts';
import type { Place } from '../card/index.ts';

/*
 * A note in a lead's thread stands for a message that was written to the customer. Where it is is remembered, so that it
 * can show how far the message got.
 */

/** The emoji that says how far a message got; empty while it has not left. Pure. */
export function markOf({ state, reason }: Pick<ThreadMessage, 'state' | 'reason'>): string {
  switch (state) {
    case 'sent':
      return 'heavy_check_mark';
    case 'delivered':
      return 'white_check_mark';
    case 'read':
      return 'eyes';
    case 'unconfirmed':
      return 'question';
    case 'failed':
    case 'skipped':
      return 'x';
    case 'cancelled':
      return reason === 'undone' ? 'leftwards_arrow_with_hook' : 'x';
    default:
      return '';
  }
}

/** Remembers where a message is told of; it may have left in the meantime, so the note is looked at once more. */
export async function keepNote(tx: Tx, messageId: MessageId, place: Place): Promise<void> {
  await tx.query(
    `insert into slack_notes (message_id, tenant_id, channel, ts) values ($1, $2, $3, $4)
     on conflict (message_id) do update set channel = excluded.channel, ts = excluded.ts, shown = ''`,
    [messageId, tx.tenantId, place.channel, place.ts],
  );
  await request(tx, tx.tenantId, [{ kind: 'note.tick', key: messageId }]);
}

/** Asks for the notes of these messages that show something else than what has become of them. */
export async function requestTicks(tx: Tx, messages: readonly ThreadMessage[]): Promise<void> {
  const written = messages.filter(({ purpose }) => purpose === 'reply' || purpose === 'agent');
  if (written.length === 0) return;
  const notes = await tx.query<{ id: MessageId; shown: string }>(
    'select message_id as id, shown from slack_notes where message_id = any($1::uuid[])',
    [written.map((message) => message.id)],
  );
  const shown = new Map(notes.map((note) => [note.id, note.shown]));
  const old = written.filter((message) => shown.has(message.id) && shown.get(message.id) !== markOf(message));
  await request(
    tx,
    tx.tenantId,
    old.map((message): NewEffect => ({ kind: 'note.tick', key: message.id })),
  );
}
