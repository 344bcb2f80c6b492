import type { Factor, Playbook } from '../../tenants/index.ts';
import { grouped } from '../format.ts';
import { inline } from './text.ts';
import type { CardView } from './view.ts';

type Shown = Pick<CardView, 'score' | 'playbook' | 'enriched'>;

/** `score 72 · warm`; empty where leads are not scored. */
export function scoreWords({ score, playbook }: Shown): string {
  if (!score) return '';
  const band = playbook.score?.bands.find(({ key }) => key === score.band)?.label ?? score.band;
  return `score ${score.points} · ${inline(band)}`;
}

/** Why this score: what each factor read and gave, one line each. Pure. */
export function whyScore(view: Shown): string[] {
  const { score, playbook } = view;
  if (!score || !playbook.score) return [];
  const { factors } = playbook.score;
  const lines = score.parts.map(({ factor, points, most, read }) => {
    const known = factors[factor];
    const what = known ? readWords(known, read, view) : String(read ?? '');
    return `• ${inline(known?.label ?? factor)}: *${points}* of ${most} – ${what}`;
  });
  return [`*Why this score: ${scoreWords(view)}*`, ...lines];
}

function readWords(factor: Factor, read: string | number | null, { playbook, enriched }: Shown): string {
  if (read === null) return factor.by === 'distance' ? 'how far is not known' : 'not said';
  switch (factor.by) {
    case 'given':
      return read === 'found' ? `${inline(enriched.found?.[factor.field] ?? '')}, by the e-mail address` : 'given';
    case 'choice':
      return inline(playbook.fields.find(({ key }) => key === factor.field)?.options?.[String(read)] ?? String(read));
    case 'amount':
      return grouped(Number(read));
    case 'distance':
      return `${grouped(Number(read))} miles from the base`;
  }
}

/** A fact as people read it: a choice by its label, an amount in groups. */
export function factWords(field: Playbook['fields'][number], value: string): string {
  if (field.type === 'choice') return inline(field.options?.[value] ?? value);
  if (field.type === 'number' || field.type === 'money') return grouped(Number(value));
  return inline(value, 300);
}
