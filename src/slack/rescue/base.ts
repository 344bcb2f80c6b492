import { placeNamed } from '../../leads/index.ts';
import { KnownError } from '../../lib/errors.ts';
import { type Base, placeWords } from '../../tenants/index.ts';
import type { Command } from '../feature.ts';
import { changeNow, waitingNote } from '../settings/direct.ts';
import { escapeMarkup } from '../text.ts';
import type { RescueDeps } from './deps.ts';

const HOW = '`/rescue base Stockholm`, `/rescue base 94110, US`, or `/rescue base off`';

/** `/rescue base`: where distances to leads are measured from; the form of the scores has it too. */
export function baseCommands(deps: RescueDeps): Command[] {
  return [
    {
      name: '/rescue base',
      summary: 'Where your business is: distances to leads count from here in their score.',
      usage: '[city or postal code, country]',
      permission: 'settings.change',
      async run(asked, text) {
        const { tenant } = asked;
        const before = (await deps.tenants.settings(tenant.id)).base;
        const was = before ? wordsOf(before) : 'not set';
        if (text === '') return { text: `*Base*: ${was}. Change it with ${HOW}.` };
        const base = /^off$/i.test(text) ? null : await readBase(text, tenant.country);
        const note = waitingNote(await changeNow(deps, asked, { base }));
        const now = base ? wordsOf(base) : 'not set';
        return { text: `*Base*: ${was} → ${now}. It counts for enquiries from now on.${note}` };
      },
    },
  ];
}

const wordsOf = (base: Base) => escapeMarkup(placeWords(base));

/** A place that the libraries know; throws a validation error for one they do not. */
async function readBase(text: string, home: string): Promise<Base> {
  const place = await placeNamed(text, home);
  if (place) return place;
  const message = `That place is not known. Write it like this: ${HOW.replaceAll('`', '')}.`;
  throw new KnownError('validation_error', 'unknown base', message);
}
