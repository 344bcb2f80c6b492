import { z } from 'zod';
import { AlreadyActive, type Capture, type CaptureInput, checkEnquiry, isFact } from '../../leads/index.ts';
import { type FieldProblem, isKnown, validationError } from '../../lib/errors.ts';
import { parsePhone } from '../../people/index.ts';
import { MAX_PHOTO_BYTES } from '../../privacy/index.ts';
import { type FieldType, maySeeLead, type Playbook, type Playbooks, type StaffBook } from '../../tenants/index.ts';
import type { Asked, FormValues, Submitted } from '../feature.ts';
import { BY_LINK } from '../licence/index.ts';
import { escapeMarkup } from '../text.ts';
import { buttons, section } from '../views.ts';
import { BY_NUMBER } from './modal.ts';

export interface SubmitDeps {
  capture: Capture;
  playbooks: Playbooks;
  staff: StaffBook;
}

const carried = z.object({ playbook: z.string(), photo: z.enum(['modal', 'link']) });

/** Kinds of photo the vault keeps, as Slack names them; one that came without a kind is judged by its bytes later. */
const PHOTO_MIMES = new Set(['', 'image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif']);

/** Logs what the form says. `key` is the form's own id: sent twice, logged once. Errors are shown at their inputs. */
export async function submitDrive(
  deps: SubmitDeps,
  asked: Asked,
  values: FormValues,
  metadata: string,
  key: string,
): Promise<Submitted> {
  const form = carried.parse(JSON.parse(metadata));
  const playbook = deps.playbooks.get(form.playbook);
  const input = enquiry(asked, playbook, values, key, form.photo === 'link');
  try {
    const bad = [...problemsOfPhoto(playbook, values), ...problemsOfLandline(input, asked.tenant.country)];
    if (bad.length > 0) throw validationError([...problemsOf(input, playbook, asked.tenant.country), ...bad]);
    await deps.capture.capture(asked.tenant.id, input);
    return { kind: 'close' };
  } catch (error) {
    if (error instanceof AlreadyActive) return alreadyActive(deps, asked, playbook, input.name, error);
    if (!isKnown(error)) throw error;
    if (error.code === 'opted_out') return atPhone(playbook, error.userMessage);
    if (error.problems.length === 0) throw error;
    throw validationError(error.problems.map((problem) => ({ ...problem, field: inputOf(playbook, problem.field) })));
  }
}

function enquiry(asked: Asked, playbook: Playbook, values: FormValues, key: string, byLink: boolean): CaptureInput {
  const { staff } = asked;
  const typed = (type: FieldType) => values.text(keyOf(playbook, type));
  const language = values.choice(keyOf(playbook, 'language'));
  const [file] = values.files(keyOf(playbook, 'photo'));
  const fileId = file?.id ?? (byLink ? BY_LINK : undefined);
  return {
    playbook: playbook.key,
    source: 'slack',
    sourceKey: key,
    ownerId: staff.id,
    actor: `staff:${staff.id}`,
    name: typed('name').trim(),
    phone: typed('phone'),
    email: typed('email'),
    language: language === BY_NUMBER ? '' : language,
    fields: Object.fromEntries(
      playbook.fields
        .filter(isFact)
        .map(({ key, type }) => [key, type === 'choice' ? values.choice(key) : values.text(key)]),
    ),
    consentGiven: values.checked(keyOf(playbook, 'consent')).length > 0,
    ...(fileId !== undefined && { photo: { fileId, userId: staff.slackUserId } }),
  };
}

/** The first field of a kind; an empty name, which no input has, where the playbook does not ask for it. */
const keyOf = (playbook: Playbook, type: FieldType) => playbook.fields.find((field) => field.type === type)?.key ?? '';

/** The input at which a problem is shown: what every enquiry has goes by its kind, the rest by its key. */
function inputOf(playbook: Playbook, problem: string): string {
  const kinds: readonly string[] = ['name', 'phone', 'email', 'consent'] satisfies FieldType[];
  return kinds.includes(problem) ? keyOf(playbook, problem as FieldType) : problem;
}

function problemsOfPhoto(playbook: Playbook, values: FormValues): FieldProblem[] {
  const field = keyOf(playbook, 'photo');
  return values.files(field).flatMap(({ mimetype, size }) => {
    if (!PHOTO_MIMES.has(mimetype)) return [{ field, message: 'That is not a photo. Add a JPEG, PNG, WebP or HEIC.' }];
    if (size <= MAX_PHOTO_BYTES) return [];
    const limit = MAX_PHOTO_BYTES / 1024 / 1024;
    return [{ field, message: `That photo is larger than ${limit} MB. Take it again at a lower resolution.` }];
  });
}

/** Whoever leaves only a landline could not be written to; the person who types it can still ask for a mobile. */
function problemsOfLandline({ phone, email }: CaptureInput, country: string): FieldProblem[] {
  const read = parsePhone(phone, country);
  if (!read.ok || read.kind !== 'fixed' || email.trim() !== '') return [];
  return [
    { field: 'phone', message: 'That is a landline: no text reaches it. Write a mobile number, or add an e-mail.' },
  ];
}

/** What is wrong with the rest, so that everything is told at once. */
function problemsOf(input: CaptureInput, playbook: Playbook, country: string): readonly FieldProblem[] {
  try {
    checkEnquiry(input, playbook, country);
    return [];
  } catch (error) {
    if (isKnown(error)) return error.problems;
    throw error;
  }
}

const atPhone = (playbook: Playbook, message: string): Submitted => ({
  kind: 'errors',
  errors: { [keyOf(playbook, 'phone')]: message },
});

/** Says by whom; those who may see that lead get a button to it. */
async function alreadyActive(
  deps: SubmitDeps,
  asked: Asked,
  playbook: Playbook,
  name: string,
  active: AlreadyActive,
): Promise<Submitted> {
  const { tenant, staff } = asked;
  const owner = active.ownerId ? await deps.staff.byId(tenant.id, active.ownerId) : undefined;
  const by = owner ? ` by ${owner.id === staff.id ? 'you' : owner.name}` : '';
  const words = `${name} is already being followed up${by}.`;
  if (maySeeLead(staff, { ownerId: active.ownerId, coverId: owner?.coveredBy })) {
    const open = buttons({ text: 'Open lead', actionId: 'lead_open', value: active.leadId });
    asked.afterwards(() =>
      asked.whisper({ text: escapeMarkup(words), blocks: [section(escapeMarkup(words)), ...open] }),
    );
  }
  return atPhone(playbook, words);
}
