import { z } from 'zod';
import { type FieldProblem, isKnown, validationError } from '../../lib/errors.ts';
import { inTime } from '../../lib/in-time.ts';
import { type FormField, type Logo, type LogoBook, MAX_LOGO_BYTES } from '../../tenants/index.ts';
import type { Asked, FormValues } from '../feature.ts';
import { input } from '../views.ts';
import { ANSWER_MS } from './answer.ts';

/** What pictures in forms stand on. */
export interface PictureDeps {
  logos: LogoBook;
}

const addressOf = (name: string) => `${name}_address`;

/** A picture is added as a file, or by the address at which it is. */
export const pictureBlocks = (name: string, label: string, more: { hint?: string }): object[] => [
  input(
    name,
    label,
    { type: 'file_input', filetypes: ['png', 'jpg', 'jpeg'], max_files: 1 },
    { ...more, optional: true },
  ),
  input(
    addressOf(name),
    `${label}: or its address`,
    { type: 'plain_text_input', placeholder: { type: 'plain_text', text: 'https://example.com/logo.png' } },
    { optional: true },
  ),
];

/** Fetches and keeps the pictures that a form was given, by field. Throws a validation error at the fields. */
export async function picturesIn(
  deps: PictureDeps,
  asked: Asked,
  fields: readonly FormField[],
  values: FormValues,
): Promise<ReadonlyMap<string, Logo>> {
  const kept = new Map<string, Logo>();
  const problems: FieldProblem[] = [];
  for (const { name } of fields.filter(({ kind }) => kind === 'picture')) {
    const [file] = values.files(name);
    const address = values.text(addressOf(name)).trim();
    if (!file && address === '') continue;
    const bytes = await inTime(file ? fileOf(asked, file) : deps.logos.fetch(address), ANSWER_MS, () => {
      const message = 'The picture did not come in time. Try again, or take a smaller one.';
      return validationError([{ field: file ? name : addressOf(name), message }]);
    });
    const logo = typeof bytes === 'string' ? bytes : await deps.logos.keep(asked.tenant.id, bytes);
    if (typeof logo === 'string') problems.push({ field: file ? name : addressOf(name), message: logo });
    else kept.set(name, logo);
  }
  if (problems.length > 0) throw validationError(problems);
  return kept;
}

const fileInfo = z.object({
  file: z.object({ url_private_download: z.string().optional(), url_private: z.string().optional() }),
});

/** A file's bytes, or why they are not to be had. */
async function fileOf({ slack }: Asked, { id, size }: { id: string; size: number }): Promise<Buffer | string> {
  if (size > MAX_LOGO_BYTES) return `That file is larger than ${MAX_LOGO_BYTES / 1000} kB.`;
  try {
    const { file } = await slack.call('files.info', { file: id }, fileInfo);
    const { bytes } = await slack.download(file.url_private_download ?? file.url_private ?? '', MAX_LOGO_BYTES);
    return bytes;
  } catch (error) {
    if (isKnown(error)) return error.userMessage;
    throw error;
  }
}
