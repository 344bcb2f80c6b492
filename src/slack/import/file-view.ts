import { DateTime } from 'luxon';
import { z } from 'zod';
import { type ImportWishes, MAX_IMPORT_BYTES, MAX_IMPORT_ROWS } from '../../leads/index.ts';
import { type FieldProblem, KnownError, validationError } from '../../lib/errors.ts';
import type { Playbooks, Tenant } from '../../tenants/index.ts';
import { BY_NUMBER, ownName } from '../drive/modal.ts';
import { asKnown } from '../errors.ts';
import type { Asked, FormValues, Modal } from '../feature.ts';
import { grouped } from '../format.ts';
import { change, modal } from '../lead/modals.ts';
import { escapeMarkup } from '../text.ts';
import { input, type ModalView, option, section } from '../views.ts';
import { columnsView, waitingView } from './columns.ts';
import { FILE, type ImportDeps } from './deps.ts';

const CHANNELS = { whatsapp: 'WhatsApp', sms: 'SMS', email: 'E-mail' } as const;
const isChannel = (value: string): value is keyof typeof CHANNELS => Object.hasOwn(CHANNELS, value);
/** How many first messages may leave in an open hour; `all` leaves it to the senders. */
const PACES: Readonly<Record<string, string>> = {
  '20': '20 an hour',
  '60': '60 an hour',
  '300': '300 an hour',
  all: 'As fast as the senders allow',
};
const USUAL_PACE = '60';
const MAX_HOW = 300;

const fileInfo = z.object({
  file: z.object({
    name: z.string().default('list.csv'),
    size: z.number().default(0),
    url_private_download: z.string().optional(),
    url_private: z.string().optional(),
  }),
});

type Wishes = Omit<ImportWishes, 'fileName'>;

/**
 * The form: which file, what it is about, and who answers for these people's agreement. `again`: a file was not right, and
 * everything else stands as it was filled in. Pure.
 */
export function fileView(
  { all, standard }: Playbooks,
  tenant: Tenant,
  now: Date,
  again?: { problem: string; wishes: Wishes },
): ModalView {
  const {
    playbook = standard.key,
    language = '',
    confirmed = null,
    perHour = Number(USUAL_PACE),
  } = again?.wishes ?? {};
  const kinds = all.map(({ key, name }) => option(name, key));
  const kind = kinds.find(({ value }) => value === playbook);
  const languages = [
    option('As each number suggests', BY_NUMBER),
    ...standard.languages.map((each) => option(ownName(each), each)),
  ];
  const paces = Object.entries(PACES).map(([value, text]) => option(text, value));
  const pace = paces.find(({ value }) => value === (perHour === null ? 'all' : String(perHour)));
  const spoken = languages.find(({ value }) => value === (language || BY_NUMBER));
  const agreed = option(`They agreed that ${tenant.name} contacts them; I answer for it`, 'yes');
  const channels = Object.entries(CHANNELS).map(([value, text]) => option(text, value));
  const chosen = channels.filter(({ value }) => confirmed?.channels.some((channel) => channel === value));
  return modal({
    id: FILE,
    title: 'Bring in leads',
    submit: 'Look at the file',
    close: 'Cancel',
    blocks: [
      ...(again
        ? [section(`:warning: ${escapeMarkup(again.problem)} Add the file again; the rest is as you left it.`)]
        : []),
      section(
        `A list as CSV or TSV, with headings in its first row: at most ${grouped(MAX_IMPORT_ROWS)} rows and ${MAX_IMPORT_BYTES / 1_000_000} MB. You see what would come of it before anything is stored.`,
      ),
      input('file', 'File', { type: 'file_input', filetypes: ['csv', 'tsv', 'txt', 'text'], max_files: 1 }),
      input('playbook', 'What is it about?', {
        type: 'static_select',
        options: kinds,
        ...(kind && { initial_option: kind }),
      }),
      input('language', 'Language', { type: 'static_select', options: languages, initial_option: spoken }),
      input(
        'agreed',
        'May they be written to?',
        {
          type: 'checkboxes',
          options: [agreed],
          ...(confirmed && { initial_options: [agreed] }),
        },
        { optional: true, hint: 'Without it they become leads, and nothing is sent to them by itself.' },
      ),
      input(
        'channels',
        'On which channels did they agree?',
        { type: 'checkboxes', options: channels, ...(chosen.length > 0 && { initial_options: chosen }) },
        { optional: true },
      ),
      input(
        'day',
        'By which day had all agreed?',
        { type: 'datepicker', initial_date: confirmed?.day ?? today(tenant, now) },
        { optional: true },
      ),
      input(
        'how',
        'Where and how did they agree?',
        { type: 'plain_text_input', max_length: MAX_HOW, ...(confirmed && { initial_value: confirmed.how }) },
        { optional: true, hint: 'Kept as the proof, with your name. For example: paper forms at the fair in Malmö.' },
      ),
      input('pace', 'First messages', {
        type: 'static_select',
        options: paces,
        ...(pace && { initial_option: pace }),
      }),
    ],
  });
}

const today = ({ zone }: Pick<Tenant, 'zone'>, now: Date) => DateTime.fromJSDate(now, { zone }).toISODate() ?? '';

/** Reads what was filled in; `confirmed` is null where nobody answers for an agreement. Throws at the inputs. Pure. */
export function readWishes(values: FormValues, tenant: Tenant, now: Date): Wishes {
  const pace = values.choice('pace');
  const language = values.choice('language');
  const channels = values.checked('channels').filter(isChannel);
  const [day, how] = [values.choice('day'), values.text('how').trim()];
  const agreed = values.checked('agreed').length > 0;
  const problems: FieldProblem[] = [];
  if (agreed) {
    if (channels.length === 0) problems.push({ field: 'channels', message: 'Say on which channels they agreed.' });
    if (day === '') problems.push({ field: 'day', message: 'Say by which day all of them had agreed.' });
    if (day > today(tenant, now)) problems.push({ field: 'day', message: 'That day is still to come.' });
    if (how === '') problems.push({ field: 'how', message: 'Say where and how they agreed: it is kept as the proof.' });
  } else if (channels.length > 0 || how !== '') {
    problems.push({ field: 'agreed', message: 'Tick this, or leave the channels and the proof empty.' });
  }
  if (problems.length > 0) throw validationError(problems);
  return {
    playbook: values.choice('playbook'),
    language: language === BY_NUMBER ? '' : language,
    confirmed: agreed ? { channels, day, how } : null,
    perHour: Object.hasOwn(PACES, pace) && pace !== 'all' ? Number(pace) : null,
  };
}

const FETCHING = 'It is fetched from Slack and read, which takes a few seconds. Nobody in it is stored by that.';

/** The file is fetched from Slack and kept sealed; the window then asks what its columns hold, or says what is not right. */
export function fileModal(deps: ImportDeps): Modal {
  async function columnsOf({ slack, staff }: Asked, fileId: string, wishes: Wishes): Promise<ModalView> {
    const { file: found } = await slack.call('files.info', { file: fileId }, fileInfo);
    if (found.size > MAX_IMPORT_BYTES) {
      const message = `The file is larger than ${MAX_IMPORT_BYTES / 1_000_000} MB.`;
      throw new KnownError('validation_error', 'import too large', message);
    }
    const { bytes } = await slack.download(found.url_private_download ?? found.url_private ?? '', MAX_IMPORT_BYTES);
    const draft = await deps.imports.draft(staff, bytes, { ...wishes, fileName: found.name });
    return columnsView(draft, deps.playbooks.get(wishes.playbook));
  }

  return {
    permission: 'lead.import',
    async submit(asked, values, _metadata, viewId) {
      const now = deps.clock.now();
      const wishes = readWishes(values, asked.tenant, now);
      const [file] = values.files('file');
      if (!file) throw validationError([{ field: 'file', message: 'Add the file.' }]);
      asked.afterwards(async () => {
        try {
          await change(asked, viewId, await columnsOf(asked, file.id, wishes));
        } catch (error) {
          const known = asKnown(error);
          const problem = known?.problems[0]?.message ?? known?.userMessage ?? 'The file could not be read.';
          await change(asked, viewId, fileView(deps.playbooks, asked.tenant, now, { problem, wishes }));
          if (!known) throw error;
        }
      });
      return { kind: 'update', view: waitingView(FILE, 'Looking at the file', FETCHING) };
    },
  };
}
