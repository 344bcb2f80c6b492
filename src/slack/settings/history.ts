import type { SettingVersion, Staff } from '../../tenants/index.ts';
import { may } from '../../tenants/index.ts';
import type { Answer, Asked, Feature } from '../feature.ts';
import { knownZone, timesFor } from '../format.ts';
import { show } from '../lead/modals.ts';
import { escapeMarkup } from '../text.ts';
import { button, buttons, section } from '../views.ts';
import { confirmView } from './confirm.ts';
import type { SettingsDeps } from './deps.ts';
import { diffText } from './diff-blocks.ts';
import { UNDO, undoButton } from './direct.ts';
import { HISTORY } from './overview.ts';

const PAGE = 8;
const LINES = 6;

/** The versions of the settings, newest first: who changed what and when, each with its way back. */
async function history(deps: SettingsDeps, asked: Asked, before?: number): Promise<Answer> {
  const { tenant, staff } = asked;
  const versions = await deps.changes.history(tenant.id, PAGE + 1, before);
  if (versions.length === 0) return { text: 'Nothing has been changed yet: everything is as it came.' };
  const people = await deps.staff.list(tenant.id);
  const times = timesFor({ zone: knownZone(staff.zone, tenant.zone), country: tenant.country, now: deps.clock.now() });
  const shown = versions.slice(0, PAGE);
  const lines = shown.map((version) => {
    const { changes, changedAt, undoes } = version;
    const what = diffText(changes, deps.playbooks.all, LINES);
    const back = undoes === null ? '' : `, takes version ${undoes} back`;
    return `*Version ${version.version}* · ${times.full(changedAt)} · ${whose(version, people)}${back}\n${what || 'Nothing that is shown here.'}`;
  });
  const undoable = may(staff.role, 'settings.change');
  return {
    text: lines.join('\n'),
    blocks: [
      ...shown.map(({ version, changes }, index) => {
        const undo = undoable && changes.length > 0;
        return section(lines[index] ?? '', undo ? button(undoButton(version)) : undefined);
      }),
      ...(versions.length > PAGE
        ? buttons({ text: 'Older', actionId: HISTORY, value: String(shown.at(-1)?.version ?? 0) })
        : []),
    ],
  };
}

function whose({ changedBy, approvedBy }: SettingVersion, people: readonly Staff[]): string {
  const name = (id: string | null) => escapeMarkup(people.find((each) => each.id === id)?.name ?? 'somebody');
  return `${name(changedBy)}${approvedBy ? `, approved by ${name(approvedBy)}` : ''}`;
}

export function historyFeature(deps: SettingsDeps): Feature {
  return {
    commands: [
      {
        name: '/rescue settings history',
        summary: 'Who changed which setting, when, from what to what; and undo.',
        permission: 'settings.see',
        run: (asked) => history(deps, asked),
      },
    ],
    actions: {
      [HISTORY]: {
        permission: 'settings.see',
        run: async (asked, before) => asked.whisper(await history(deps, asked, Number(before) || undefined)),
      },
      [UNDO]: {
        permission: 'settings.change',
        async run(asked, version) {
          const draft = await deps.changes.undo(asked.staff, Number(version));
          if (draft.changes.length > 0) await show(asked, null, confirmView(deps, draft));
          else await asked.whisper({ text: `What version ${Number(version)} changed is as it was before already.` });
        },
      },
    },
  };
}
