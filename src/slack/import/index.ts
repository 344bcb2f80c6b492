import type { EffectHandler } from '../../events/index.ts';
import { createOutlets } from '../card/index.ts';
import type { Feature } from '../feature.ts';
import { show } from '../lead/modals.ts';
import { columnsModal } from './columns.ts';
import { COLUMNS, CONFIRM, FILE, type ImportDeps } from './deps.ts';
import { fileModal, fileView } from './file-view.ts';
import { confirmModal } from './preview.ts';
import { createActions, createShow } from './progress.ts';

export interface ImportFeature {
  feature: Feature;
  handlers: Record<'import.show', EffectHandler>;
}

/** `/rescue import`: a list of leads in a file, looked at, confirmed, brought in, and taken back. */
export function createImportFeature(given: Omit<ImportDeps, 'outlets'>): ImportFeature {
  const deps: ImportDeps = { ...given, outlets: createOutlets(given) };
  return {
    feature: {
      commands: [
        {
          name: '/rescue import',
          summary: 'Bring in leads from a CSV file. You see what would come of it first, and can take it back.',
          permission: 'lead.import',
          async run(asked) {
            await show(asked, null, fileView(deps.playbooks, asked.tenant, deps.clock.now()));
            return undefined;
          },
        },
      ],
      actions: createActions(deps),
      modals: { [FILE]: fileModal(deps), [COLUMNS]: columnsModal(deps), [CONFIRM]: confirmModal(deps) },
    },
    handlers: { 'import.show': createShow(deps) },
  };
}
