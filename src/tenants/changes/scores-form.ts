import { type Factor, type Playbook, weightOf } from '../playbooks/index.ts';
import type { Settings } from '../settings.ts';
import { typed, whole } from './entered.ts';
import { placeWords } from './entries.ts';
import type { About, FormField } from './field.ts';

const UNKNOWN = 'That place is not known. Write a city or a postal code, like Stockholm, or 94110, US.';

const base: FormField = {
  name: 'base',
  label: 'Where your business is',
  hint: 'A city or a postal code, like Stockholm, or 94110, US. Left empty, no distances are worked out.',
  kind: 'place',
  optional: true,
  shows: (settings) => typed(settings.base ? placeWords(settings.base) : ''),
  reads: ({ text, place }) => (text === '' ? { base: null } : place ? { base: place } : UNKNOWN),
};

const area: FormField = {
  name: 'service_miles',
  label: 'Service area, in miles around your business',
  hint: 'A lead from further away is kept and answered as any other; its card says so. Left empty: anywhere.',
  kind: 'text',
  optional: true,
  shows: ({ serviceMiles }) => typed(serviceMiles === null ? '' : String(serviceMiles)),
  reads: (entered) =>
    entered.text === '' ? { serviceMiles: null } : whole(entered, 1, 13_000, (serviceMiles) => ({ serviceMiles })),
};

/** Where distances are measured from, how far customers may be, and how many points each factor of a score gives at most. */
export const scores = ({ playbooks }: About): FormField[] => [
  base,
  area,
  ...playbooks.all.flatMap((playbook) =>
    Object.entries(playbook.score?.factors ?? {}).map(([key, factor]) => weight(playbook, key, factor)),
  ),
];

function weight(playbook: Playbook, key: string, factor: Factor): FormField {
  const asItCame = weightOf(factor);
  return {
    name: `points_${playbook.key}_${key}`,
    label: `${playbook.name}: points for ${factor.label.toLowerCase()}`,
    hint: `At most; as it came, ${asItCame}. 0 leaves it out. A score is 100 at most.`,
    kind: 'text',
    shows: ({ scoring }) => typed(String(scoring[playbook.key]?.[key] ?? asItCame)),
    reads: (entered, { scoring }) =>
      whole(entered, 0, 100, (points) => ({
        scoring: withWeight(scoring, playbook.key, key, points === asItCame ? undefined : points),
      })),
  };
}

/** Only what differs from the playbook is kept, so that a newer playbook counts where nobody chose otherwise. */
function withWeight(scoring: Settings['scoring'], playbook: string, key: string, points: number | undefined) {
  const { [playbook]: before = {}, ...others } = scoring;
  const { [key]: _old, ...rest } = before;
  const own = points === undefined ? rest : { ...rest, [key]: points };
  return Object.keys(own).length > 0 ? { ...others, [playbook]: own } : others;
}
