import { z } from 'zod';
import type { MessageId } from '../../lib/ids.ts';
import { MAX_REPLY, readConversation } from '../../messaging/index.ts';
import { cut, readCursor, timeIn } from './cursor.ts';
import { leadId } from './lead-shape.ts';
import { theLead } from './leads-read.ts';
import { operation } from './operation.ts';
import { empty, iso, pageOf, paging, words } from './schemas.ts';

const line = words(160, 1);
const lines = z.array(line).max(8);

const state = z.strictObject({
  qualified: z.boolean().nullable(),
  budget: z.string().nullable(),
  timeline: z.string().nullable(),
  stage: z.enum(['asking', 'comparing', 'deciding', 'decided']).nullable(),
  painPoints: z.array(z.string()),
  objections: z.array(z.string()),
  nextSteps: z.array(z.string()),
  slots: z.record(z.string(), z.string()).meta({ description: 'Answers to what the playbook asks.' }),
});

const changes = z.strictObject({
  qualified: z.boolean().nullable().optional(),
  budget: line.nullable().optional(),
  timeline: line.nullable().optional(),
  stage: state.shape.stage.optional(),
  painPoints: lines.optional(),
  objections: lines.optional(),
  nextSteps: lines.optional(),
});

/** What is left when what was not given is left out. */
const given = <T extends object>(body: T) =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** What was said, and what is known from it. */
export const conversationOperations = [
  operation({
    id: 'listMessages',
    method: 'get',
    path: '/leads/{id}/messages',
    tag: 'conversations',
    summary: 'What was said to and by a lead, newest first',
    description: 'Planned messages are in it with the time they are due; their words are null until they are written.',
    permission: 'lead.see_all',
    params: leadId(),
    query: z.strictObject(paging),
    status: 200,
    response: pageOf(
      z.strictObject({
        id: z.string(),
        direction: z.enum(['in', 'out']),
        purpose: z.string(),
        channel: z.string(),
        state: z.string(),
        text: z.string().nullable(),
        at: z.string(),
      }),
    ),
    async run(call) {
      const { rooms, hand, params, query } = call;
      await theLead(rooms, call, params.id);
      const { data } = await rooms.tenants.keys(hand.tenantId);
      const page = { after: placeIn(query.cursor), limit: query.limit + 1 };
      const said = await rooms.db.inTenant(hand.tenantId, (tx) => readConversation(tx, data, params.id, page));
      return cut(
        said,
        query.limit,
        ({ at, id }) => [iso(at), id],
        ({ words: text, at, ...message }) => ({ ...message, text, at: iso(at) }),
      );
    },
  }),
  operation({
    id: 'sendMessage',
    method: 'post',
    path: '/leads/{id}/messages',
    tag: 'conversations',
    summary: 'Write to the customer',
    description:
      'Leaves by itself after ten seconds, on the channel by which the customer can be reached now. The assistant is silent afterwards, as after an answer in Slack.',
    permission: 'customer.reply',
    params: leadId(),
    body: z.strictObject({ text: words(MAX_REPLY, 1).meta({ example: 'Your car is ready on Monday.' }) }),
    status: 202,
    response: z.strictObject({ id: z.string(), channel: z.string(), leavesAt: z.string() }),
    async run({ rooms, hand, params, body, once }) {
      const sent = await rooms.desk.reply(hand, params.id, body.text, `api/${once}`);
      return { id: sent.messageId, channel: sent.channel, leavesAt: iso(sent.leavesAt) };
    },
  }),
  operation({
    id: 'readConversationState',
    method: 'get',
    path: '/leads/{id}/conversation-state',
    tag: 'conversations',
    summary: 'What is known of a customer’s wishes',
    permission: 'lead.see_all',
    params: leadId(),
    query: empty,
    status: 200,
    response: state,
    run: ({ rooms, hand, params }) => rooms.noteBook.read(hand, params.id),
  }),
  operation({
    id: 'changeConversationState',
    method: 'patch',
    path: '/leads/{id}/conversation-state',
    tag: 'conversations',
    summary: 'Correct what is known of a customer’s wishes',
    description: 'What you leave out stays. It moves no lead: for that there is the status.',
    permission: 'lead.change',
    params: leadId(),
    body: changes,
    status: 200,
    response: state,
    run: ({ rooms, hand, params, body }) => rooms.noteBook.write(hand, params.id, given(body)),
  }),
];

function placeIn(cursor: string | undefined): { at: Date; id: MessageId } | undefined {
  if (cursor === undefined) return undefined;
  const [at = '', id = ''] = readCursor(cursor, 2);
  return { at: timeIn(at), id: id as MessageId };
}
