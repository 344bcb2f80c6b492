import { z } from 'zod';
import type { ImportPreview, RowProblem } from '../../leads/index.ts';
import type { Tenant } from '../../tenants/index.ts';
import { bold, fitted, inline } from '../card/index.ts';
import type { Modal } from '../feature.ts';
import { grouped, plural } from '../format.ts';
import { modal } from '../lead/modals.ts';
import { buttons, context, type ModalView, section } from '../views.ts';
import { CONFIRM, type ImportDeps, PROBLEMS } from './deps.ts';
import { type Shortage, shortageWords } from './shortage.ts';

/** Problems that are read, not studied; the file has all. */
const SHOWN = 8;

const carried = z.object({ id: z.string() });

/** What would become of the file; nothing has yet. Pure. */
export function previewView(
  preview: ImportPreview,
  tenant: Pick<Tenant, 'name'>,
  shortage: Shortage | null,
): ModalView {
  const { id, about, rows, fresh, merged, refused, problems } = preview;
  const come = fresh + merged;
  return modal({
    id: CONFIRM,
    title: come > 0 ? 'Bring them in?' : 'Nothing comes in',
    ...(come > 0 && { submit: `Bring in ${grouped(come)}` }),
    close: 'Cancel',
    metadata: JSON.stringify({ id }),
    blocks: [
      section(
        [
          `${bold(about.fileName)} has ${grouped(rows)} ${rows === 1 ? 'row' : 'rows'}:`,
          `•  *${grouped(fresh)}* would be ${fresh === 1 ? 'a new lead' : 'new leads'}`,
          ...(merged > 0
            ? [`•  *${grouped(merged)}* would be merged into somebody you know, or into another row`]
            : []),
          ...(refused > 0 ? [`•  *${grouped(refused)}* would be refused`] : []),
        ].join('\n'),
      ),
      section(sendingWords(preview, tenant)),
      ...(shortage ? [section(shortageWords(shortage))] : []),
      ...(problems.length > 0
        ? [
            section(fitted(problems.slice(0, SHOWN).map(problemLine), 2800)),
            ...buttons({ text: 'All problems as a file', actionId: PROBLEMS, value: id }),
          ]
        : []),
      context(
        'For a month you can take the file back: its leads go again, but those that were written to or worked on stay.',
      ),
    ],
  });
}

function sendingWords({ about, planned }: ImportPreview, { name }: Pick<Tenant, 'name'>): string {
  if (!about.confirmed) return 'Nothing is sent to them by itself, since nobody confirmed that they agreed to it.';
  if (planned === 0) return 'Nobody of them is new and agreed, so no follow-up begins.';
  const pace =
    about.perHour === null
      ? 'as fast as your senders allow'
      : `at most ${about.perHour} an hour: it takes about ${plural(Math.max(1, Math.ceil(planned / about.perHour)), 'hour')}`;
  return `*${plural(planned, 'follow-up begins', 'follow-ups begin')}* in the name of ${inline(name)}. First messages leave within your send hours, ${pace}, and always after those of people who wait for an answer.`;
}

/** `Row 17, Mobile: That number has 8 digits …`. Pure. */
export const problemLine = ({ place, heading, message }: RowProblem): string =>
  `•  Row ${place}${heading ? `, ${inline(heading, 60)}` : ''}: ${inline(message, 200)}`;

/** Nothing was stored before this. */
export function confirmModal(deps: ImportDeps): Modal {
  return {
    permission: 'lead.import',
    async submit({ staff }, _values, metadata) {
      await deps.imports.start(staff, carried.parse(JSON.parse(metadata)).id);
      return { kind: 'close' };
    },
  };
}
