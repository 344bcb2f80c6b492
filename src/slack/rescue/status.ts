import { timesOf } from '../commands/list.ts';
import type { Answer, Asked, Feature } from '../feature.ts';
import { plural } from '../format.ts';
import { buttons, section } from '../views.ts';
import { accountLine, accountsOf } from './channels.ts';
import type { RescueDeps } from './deps.ts';
import { queueFacts, retryEffects } from './facts.ts';

export function statusFeature(deps: RescueDeps): Feature {
  return {
    commands: [
      {
        name: '/rescue status',
        summary: 'Whether messages leave, what waits, and what could not be processed.',
        permission: 'status.see',
        run: (asked) => status(deps, asked),
      },
    ],
    actions: {
      status_retry: {
        permission: 'status.see',
        async run(asked) {
          const webhooks = await deps.webhooks.retryParked();
          const effects = await deps.db.inTenant(asked.tenant.id, retryEffects);
          const said = `${plural(webhooks + effects, 'parked item is', 'parked items are')} in line again.`;
          await asked.whisper({ ...(await status(deps, asked, said)), replace: true });
        },
      },
    },
  };
}

async function status(deps: RescueDeps, asked: Asked, said?: string): Promise<Answer> {
  const accounts = accountsOf(await deps.routing.of(asked.tenant.id));
  const now = deps.clock.now();
  const facts = await deps.db.inTenant(asked.tenant.id, (tx) =>
    queueFacts(
      tx,
      accounts.map((account) => account.id),
      now,
    ),
  );
  const webhooks = await deps.webhooks.parked();
  const times = timesOf(asked, now);
  const due = facts.oldest
    ? `${plural(facts.due, 'message is', 'messages are')} due, the oldest since ${times.full(facts.oldest)}.`
    : 'Nothing is due: everything has left.';
  const lines = [
    ...(said ? [said] : []),
    ...(accounts.length > 0 ? accounts.map(accountLine) : ['No sender is connected, so nothing can be sent.']),
    due,
    ...(facts.held > 0 ? [`${plural(facts.held, 'message waits', 'messages wait')}: the cards say for what.`] : []),
    ...(facts.unconfirmed > 0
      ? [`${plural(facts.unconfirmed, 'message')} may have left and nobody can say: the cards ask Resend or Leave.`]
      : []),
    ...(webhooks > 0
      ? [`${plural(webhooks, 'incoming message')} could not be processed and ${isAre(webhooks)} parked.`]
      : []),
    ...(facts.parked > 0 ? [`${plural(facts.parked, 'update')} kept failing and ${isAre(facts.parked)} parked.`] : []),
  ];
  const retry = webhooks + facts.parked > 0 ? buttons({ text: 'Retry parked', actionId: 'status_retry' }) : [];
  return { text: lines.join('\n'), blocks: [section(lines.join('\n')), ...retry] };
}

const isAre = (count: number) => (count === 1 ? 'is' : 'are');
