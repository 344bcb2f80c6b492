import { z } from 'zod';
import { WEBHOOK_STATES, type WebhookEntry, type WebhookFilter, type WebhookState } from '../../inbox/index.ts';
import { KnownError } from '../../lib/errors.ts';
import { may } from '../../tenants/index.ts';
import { timesOf } from '../commands/list.ts';
import type { Answer, Asked, Feature } from '../feature.ts';
import { plural, type Times } from '../format.ts';
import { change, modal, show } from '../lead/modals.ts';
import { clip, escapeMarkup } from '../text.ts';
import { button, buttons, context, noticeView, section } from '../views.ts';
import type { RescueDeps } from './deps.ts';
import { reasonWords } from './webhook-words.ts';

const RETRY = 'webhook_retry';
const RETRY_ALL = 'webhook_retry_all';
const OLDER = 'webhook_older';
const OPEN = 'webhook_open';
const REPLAY = 'webhook_replay';
const USAGE = `[${WEBHOOK_STATES.join('|')}] [kind]`;
const PAGE = 12;
/** Kinds whose parked ones have a button of their own; Slack wants each button's id only once. */
const KINDS = [0, 1, 2, 3, 4, 5, 6, 7];

/** What a button of the list carries: which part of it was shown. */
const carried = z.object({
  kind: z.string().optional(),
  state: z.enum(WEBHOOK_STATES).optional(),
  before: z.object({ at: z.string().max(40), id: z.uuid() }).optional(),
});

const MARKS: Record<WebhookState, string> = { waiting: '…', done: '✓', parked: '⚠', refused: '✗' };
const WORDS: Record<WebhookState, string> = {
  waiting: 'waits for its next try',
  done: 'done',
  parked: 'parked',
  refused: 'not taken in',
};

/** `/rescue webhooks`: everything that other systems brought, newest first, and what became of it. */
export function webhooksFeature(deps: RescueDeps): Feature {
  return {
    commands: [
      {
        name: '/rescue webhooks',
        summary: 'What other systems brought, what became of it, and what waits for somebody.',
        usage: USAGE,
        permission: 'status.see',
        run: async (asked, text) => list(deps, asked, await filterIn(deps, asked, text)),
      },
    ],
    actions: {
      [OLDER]: {
        permission: 'status.see',
        run: async (asked, value) => asked.whisper({ ...(await list(deps, asked, read(value))), replace: true }),
      },
      [RETRY]: {
        permission: 'status.see',
        async run(asked, id) {
          const done = await deps.webhookDesk.retry(asked.staff, id);
          const said = done ? IN_LINE : NOTHING_LEFT;
          await asked.whisper({ ...(await list(deps, asked, {}, said)), replace: true });
        },
      },
      ...Object.fromEntries(
        KINDS.map((at) => [
          `${RETRY_ALL}_${at}`,
          {
            permission: 'status.see' as const,
            async run(asked: Asked, value: string) {
              const { kind } = read(value);
              const count = await deps.webhookDesk.retryAll(asked.staff, kind);
              const said = `${plural(count, 'webhook is', 'webhooks are')} in line again.`;
              await asked.whisper({ ...(await list(deps, asked, { kind }, said)), replace: true });
            },
          },
        ]),
      ),
      [OPEN]: { permission: 'privacy.export', run: (asked, id) => open(deps, asked, id) },
      [REPLAY]: {
        permission: 'privacy.export',
        async run(asked, id, place) {
          const done = await deps.webhookDesk.retry(asked.staff, id);
          const said = noticeView('What came', done ? IN_LINE : NOTHING_LEFT);
          await (place.viewId ? change(asked, place.viewId, said) : show(asked, null, said));
        },
      },
    },
  };
}

function read(value: string): WebhookFilter {
  return carried.parse(JSON.parse(value));
}

const IN_LINE = 'It is in line again. `/rescue webhooks` shows what becomes of it.';
const NOTHING_LEFT = 'It is in line already, or nothing of it is kept any more.';

/** A state, a kind, or both, in any order. */
async function filterIn(deps: RescueDeps, asked: Asked, text: string): Promise<WebhookFilter> {
  const filter: WebhookFilter = {};
  for (const word of text.toLowerCase().split(/\s+/).filter(Boolean)) {
    const state = WEBHOOK_STATES.find((each) => each === word);
    if (state) filter.state = state;
    else filter.kind = word;
  }
  if (filter.kind === undefined) return filter;
  const kinds = await deps.webhookDesk.kinds(asked.staff);
  if (kinds.includes(filter.kind)) return filter;
  const known = kinds.join(', ');
  const message = `Write it like this: /rescue webhooks ${USAGE}. ${known === '' ? 'Nothing came yet.' : `Kinds that came: ${known}.`}`;
  throw new KnownError('validation_error', 'webhooks not understood', message);
}

async function list(deps: RescueDeps, asked: Asked, filter: WebhookFilter, said?: string): Promise<Answer> {
  const { entries, more, parked } = await deps.webhookDesk.list(asked.staff, filter, PAGE);
  const times = timesOf(asked, deps.clock.now());
  const { retention } = await deps.tenants.settings(asked.tenant.id);
  const shown = [filter.state && WORDS[filter.state], filter.kind].filter(Boolean).join(', ');
  const head = `*Webhooks*${shown === '' ? '' : ` (${escapeMarkup(shown)})`}${entries.length > 0 ? '' : ': none.'}`;
  const kept = `Kept for ${plural(retention.webhooks, 'month')} at most, encrypted. Filter with \`/rescue webhooks ${USAGE}\`.`;
  const lines = entries.map((entry) => lineOf(entry, times));
  const last = entries.at(-1);
  const mayOpen = may(asked.staff.role, 'privacy.export');
  const all = parked.slice(0, KINDS.length).map(({ kind, count }, at) => ({
    text: `Retry ${count} parked: ${kind}`,
    actionId: `${RETRY_ALL}_${at}`,
    value: JSON.stringify({ kind }),
  }));
  return {
    text: [...(said ? [said] : []), head, ...lines, kept].join('\n'),
    blocks: [
      ...(said ? [section(said)] : []),
      section(head),
      ...entries.flatMap((entry, at) => rowOf(entry, lines[at] ?? '', mayOpen)),
      context(kept),
      ...buttons(
        ...(more && last
          ? [
              {
                text: 'Older',
                actionId: OLDER,
                value: JSON.stringify({ ...filter, before: { at: last.at, id: last.id } }),
              },
            ]
          : []),
        ...all,
      ),
    ],
  };
}

/** What could not be taken in can be tried again; what is in one only some people may see, and take in again there. */
function rowOf({ id, state }: WebhookEntry, line: string, mayOpen: boolean): object[] {
  const retry = state === 'parked' || state === 'refused' ? [{ text: 'Retry', actionId: RETRY, value: id }] : [];
  const look = mayOpen ? [{ text: 'Look', actionId: OPEN, value: id }] : [];
  const [only, second] = [...retry, ...look];
  return second ? [section(line), ...buttons(...retry, ...look)] : [section(line, only && button(only))];
}

function lineOf({ kind, receivedAt, state, problem, about, attempts }: WebhookEntry, times: Times): string {
  const why = problem ? `: ${reasonWords(problem)}` : about === '' ? '' : `: ${reasonWords(about)}`;
  const tries = state === 'waiting' && attempts > 0 ? ` (${plural(attempts, 'try', 'tries')} so far)` : '';
  return `${MARKS[state]} ${times.full(receivedAt)} · *${escapeMarkup(kind)}* · ${WORDS[state]}${why}${tries}`;
}

const CONFIRM = {
  title: 'Take it in again?',
  text: 'It is read anew, by what its fields mean now. What it has led to already is not done twice.',
  yes: 'Take it in again',
};

async function open(deps: RescueDeps, asked: Asked, id: string): Promise<void> {
  const body = await deps.webhookDesk.open(asked.staff, id);
  const words = body
    ? JSON.stringify(body, null, 1)
    : 'What was in it is gone: its time was over, or somebody was erased.';
  await show(
    asked,
    null,
    modal({
      id: 'webhook_body',
      title: 'What came',
      blocks: [
        section(body ? `\`\`\`${escapeMarkup(clip(words, 2500))}\`\`\`` : words),
        context('That you looked is written down.'),
        ...buttons(...(body ? [{ text: 'Take it in again', actionId: REPLAY, value: id, confirm: CONFIRM }] : [])),
      ],
    }),
  );
}
