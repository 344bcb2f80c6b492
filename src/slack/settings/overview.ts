import { groupSummary, groupsOf, may } from '../../tenants/index.ts';
import type { Answer, Asked } from '../feature.ts';
import { plural } from '../format.ts';
import { clip, escapeMarkup, escapeWords } from '../text.ts';
import { button, buttons, section } from '../views.ts';
import type { SettingsDeps } from './deps.ts';

export const OVERVIEW = 'settings_open';
export const EDIT = 'settings_edit';
export const HISTORY = 'settings_history';
export const EXPORT = 'settings_export';
export const IMPORT = 'settings_import';
export const APPROVALS = 'settings_approvals';

/** `/rescue settings`: everything that can be set, group by group, each with its button. */
export async function settingsOverview(deps: SettingsDeps, asked: Asked): Promise<Answer> {
  const { settings, version } = await deps.changes.current(asked.tenant.id);
  const waiting = await deps.changes.waiting(asked.tenant.id);
  const changes = may(asked.staff.role, 'settings.change');
  const head = `*Settings of ${escapeMarkup(asked.tenant.name)}*${version > 0 ? `, version ${version}` : ''}`;
  const groups = groupsOf(settings).map((group) => {
    const lines = groupSummary(group, settings, deps.playbooks.all).map((line) => escapeWords(clip(line, 200)));
    const text = `*${group.label}*\n${lines.join('\n')}`;
    const edit = changes && may(asked.staff.role, group.permission) && group.key !== 'other';
    return {
      text,
      block: section(text, edit ? button({ text: 'Edit', actionId: EDIT, value: group.key }) : undefined),
    };
  });
  const open =
    waiting.length > 0 ? [`*${plural(waiting.length, 'change waits', 'changes wait')} for a second person.*`] : [];
  return {
    text: [head, ...open, ...groups.map(({ text }) => text)].join('\n'),
    blocks: [
      section([head, ...open].join('\n')),
      ...groups.map(({ block }) => block),
      ...buttons(
        ...(waiting.length > 0 ? [{ text: 'Approvals', actionId: APPROVALS, style: 'primary' as const }] : []),
        { text: 'History', actionId: HISTORY },
        ...(changes
          ? [
              { text: 'Export', actionId: EXPORT },
              { text: 'Import', actionId: IMPORT },
            ]
          : []),
      ),
    ],
  };
}
