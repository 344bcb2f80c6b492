import type { TemplateState } from '../../messaging/index.ts';
import { may } from '../../tenants/index.ts';
import { ownName } from '../drive/modal.ts';
import type { Answer, Asked, Feature } from '../feature.ts';
import { plural } from '../format.ts';
import { clip, escapeMarkup } from '../text.ts';
import { buttons, context, section } from '../views.ts';
import type { RescueDeps } from './deps.ts';

/** What a state means for people. */
const STATES: Record<TemplateState['state'], string> = {
  none: 'not submitted',
  creating: 'not submitted',
  unsubmitted: 'not submitted',
  pending: 'waits for WhatsApp',
  approved: 'approved',
  rejected: 'rejected',
  paused: 'paused by WhatsApp',
  disabled: 'disabled by WhatsApp',
};

/** States from which `submit` goes on. */
const OPEN: readonly TemplateState['state'][] = ['none', 'creating', 'unsubmitted', 'rejected'];
export const isOpen = ({ state }: TemplateState) => OPEN.includes(state);

/** Submits every text that is open, of all lines of business; gives how many. */
export async function submitAll(deps: Pick<RescueDeps, 'playbooks' | 'templates'>, asked: Asked): Promise<number> {
  let submitted = 0;
  for (const { key } of deps.playbooks.all) submitted += await deps.templates.submit(asked.tenant.id, asked.staff, key);
  return submitted;
}

export function templatesFeature(deps: RescueDeps): Feature {
  return {
    commands: [
      {
        name: '/rescue templates',
        summary: 'The WhatsApp texts of the follow-up and where their approval stands.',
        permission: 'templates.see',
        run: (asked) => list(deps, asked),
      },
    ],
    actions: {
      templates_submit: {
        permission: 'templates.submit',
        async run(asked) {
          const submitted = await submitAll(deps, asked);
          const said = `Submitted ${plural(submitted, 'template')}. WhatsApp usually answers within a day.`;
          await asked.whisper({ ...(await list(deps, asked, said)), replace: true });
        },
      },
      templates_refresh: {
        permission: 'templates.see',
        async run(asked) {
          await deps.templates.follow();
          await asked.whisper({ ...(await list(deps, asked, 'Asked WhatsApp just now.')), replace: true });
        },
      },
    },
  };
}

async function list(deps: RescueDeps, asked: Asked, said?: string): Promise<Answer> {
  const states: TemplateState[] = [];
  for (const playbook of deps.playbooks.all) states.push(...(await deps.templates.list(asked.tenant.id, playbook.key)));
  const lines = [...new Set(states.map(({ template }) => template.key))].map((key) =>
    templateLine(
      key,
      states.filter(({ template }) => template.key === key),
    ),
  );
  const open = states.filter(isOpen).length;
  const submit =
    open > 0 && may(asked.staff.role, 'templates.submit')
      ? [{ text: `Submit ${open} for approval`, actionId: 'templates_submit', style: 'primary' as const }]
      : [];
  const several = new Set(states.map(({ sender }) => sender)).size > 1;
  const note = several
    ? 'Each number needs its own approval. A step goes by the first number that has it, else by SMS.'
    : 'Until a text is approved, its step goes by SMS.';
  return {
    text: [...(said ? [said] : []), ...lines, note].join('\n'),
    blocks: [
      ...(said ? [section(said)] : []),
      ...lines.map((line) => section(line)),
      context(note),
      ...buttons(...submit, { text: 'Refresh', actionId: 'templates_refresh' }),
    ],
  };
}

function templateLine(key: string, states: readonly TemplateState[]): string {
  const category = states[0]?.template.category.toLowerCase() ?? '';
  const senders = [...new Set(states.map(({ sender }) => sender))];
  const lines = senders.map((sender) => {
    const own = states.filter((state) => state.sender === sender);
    return `${senders.length > 1 ? `${sender}: ` : ''}${alike(own) ?? own.map(approvalInWords).join(' · ')}`;
  });
  return [`\`${key}\` (${category})`, ...lines].join('\n');
}

/** `approved in 5 languages`; undefined when they differ, or when there is a reason to read for each. */
function alike(states: readonly TemplateState[]): string | undefined {
  const [first] = states;
  if (!first || states.length < 2 || first.state === 'rejected') return undefined;
  if (states.some(({ state }) => state !== first.state)) return undefined;
  return `${STATES[first.state]} in ${plural(states.length, 'language')}`;
}

function approvalInWords({ template, state, reason }: TemplateState): string {
  const why = state === 'rejected' && reason ? ` (${escapeMarkup(clip(reason, 200))})` : '';
  return `${ownName(template.language)}: ${STATES[state]}${why}`;
}
