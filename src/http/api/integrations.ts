import { z } from 'zod';
import { ENQUIRY } from '../../inbox/index.ts';
import { SOURCE_KINDS } from '../../tenants/index.ts';
import { operation } from './operation.ts';
import { empty, isoOrNull, moment } from './schemas.ts';

const STATES = ['ok', 'attention', 'off'] as const;
type State = (typeof STATES)[number];

/** A sender of which nothing leaves for a while. */
interface Resting {
  id: string;
  channel: string;
  sender: string;
  reason: string;
  until: Date;
}

const restWords = ({ sender, reason, until }: Resting): string =>
  `${sender} rests until ${until.toISOString()}: ${reason.replaceAll('_', ' ')}`;

const latest = (moments: readonly (Date | null)[]): Date | null =>
  moments.reduce((last, at) => (at && (!last || at > last) ? at : last), null);

const integration = (
  name: string,
  kind: 'chat' | 'channel' | 'webhook' | 'source',
  state: State,
  detail: string,
  { lastEventAt = null, parked = 0 }: { lastEventAt?: Date | null; parked?: number } = {},
) => ({ name, kind, state, detail, lastEventAt: isoOrNull(lastEventAt), parked });

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
          kind: z.enum(['chat', 'channel', 'webhook', 'source']),
          state: z.enum(STATES),
          detail: z.string(),
          lastEventAt: moment().nullable().meta({
            description:
              'Of what leads come by: when something came last; of forms to within a day. Null: never, or not told.',
          }),
          parked: z.int().meta({ description: 'What waits for somebody: look at it, and try it again.' }),
        }),
      ),
      queue: z.strictObject({
        due: z.int().meta({ description: 'Messages that could leave now.' }),
        uncertain: z.int().meta({ description: 'Messages that may have left; the gateway is being asked.' }),
      }),
    }),
    async run({ rooms, hand }) {
      const [tenant, routing, hooks, forms, sources, parkedBySource] = await Promise.all([
        rooms.tenants.byId(hand.tenantId),
        rooms.routing.of(hand.tenantId),
        rooms.hooks.list(hand.tenantId),
        rooms.forms.list(hand.tenantId),
        rooms.leadSources.list(hand.tenantId),
        rooms.webhooks.parkedBySource(hand.tenantId),
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
        const resting = await tx.query<Resting>(
          `select a.id, a.channel, a.sender, coalesce(a.rest_reason, 'refused') as reason,
             greatest(a.rests_until, a.refilled_at) as until
           from routes r join accounts a on a.id = r.account_id
           where r.tenant_id = $1 and r.retired_at is null
             and (a.rests_until > clock_timestamp() or a.refilled_at > clock_timestamp() + interval '5 seconds')
           order by r.place, a.id`,
          [tx.tenantId],
        );
        return { resting, queue: { due: due?.n ?? 0, uncertain: uncertain?.n ?? 0 }, parked };
      });
      const channels = (['whatsapp', 'sms', 'email'] as const).map((channel) => {
        const account = routing.accounts[channel];
        const resting = facts.resting.filter((each) => each.channel === channel);
        const detail = account
          ? [`${account.sender} by ${account.vendor}`, ...resting.map(restWords)].join('. ')
          : 'No sender is connected.';
        const state = resting.length > 0 ? 'attention' : account ? 'ok' : 'off';
        return integration(channel, 'channel', state, detail);
      });
      const slack =
        tenant.waitsFor === 'slack'
          ? integration('slack', 'chat', 'attention', 'The app was removed from Slack.')
          : integration('slack', 'chat', 'ok', 'Connected.');
      /** What leads come by, one entry for each kind. */
      const door = (name: string, connected: readonly { name: string; at: Date | null }[], parked: number) => {
        const names = connected.map((each) => each.name).join(', ');
        const waits = parked > 0 ? ` ${parked} parked: look at them with /rescue webhooks in Slack.` : '';
        const state = parked > 0 ? 'attention' : connected.length > 0 ? 'ok' : 'off';
        const lastEventAt = latest(connected.map(({ at }) => at));
        return integration(name, 'source', state, (names || 'Nothing is connected.') + waits, { lastEventAt, parked });
      };
      return {
        data: [
          slack,
          ...channels,
          ...hooks.map(({ id, url }) => {
            const n = facts.parked.find(({ hookId }) => hookId === id)?.n ?? 0;
            const detail = n > 0 ? `${n} parked: look at its deliveries and replay them.` : 'Nothing is parked.';
            return integration(url, 'webhook', n > 0 ? 'attention' : 'ok', detail, { parked: n });
          }),
          door(
            'forms',
            forms.map(({ name, usedAt: at }) => ({ name, at })),
            parkedBySource.get(ENQUIRY) ?? 0,
          ),
          ...SOURCE_KINDS.map((kind) =>
            door(
              kind,
              sources
                .filter((source) => source.kind === kind)
                .map(({ name, usedAt, testedAt }) => ({ name, at: latest([usedAt, testedAt]) })),
              parkedBySource.get(kind) ?? 0,
            ),
          ),
        ],
        queue: facts.queue,
      };
    },
  }),
];
