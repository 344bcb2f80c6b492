import { z } from 'zod';
import { operation } from './operation.ts';
import { empty } from './schemas.ts';

const STATES = ['ok', 'attention', 'off'] as const;

/** What is connected, and whether it works. */
export const integrationOperations = [
  operation({
    id: 'listIntegrations',
    method: 'get',
    path: '/integrations',
    tag: 'integrations',
    summary: 'What is connected and how it is doing',
    permission: 'integrations.see',
    query: empty,
    status: 200,
    response: z.strictObject({
      data: z.array(
        z.strictObject({
          name: z.string(),
          kind: z.enum(['chat', 'channel', 'webhook']),
          state: z.enum(STATES),
          detail: z.string(),
        }),
      ),
      queue: z.strictObject({
        due: z.int().meta({ description: 'Messages that could leave now.' }),
        uncertain: z.int().meta({ description: 'Messages that may have left; the gateway is being asked.' }),
      }),
    }),
    async run({ rooms, hand }) {
      const [tenant, routing, hooks] = await Promise.all([
        rooms.tenants.byId(hand.tenantId),
        rooms.routing.of(hand.tenantId),
        rooms.hooks.list(hand.tenantId),
      ]);
      const facts = await rooms.db.inTenant(hand.tenantId, async (tx) => {
        const accounts = Object.values(routing.accounts).map(({ id }) => id);
        const [due] = await tx.query<{ n: number }>(
          // messages_due
          `select count(*) as n from messages
           where tenant_id = $1 and account_id = any($2::uuid[]) and state = 'scheduled' and due_at <= $3`,
          [tx.tenantId, accounts, rooms.clock.now()],
        );
        const [uncertain] = await tx.query<{ n: number }>(
          // messages_unsettled
          `select count(*) as n from messages
           where tenant_id = $1 and account_id = any($2::uuid[]) and state in ('uncertain', 'unconfirmed')`,
          [tx.tenantId, accounts],
        );
        const parked = await tx.query<{ hookId: string; n: number }>(
          `select hook_id as "hookId", count(*) as n from hook_deliveries where tenant_id = $1 and state = 'parked' group by 1`,
          [tx.tenantId],
        );
        return { queue: { due: due?.n ?? 0, uncertain: uncertain?.n ?? 0 }, parked };
      });
      const channels = (['whatsapp', 'sms', 'email'] as const).map((channel) => {
        const account = routing.accounts[channel];
        return {
          name: channel,
          kind: 'channel' as const,
          state: account ? ('ok' as const) : ('off' as const),
          detail: account ? `${account.sender} by ${account.vendor}` : 'No sender is connected.',
        };
      });
      const slack = {
        name: 'slack',
        kind: 'chat' as const,
        state: tenant.waitsFor === 'slack' ? ('attention' as const) : ('ok' as const),
        detail: tenant.waitsFor === 'slack' ? 'The app was removed from Slack.' : 'Connected.',
      };
      return {
        data: [
          slack,
          ...channels,
          ...hooks.map(({ id, url }) => {
            const n = facts.parked.find(({ hookId }) => hookId === id)?.n ?? 0;
            const state = n > 0 ? ('attention' as const) : ('ok' as const);
            const detail = n > 0 ? `${n} parked: look at its deliveries and replay them.` : 'Nothing is parked.';
            return { name: url, kind: 'webhook' as const, state, detail };
          }),
        ],
        queue: facts.queue,
      };
    },
  }),
];
