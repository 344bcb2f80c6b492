import { z } from 'zod';
import type { Drafts, DraftView } from '../../agent/index.ts';
import type { EffectHandler } from '../../events/index.ts';
import { KnownError, validationError } from '../../lib/errors.ts';
import { isId, type TenantId } from '../../lib/ids.ts';
import { channelName, MAX_REPLY, UNDO_SECONDS } from '../../messaging/index.ts';
import {
  actions,
  bold,
  button,
  type CardDeps,
  createCards,
  isGone,
  type Place,
  quoted,
  revise,
} from '../card/index.ts';
import type { Asked, Feature } from '../feature.ts';
import { firstName, timesFor } from '../format.ts';
import { keepNote } from '../inbox/index.ts';
import { modal, show } from '../lead/modals.ts';
import { messagesOf } from '../messages.ts';
import { input, section } from '../views.ts';
import { DRAFT, draftPost } from './card.ts';

const reply = z.object({
  ts: z.string(),
  metadata: z.object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) }).optional(),
});

/** The agent in Slack: its drafts and answers in the lead's thread, and the buttons that decide about them. */
export function createAgentFeature(deps: CardDeps & { drafts: Drafts }): {
  feature: Feature;
  handlers: Record<'draft.show', EffectHandler>;
} {
  const { drafts, db } = deps;
  const cards = createCards(deps);

  const placeOf = async (tenantId: TenantId, id: string): Promise<Place | undefined> => {
    const [place] = await db.inTenant(tenantId, (tx) =>
      tx.query<Place>('select channel, ts from slack_notes where message_id = $1', [id]),
    );
    return place;
  };

  /** Where an earlier attempt may have posted it: the answer or the process was lost. */
  async function traceOf(tenantId: TenantId, draft: DraftView): Promise<Place | undefined> {
    const root = await cards.known(tenantId, draft.leadId);
    if (!root) return undefined;
    const client = await deps.clientOf(tenantId);
    const args = { channel: root.channel, ts: root.ts, include_all_metadata: true };
    for await (const { ts, metadata } of messagesOf(client, 'conversations.replies', args, reply)) {
      if (metadata?.event_type === DRAFT && metadata.event_payload.draft_id === draft.id) {
        return { channel: root.channel, ts };
      }
    }
    return undefined;
  }

  async function showDraft(tenantId: TenantId, id: string, attempt: number): Promise<void> {
    const draft = await drafts.view(tenantId, id);
    if (!draft) return;
    const known = (await placeOf(tenantId, id)) ?? (attempt > 1 ? await traceOf(tenantId, draft) : undefined);
    const over = draft.detail.handOver !== undefined && draft.decider === null;
    if (!known && (draft.state === 'stale' || (draft.state === 'discarded' && !over))) return;
    const view = await cards.view(tenantId, draft.leadId);
    if (!view) return;
    const rings = draft.state === 'open' || over ? (view.owner?.slackUserId ?? null) : null;
    const message = draftPost(draft, rings, timesFor(view.reader));
    const place = known ?? (await cards.say(tenantId, draft.leadId, message, attempt));
    if (!place) return;
    if (known) {
      await revise(await deps.clientOf(tenantId), known, message).catch((error) => {
        if (!isGone(error)) throw error;
      });
    }
    await db.inTenant(tenantId, async (tx) => {
      await tx.query(
        `insert into slack_notes (message_id, tenant_id, channel, ts) values ($1, $2, $3, $4)
         on conflict (message_id) do update set channel = excluded.channel, ts = excluded.ts`,
        [id, tenantId, place.channel, place.ts],
      );
      // from now on it shows how far the message got
      if (draft.messageId) await keepNote(tx, draft.messageId, place);
    });
  }

  async function send(asked: Asked, id: string, text?: string): Promise<void> {
    const sent = await drafts.send(asked.staff, id, text);
    const by = channelName(sent.channel);
    if (!sent.messageId) return asked.whisper({ text: `Done: the appointment is made, and confirmed by ${by}.` });
    const words = `It leaves in ${UNDO_SECONDS} s by ${by}.`;
    const blocks = [section(words), ...actions([button('message_undo', 'Undo', sent.messageId)])];
    await asked.whisper({ text: words, blocks });
  }

  return {
    feature: {
      actions: {
        draft_send: { permission: 'customer.reply', run: (asked, value) => send(asked, idOf(value)) },
        draft_discard: {
          permission: 'customer.reply',
          async run(asked, value) {
            await drafts.discard(asked.staff, idOf(value));
            await asked.whisper({ text: 'Discarded: the customer still waits for an answer.' });
          },
        },
        draft_edit: {
          permission: 'customer.reply',
          async run(asked, value, place) {
            const id = idOf(value);
            const route = await drafts.route(asked.staff, id);
            const draft = await drafts.view(asked.tenant.id, id);
            if (!draft) throw gone();
            await show(asked, place, editForm(draft, channelName(route.channel)));
          },
        },
      },
      modals: {
        draft_edit: {
          permission: 'customer.reply',
          async submit(asked, values, metadata) {
            const words = values.text('words').trim();
            if (words === '') {
              throw validationError([{ field: 'words', message: 'Write what the customer should read.' }]);
            }
            await send(asked, idOf(metadata), words);
            return { kind: 'close' };
          },
        },
      },
    },
    handlers: {
      'draft.show': (effect) => showDraft(effect.tenantId, effect.key, effect.attempt),
    },
  };
}

function editForm(draft: DraftView, channel: string) {
  return modal({
    id: 'draft_edit',
    title: 'Edit the draft',
    submit: 'Send',
    close: 'Cancel',
    metadata: draft.id,
    blocks: [
      section(`${bold(firstName(draft.name))} wrote:\n${quoted(draft.asked, 600)}`),
      input('words', 'Your words', {
        type: 'plain_text_input',
        multiline: true,
        max_length: MAX_REPLY,
        initial_value: draft.text,
      }),
      section(`It goes by *${channel}* ${UNDO_SECONDS} seconds after Send, as your own answer.`),
    ],
  });
}

function idOf(value: string): string {
  if (isId(value)) return value;
  throw gone();
}

const gone = () => new KnownError('not_found', 'no such draft', 'That draft does not exist (any more).');
