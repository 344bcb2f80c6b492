import type { Finding } from './finding.ts';
import type { PlaybookFile } from './schema.ts';

/** The kind of field that each kind of factor reads. */
const READS = {
  given: ['text', 'long_text', 'choice', 'number', 'money'],
  choice: ['choice'],
  amount: ['number', 'money'],
} as const;
/** What tells where somebody is. */
const PLACES = ['postal_code', 'city'];

/** What is wrong with how leads are scored, and with what follows from a score. */
export function scoreFindings(file: PlaybookFile): Finding[] {
  const { score, cadence } = file;
  const bands = score?.bands.map(({ key }) => key) ?? [];
  const steps = cadence.steps.flatMap((step, index) =>
    [...(step.bands ?? []), ...Object.keys(step.byBand ?? {})]
      .filter((band) => !bands.includes(band))
      .map((band) => ({ path: `cadence.steps[${index}]`, message: `${band} is not a band of the score` })),
  );
  if (!score) return steps;
  const lowest = Math.min(...score.bands.map(({ from }) => from));
  const high = score.highValue && file.fields.find(({ key }) => key === score.highValue?.field);
  return [
    ...steps,
    ...(lowest === 0 ? [] : [{ path: 'score.bands', message: 'one must start at 0, so that every lead has a band' }]),
    ...(new Set(bands).size === bands.length ? [] : [{ path: 'score.bands', message: 'a band is there twice' }]),
    ...(score.highValue && high?.type !== 'money'
      ? [{ path: 'score.highValue.field', message: `${score.highValue.field} is not a field of type money` }]
      : []),
    ...Object.entries(score.factors).flatMap(([key, factor]) => factorFindings(file, `score.factors.${key}`, factor)),
  ];
}

type FactorFile = NonNullable<PlaybookFile['score']>['factors'][string];

function factorFindings({ fields }: PlaybookFile, path: string, factor: FactorFile): Finding[] {
  if (factor.by === 'distance') {
    const placed = fields.some(
      (field) => 'means' in field && field.means !== undefined && PLACES.includes(field.means),
    );
    return placed ? [] : [{ path, message: 'no field tells where somebody is (means: postal_code or city)' }];
  }
  const field = fields.find(({ key }) => key === factor.field);
  if (!field) return [{ path, message: `${factor.field} is not a field of the playbook` }];
  const reads: readonly string[] = READS[factor.by];
  if (!reads.includes(field.type)) {
    return [{ path, message: `${factor.field} is of type ${field.type}; this factor reads ${reads.join(' or ')}` }];
  }
  if (factor.by !== 'choice' || field.type !== 'choice') return [];
  return Object.keys(factor.points)
    .filter((option) => !Object.hasOwn(field.options, option))
    .map((option) => ({ path, message: `${option} is not an option of ${factor.field}` }));
}
