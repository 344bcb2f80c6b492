import { type Deadline, type Erasure, placesInWords, type Receipt } from '../../privacy/index.ts';
import { may } from '../../tenants/index.ts';
import { actions, button, inline } from '../card/index.ts';
import { timesOf } from '../commands/list.ts';
import type { Answer, Asked, Feature } from '../feature.ts';
import { plural, type Times } from '../format.ts';
import { context, section } from '../views.ts';
import type { PrivacyDeps } from './deps.ts';
import { receiptInWords } from './receipts.ts';
import { retentionLines } from './rules.ts';

/** `/rescue privacy`: what is enforced, what cannot be checked, what is being decided. */
export function overviewFeature(deps: PrivacyDeps): Pick<Feature, 'commands' | 'actions'> {
  return {
    commands: [
      {
        name: '/rescue privacy',
        summary: 'What is kept for how long and where, and what may be done about it.',
        permission: 'privacy.see',
        run: (asked) => overview(deps, asked),
      },
    ],
    actions: {
      privacy_photos: {
        permission: 'privacy.change',
        async run(asked) {
          const gone = await deps.licences.removeAtRest(asked.staff);
          const said = gone === 0 ? 'There were no such photos.' : `Deleted: ${plural(gone, 'licence photo')}.`;
          await asked.whisper({ ...(await overview(deps, asked, said)), replace: true });
        },
      },
    },
  };
}

async function overview(deps: PrivacyDeps, asked: Asked, said?: string): Promise<Answer> {
  const [{ retention }, places, erasures, photos] = await Promise.all([
    deps.tenants.settings(asked.tenant.id),
    deps.privacy.places(asked.tenant.id),
    deps.erasures.recent(asked.staff, 5),
    deps.db.inTenant(asked.tenant.id, (tx) =>
      tx.query<{ n: number }>(`select count(*) as n from assets where kind = 'licence'`),
    ),
  ]);
  const listed = await Promise.all(
    erasures.map(async (each) => ({
      ...each,
      due: await deps.erasures.deadline(asked.tenant.id, each),
      receipts: await deps.erasures.receipts(asked.tenant.id, each.id),
    })),
  );
  const times = timesOf(asked, deps.clock.now());
  const stored = photos[0]?.n ?? 0;
  const remove = button('privacy_photos', 'Delete finished photos now', 'all', {
    style: 'danger',
    confirm: {
      title: 'Delete licence photos?',
      text: 'The photos of all leads whose follow-up is over are deleted for good. Those of running follow-ups stay.',
      yes: 'Delete them',
    },
  });
  const kept = `*Licence photos*: ${stored === 0 ? 'none are stored' : `${plural(stored, 'is', 'are')} stored`}. Each goes 30 days after its follow-up has ended unless its playbook says sooner, and never later than 90 days.`;
  const words = [
    ...(said ? [said] : []),
    `${kept}\n${placesInWords(places)
      .map((line) => `• ${inline(line, 400)}`)
      .join('\n')}`,
    `*Kept for*\n${retentionLines(retention).join('\n')}`,
    ...(listed.length > 0 ? [`*Erasures*\n${listed.map((each) => `• ${erasureLine(each, times)}`).join('\n')}`] : []),
  ];
  const mayDelete = stored > 0 && may(asked.staff.role, 'privacy.change');
  return {
    text: words.join('\n'),
    blocks: [
      ...words.map((each) => section(each)),
      ...(mayDelete ? actions([remove]) : []),
      context(
        '`/rescue privacy export` shows all that is held of a person · `erase` forgets one · `consent` shows what they agreed to · `records` writes the records of processing',
      ),
    ],
  };
}

const STATES: Record<Erasure['state'], string> = {
  asked: 'waits for a colleague to agree',
  approved: 'is being carried out',
  refused: 'was refused',
  done: 'is done',
};

const erasureLine = (
  { customer, state, askedBy, askedAt, due, receipts }: Erasure & { due: Deadline; receipts: readonly Receipt[] },
  times: Times,
) =>
  `${inline(customer)}: asked by ${inline(askedBy.name)} ${times.full(askedAt)}, ${STATES[state]}${state === 'asked' ? `; to be answered by ${due.answerBy}` : ''}${receipts.map((each) => `\n   ◦ ${receiptInWords(each)}`).join('')}`;
