import type { LeadId, MessageId } from '../../lib/ids.ts';
import { channelName, UNDO_SECONDS } from '../../messaging/index.ts';
import { actions, button, mention, type Post, quoted } from '../card/index.ts';
import type { Asked } from '../feature.ts';
import { knownZone, type Times, timesFor } from '../format.ts';
import { keepNote } from '../inbox/index.ts';
import { section } from '../views.ts';
import type { LeadDeps } from './deps.ts';

interface Announced {
  messageId: MessageId;
  channel: string;
  leavesAt: Date;
  words: string;
}

const REMEMBERED = 2000;

/**
 * A note in the thread tells colleagues of each reply, with Undo while it can be taken back; what becomes of it is shown on
 * the note (`inbox/ticks.ts`). Never throws: the reply is on its way, and the card has Undo too.
 */
export function createAnnounce(deps: LeadDeps): (asked: Asked, leadId: LeadId, reply: Announced) => Promise<void> {
  const { cards, log, clock, db } = deps;
  const announced = remembered();
  return async (asked, leadId, reply) => {
    if (announced.has(reply.messageId)) return; // the same window, sent twice
    announced.add(reply.messageId);
    const { staff, tenant } = asked;
    const zone = knownZone(staff.zone, tenant.zone);
    const times = timesFor({ zone, country: tenant.country, now: clock.now() });
    try {
      const place = await cards.say(tenant.id, leadId, leaving(staff.slackUserId, reply, times), 1);
      if (place) await db.inTenant(tenant.id, (tx) => keepNote(tx, reply.messageId, place));
    } catch (error) {
      log.warn({ err: error, lead: leadId }, 'a reply was not noted in its thread; the card has Undo');
    }
  };
}

function leaving(author: string, reply: Announced, times: Times): Post {
  const channel = channelName(reply.channel);
  const when = times.exact(reply.leavesAt);
  const head = `*Reply leaves in ${UNDO_SECONDS} s* (${when}) by ${channel}, written by ${mention(author)}:`;
  return {
    text: `Reply leaves in ${UNDO_SECONDS} s (${when}) by ${channel}.`,
    blocks: [section(`${head}\n${quoted(reply.words)}`), ...actions([button('message_undo', 'Undo', reply.messageId)])],
    metadata: { event_type: 'lead_reply', event_payload: { message_id: reply.messageId } },
  };
}

/** A set that forgets its oldest members. */
function remembered(): { has(id: string): boolean; add(id: string): void } {
  const ids = new Set<string>();
  return {
    has: (id) => ids.has(id),
    add(id) {
      ids.add(id);
      const [oldest] = ids;
      if (ids.size > REMEMBERED && oldest !== undefined) ids.delete(oldest);
    },
  };
}
