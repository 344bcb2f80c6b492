import { z } from 'zod';
import { DELIVERY_STATES, type Delivery, HOOK_EVENTS, type Hook } from '../../hooks/index.ts';
import type { HookId } from '../../lib/ids.ts';
import { cut, readCursor } from './cursor.ts';
import { operation } from './operation.ts';
import { empty, idOf, iso, isoOrNull, pageOf, paging, words } from './schemas.ts';

const hookId = () => z.strictObject({ id: idOf<HookId>('a webhook') });

const hookShape = z.strictObject({
  id: z.string(),
  url: z.string(),
  events: z.array(z.string()),
  createdAt: z.string(),
});
const showHook = ({ id, url, events, createdAt }: Hook) => ({
  id,
  url,
  events: [...events],
  createdAt: iso(createdAt),
});

const deliveryShape = z.strictObject({
  id: z.string(),
  eventId: z.int(),
  type: z.string(),
  state: z.enum(DELIVERY_STATES),
  attempts: z.int(),
  httpStatus: z.int().nullable(),
  error: z.string().nullable(),
  nextAttemptAt: z.string().nullable(),
  settledAt: z.string().nullable(),
});
const showDelivery = (delivery: Delivery): z.input<typeof deliveryShape> => ({
  id: delivery.id,
  eventId: delivery.eventId,
  type: delivery.type,
  state: delivery.state,
  attempts: delivery.attempts,
  httpStatus: delivery.status,
  error: delivery.error,
  nextAttemptAt: delivery.state === 'due' ? iso(delivery.dueAt) : null,
  settledAt: isoOrNull(delivery.settledAt),
});

/** Who else hears of what happens. */
export const hookOperations = [
  operation({
    id: 'listWebhooks',
    method: 'get',
    path: '/webhooks',
    tag: 'webhooks',
    summary: 'Your webhooks',
    permission: 'api.see',
    query: empty,
    status: 200,
    response: z.strictObject({ data: z.array(hookShape) }),
    run: async ({ rooms, hand }) => ({ data: (await rooms.hooks.list(hand.tenantId)).map(showHook) }),
  }),
  operation({
    id: 'createWebhook',
    method: 'post',
    path: '/webhooks',
    tag: 'webhooks',
    summary: 'Have events posted to an address of yours',
    description:
      'Only https, and only addresses of the public internet. Keep the secret: it signs every delivery and is told this once.',
    permission: 'api.change',
    body: z.strictObject({
      url: words(2000, 1).meta({ example: 'https://example.com/leadrescue' }),
      events: z.array(z.enum(HOOK_EVENTS)).min(1).max(HOOK_EVENTS.length),
    }),
    status: 201,
    response: z.strictObject({ ...hookShape.shape, secret: z.string() }),
    async run({ rooms, hand, body, once }) {
      const { hook, secret } = await rooms.hooks.make(hand, { ...body, key: once });
      return { ...showHook(hook), secret };
    },
  }),
  operation({
    id: 'deleteWebhook',
    method: 'delete',
    path: '/webhooks/{id}',
    tag: 'webhooks',
    summary: 'Remove a webhook, with what waits for it',
    permission: 'api.change',
    params: hookId(),
    status: 204,
    async run({ rooms, hand, params }) {
      await rooms.hooks.remove(hand, params.id);
      return undefined;
    },
  }),
  operation({
    id: 'listDeliveries',
    method: 'get',
    path: '/webhooks/{id}/deliveries',
    tag: 'webhooks',
    summary: 'What was delivered to a webhook, newest first',
    permission: 'api.see',
    params: hookId(),
    query: z.strictObject({ state: z.enum(DELIVERY_STATES).optional(), ...paging }),
    status: 200,
    response: pageOf(deliveryShape),
    async run({ rooms, hand, params, query: { state, cursor, limit } }) {
      const [after] = cursor === undefined ? [] : readCursor(cursor, 1);
      const rows = await rooms.hooks.deliveries(hand, params.id, { state, after, limit: limit + 1 });
      return cut(rows, limit, ({ id }) => [id], showDelivery);
    },
  }),
  operation({
    id: 'replayDelivery',
    method: 'post',
    path: '/webhooks/{id}/deliveries/{delivery}/replay',
    tag: 'webhooks',
    summary: 'Deliver an event again',
    description: 'With the same id, and all its attempts before it. 409 while it is in line.',
    permission: 'api.change',
    params: z.strictObject({ ...hookId().shape, delivery: idOf<string>('a delivery') }),
    status: 202,
    response: z.strictObject({ id: z.string() }),
    async run({ rooms, hand, params }) {
      await rooms.hooks.replay(hand, params.id, params.delivery);
      return { id: params.delivery };
    },
  }),
];
