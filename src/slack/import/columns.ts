import { z } from 'zod';
import { type ImportDraft, NO_TARGET, targetsOf } from '../../leads/index.ts';
import type { Playbook } from '../../tenants/index.ts';
import { bold } from '../card/index.ts';
import type { Modal } from '../feature.ts';
import { grouped, plural } from '../format.ts';
import { change, modal } from '../lead/modals.ts';
import { clip } from '../text.ts';
import { input, type ModalView, option, section } from '../views.ts';
import { COLUMNS, type ImportDeps } from './deps.ts';
import { previewView } from './preview.ts';
import { shortageOf } from './shortage.ts';

const carried = z.object({ id: z.string(), columns: z.int() });

/** Asks what each column holds, as its heading suggests. Pure. */
export function columnsView({ id, targets, sheet }: ImportDraft, playbook: Playbook): ModalView {
  const options = [
    option('Leave it out', NO_TARGET),
    ...targetsOf(playbook).map(({ target, label }) => option(label, target)),
  ];
  const [example] = sheet.rows;
  const known = targets.filter((target) => target !== NO_TARGET).length;
  return modal({
    id: COLUMNS,
    title: 'What the columns hold',
    submit: 'Look at the rows',
    close: 'Cancel',
    metadata: JSON.stringify({ id, columns: targets.length }),
    blocks: [
      section(
        `${grouped(sheet.rows.length)} ${sheet.rows.length === 1 ? 'row' : 'rows'} for ${bold(playbook.name)}. ${plural(known, 'column was', 'columns were')} recognised by the heading; change what is not right.`,
      ),
      ...targets.map((target, index) => {
        const chosen = options.find(({ value }) => value === target);
        const heading = sheet.headings[index] || `Column ${index + 1}`;
        const first = example?.cells[index];
        const element = { type: 'static_select', options, ...(chosen && { initial_option: chosen }) };
        return input(
          `column-${index}`,
          clip(heading, 100),
          element,
          first ? { hint: `First: ${clip(first, 80)}` } : {},
        );
      }),
    ],
  });
}

/** Stands in the window while what was sent is worked on: Slack waits for an answer for three seconds. Pure. */
export const waitingView = (id: string, title: string, words: string): ModalView =>
  modal({ id, title, blocks: [section(words)] });

const CHECKING = 'Each row is checked now, which takes a few seconds. Nothing is stored by that.';

/** Keeps what the columns hold, then works out what would become of the rows; the window shows it when that is done. */
export function columnsModal(deps: ImportDeps): Modal {
  return {
    permission: 'lead.import',
    async submit(asked, values, metadata, viewId) {
      const { id, columns } = carried.parse(JSON.parse(metadata));
      const targets = Array.from({ length: columns }, (_, index) => values.choice(`column-${index}`) || NO_TARGET);
      await deps.imports.arrange(asked.staff, id, targets);
      asked.afterwards(async () => {
        const preview = await deps.imports.preview(asked.staff, id);
        const shortage = await shortageOf(deps, asked.tenant.id, preview);
        await change(asked, viewId, previewView(preview, asked.tenant, shortage));
      });
      return { kind: 'update', view: waitingView(COLUMNS, 'Looking at the rows', CHECKING) };
    },
  };
}
