import { KnownError } from '../../lib/errors.ts';
import { agentModeOf, type Playbook, type Settings } from '../../tenants/index.ts';
import type { Answer, Asked, Command } from '../feature.ts';
import { plural } from '../format.ts';
import { changeNow, waitingNote } from '../settings/direct.ts';
import { escapeMarkup } from '../text.ts';
import type { RescueDeps } from './deps.ts';

const MODES = ['off', 'suggest', 'auto'] as const;
type Mode = (typeof MODES)[number];

const MEANS: Record<Mode, string> = {
  off: 'it is silent',
  suggest: 'it drafts answers, and people send them',
  auto: 'it answers by itself what your facts answer, and hands over the rest',
};
const MOST_TURNS = 50;

/** `/rescue agent`: how much the assistant may do, for all lines of business or one, and how often in a row. */
export function agentCommands(deps: RescueDeps): Command[] {
  return [
    {
      name: '/rescue agent',
      summary: 'How much the assistant may do: nothing, suggest answers, or answer by itself.',
      usage: '[off|suggest|auto] [playbook]',
      permission: 'settings.change',
      run: (asked, text) => agent(deps, asked, text),
    },
    {
      name: '/rescue agent turns',
      summary: 'How often the assistant may answer before a person has to.',
      usage: '[6]',
      permission: 'settings.change',
      run: (asked, text) => turns(deps, asked, text),
    },
  ];
}

async function agent(deps: RescueDeps, asked: Asked, text: string): Promise<Answer> {
  const settings = await deps.tenants.settings(asked.tenant.id);
  if (text === '') return { text: overview(deps.playbooks.all, settings) };
  const [word = '', key, ...rest] = text.toLowerCase().split(/\s+/);
  const mode = MODES.find((each) => each === word);
  const playbook = key === undefined ? undefined : deps.playbooks.all.find((each) => each.key === key);
  if (!mode || rest.length > 0) throw howTo();
  if (key !== undefined && !playbook) {
    const names = deps.playbooks.all.map((each) => each.key).join(', ');
    throw new KnownError(
      'not_found',
      'no such playbook',
      `There is no line of business "${key}". There are: ${names}.`,
    );
  }
  // a mode for all takes the exceptions with it, so that "off" is off
  const outcome = await changeNow(deps, asked, ({ agentModes }) =>
    playbook ? { agentModes: { ...agentModes, [playbook.key]: mode } } : { agentMode: mode, agentModes: {} },
  );
  if (outcome.kind === 'waits') return { text: `The assistant: ${mode}.${waitingNote(outcome)}` };
  const after = outcome.settings;
  const changed = deps.playbooks.all.filter(
    ({ key: each }) => agentModeOf(settings, each) !== agentModeOf(after, each),
  );
  const difference = changed.map(
    ({ key: each, name }) => `${escapeMarkup(name)}: ${agentModeOf(settings, each)} → ${agentModeOf(after, each)}`,
  );
  const hint =
    mode === 'off' || after.facts.length > 0
      ? ''
      : ' It has no facts yet, so it hands over every question: `/rescue facts` adds them.';
  const head = difference.length > 0 ? `*Changed*: ${difference.join(', ')}.\n` : '';
  return { text: `${head}${overview(deps.playbooks.all, after)}${hint}` };
}

function overview(playbooks: readonly Playbook[], settings: Settings): string {
  const lines = playbooks.map(({ key, name }) => {
    const mode = agentModeOf(settings, key);
    return `*${escapeMarkup(name)}* (${key}): ${mode}, ${MEANS[mode]}.`;
  });
  return [
    '*Assistant*',
    ...lines,
    `It may answer ${plural(settings.agentTurns, 'time')} in a row; it knows ${plural(settings.facts.length, 'fact')}.`,
    'Change it with `/rescue agent suggest`, `/rescue agent turns 6`, `/rescue facts`.',
  ].join('\n');
}

async function turns(deps: RescueDeps, asked: Asked, text: string): Promise<Answer> {
  const before = (await deps.tenants.settings(asked.tenant.id)).agentTurns;
  if (text === '') return { text: `The assistant may answer ${plural(before, 'time')} before a person has to.` };
  const wanted = Number(text);
  if (!/^\d{1,2}$/.test(text) || wanted < 1 || wanted > MOST_TURNS) {
    const message = `Write it like this: /rescue agent turns 6 (1 to ${MOST_TURNS}).`;
    throw new KnownError('validation_error', 'turns not understood', message);
  }
  const outcome = await changeNow(deps, asked, { agentTurns: wanted });
  const said = `The assistant may answer ${before} → ${plural(wanted, 'time')} before a person has to.`;
  return { text: `${said}${waitingNote(outcome)}` };
}

function howTo(): KnownError {
  const message = 'Write it like this: /rescue agent off, /rescue agent suggest or /rescue agent auto test-drive.';
  return new KnownError('validation_error', 'agent not understood', message);
}
