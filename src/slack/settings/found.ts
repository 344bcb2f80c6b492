import { placeNamed } from '../../leads/index.ts';
import { type FieldProblem, isKnown, validationError } from '../../lib/errors.ts';
import type { Entered, FormField, Settings } from '../../tenants/index.ts';
import type { Asked, FormValues } from '../feature.ts';
import { usableChannel } from '../rescue/places.ts';
import { type PictureDeps, picturesIn } from './pictures.ts';

/** What fields stand for beyond their words, by field. */
export type Found = ReadonlyMap<string, Pick<Entered, 'picture' | 'place'>>;

/**
 * Looks up what a form names: pictures are kept, places found, and channels entered. What is as it was is not looked at
 * again. Throws a validation error at the fields.
 */
export async function lookUp(
  deps: PictureDeps,
  asked: Asked,
  fields: readonly FormField[],
  values: FormValues,
  settings: Settings,
): Promise<Found> {
  const found = new Map<string, Pick<Entered, 'picture' | 'place'>>();
  for (const [name, picture] of await picturesIn(deps, asked, fields, values)) found.set(name, { picture });
  const problems: FieldProblem[] = [];
  for (const field of fields) {
    const { name } = field;
    if (field.kind === 'place') {
      const place = await placeFor(asked, field, values.text(name).trim(), settings);
      if (place) found.set(name, { place });
    } else if (field.kind === 'channel') {
      const message = await whyNot(asked, field, values.choice(name), settings);
      if (message) problems.push({ field: name, message });
    }
  }
  if (problems.length > 0) throw validationError(problems);
  return found;
}

const placeFor = async ({ tenant }: Asked, field: FormField, text: string, settings: Settings) =>
  settings.base && text === field.shows(settings).text ? settings.base : placeNamed(text, tenant.country);

/** Why we cannot write in a channel; undefined when we can. */
async function whyNot(asked: Asked, field: FormField, channelId: string, settings: Settings) {
  if (channelId === '' || field.shows(settings).chosen.includes(channelId)) return undefined;
  try {
    await usableChannel({ ...asked, channelId });
    return undefined;
  } catch (error) {
    if (isKnown(error)) return error.userMessage;
    throw error;
  }
}
