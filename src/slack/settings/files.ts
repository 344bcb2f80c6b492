import { z } from 'zod';
import { KnownError, validationError } from '../../lib/errors.ts';
import { inTime } from '../../lib/in-time.ts';
import { exportSettings, importSettings } from '../../tenants/index.ts';
import type { Asked, Feature, FormValues, Modal } from '../feature.ts';
import { modal, show } from '../lead/modals.ts';
import { directMessage, upload } from '../reports/files.ts';
import { input, type ModalView, section } from '../views.ts';
import { ANSWER_MS } from './answer.ts';
import { confirmView, toConfirm } from './confirm.ts';
import type { SettingsDeps } from './deps.ts';
import { EXPORT, IMPORT } from './overview.ts';

const MAX_BYTES = 500_000;
/** An error under an input is read, not studied. */
const SHOWN = 6;

const fileInfo = z.object({
  file: z.object({ url_private_download: z.string().optional(), url_private: z.string().optional() }),
});

/** Sends all settings as a file to the person's direct messages. */
async function sendFile(deps: SettingsDeps, { tenant, staff, slack }: Asked): Promise<void> {
  const { settings, version } = await deps.changes.current(tenant.id);
  const day = deps.clock.now().toISOString().slice(0, 10);
  const head = [
    `Settings of ${tenant.name}, version ${version}, ${day}.`,
    'Change what you like and bring it back with /rescue settings import; what you leave out stays as it is.',
  ];
  const file = {
    name: `settings-${day}-v${version}.yaml`,
    title: `Settings of ${tenant.name}, version ${version}`,
    bytes: Buffer.from(exportSettings(settings, head)),
  };
  await upload(slack, file, await directMessage(slack, staff.slackUserId));
}

const importView = (base: number): ModalView =>
  modal({
    id: IMPORT,
    title: 'Import settings',
    submit: 'Look at the change',
    close: 'Cancel',
    metadata: JSON.stringify({ base }),
    blocks: [
      section(
        'Add a file that was exported, or paste it or a part of it. You see what it changes before anything counts.',
      ),
      input(
        'file',
        'File',
        { type: 'file_input', filetypes: ['yaml', 'yml', 'text'], max_files: 1 },
        { optional: true },
      ),
      input(
        'text',
        'Or as text',
        { type: 'plain_text_input', multiline: true, max_length: 3000 },
        {
          optional: true,
          hint: 'For example: agentTurns: 8',
        },
      ),
    ],
  });

const carried = z.object({ base: z.int() });

/** The file's words, or what was pasted; and the input that problems are shown at. */
async function given({ slack }: Asked, values: FormValues): Promise<{ text: string; field: string }> {
  const [file] = values.files('file');
  if (!file) {
    const text = values.text('text');
    if (text.trim() === '') throw validationError([{ field: 'text', message: 'Add a file or paste some settings.' }]);
    return { text, field: 'text' };
  }
  if (file.size > MAX_BYTES)
    throw validationError([{ field: 'file', message: 'That file is too large for settings.' }]);
  const read = async () => {
    const { file: found } = await slack.call('files.info', { file: file.id }, fileInfo);
    return slack.download(found.url_private_download ?? found.url_private ?? '', MAX_BYTES);
  };
  const { bytes } = await inTime(read(), ANSWER_MS, () => {
    const message = 'Slack did not hand the file out in time. Try again, or paste the part that you change.';
    return validationError([{ field: 'file', message }]);
  });
  return { text: bytes.toString('utf8'), field: 'file' };
}

export function filesFeature(deps: SettingsDeps): Feature {
  const { changes } = deps;
  const open = async (asked: Asked) => {
    const { version } = await changes.current(asked.tenant.id);
    await show(asked, null, importView(version));
  };
  const importModal: Modal = {
    permission: 'settings.change',
    async submit(asked, values, metadata) {
      const { base } = carried.parse(JSON.parse(metadata));
      const { text, field } = await given(asked, values);
      const { settings } = await changes.current(asked.tenant.id);
      const read = importSettings(text, settings);
      if ('problems' in read) {
        const lines = read.problems.slice(0, SHOWN).map(({ line, message }) => `Line ${line}: ${message}`);
        const more = read.problems.length - lines.length;
        return {
          kind: 'errors',
          errors: { [field]: [...lines, ...(more > 0 ? [`And ${more} more.`] : [])].join('\n') },
        };
      }
      const draft = await changes.draft(asked.staff, { base, patch: () => read.patch }).catch((error: unknown) => {
        if (!(error instanceof KnownError)) throw error;
        throw validationError([{ field, message: error.userMessage }]);
      });
      return toConfirm(confirmView(deps, draft), draft, field);
    },
  };
  return {
    commands: [
      {
        name: '/rescue settings export',
        summary: 'All settings as a YAML file, in your direct messages.',
        permission: 'settings.change',
        async run(asked) {
          asked.afterwards(() => sendFile(deps, asked));
          return { text: 'The file is on its way to your direct messages.' };
        },
      },
      {
        name: '/rescue settings import',
        summary: 'Bring settings back from a YAML file, or a part of one. You see the change first.',
        permission: 'settings.change',
        async run(asked) {
          await open(asked);
          return undefined;
        },
      },
    ],
    actions: {
      [EXPORT]: { permission: 'settings.change', run: (asked) => sendFile(deps, asked) },
      [IMPORT]: { permission: 'settings.change', run: open },
    },
    modals: { [IMPORT]: importModal },
  };
}
