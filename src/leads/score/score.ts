import { type Band, type Factor, type ScoreCard, weightOf } from '../../tenants/index.ts';
import type { Enriched } from '../enrich/index.ts';

/** What a factor gave, and of what. Facts only, so that it may be kept: `read` is a number, an option or a code. */
export interface Part {
  /** Key of the factor. */
  factor: string;
  points: number;
  /** The most it can give: its weight. */
  most: number;
  /** What was read; null where the lead says nothing. */
  read: string | number | null;
}

export interface Score {
  /** 0 to 100. */
  points: number;
  band: string;
  parts: Part[];
}

/** What is scored. */
export interface Scored {
  fields: Readonly<Record<string, string>>;
  enriched: Enriched;
}

/** Weights that the tenant has set, by factor: the most points that factor gives; others keep the playbook's. */
export type Weights = Readonly<Record<string, number>>;

const MOST = 100;

/** A lead's score, factor by factor. Pure. */
export function scoreOf(card: ScoreCard, lead: Scored, weights: Weights = {}): Score {
  const parts = Object.entries(card.factors).map(([key, factor]): Part => {
    const own = weightOf(factor);
    const most = weights[key] ?? own;
    const { read, points } = readFactor(factor, lead);
    return { factor: key, read, most, points: own === 0 ? 0 : Math.round((points * most) / own) };
  });
  const sum = parts.reduce((total, part) => total + part.points, 0);
  const points = Math.min(MOST, Math.max(0, sum));
  return { points, band: bandOf(card, points).key, parts };
}

/** The band of a score. */
export function bandOf({ bands }: Pick<ScoreCard, 'bands'>, points: number): Band {
  const band = bands.find(({ from }) => points >= from) ?? bands.at(-1);
  if (!band) throw new Error('a score without bands');
  return band;
}

function readFactor(factor: Factor, { fields, enriched }: Scored): Pick<Part, 'read' | 'points'> {
  switch (factor.by) {
    case 'given': {
      if (fields[factor.field] !== undefined) return { read: 'given', points: factor.points };
      const found = enriched.found?.[factor.field] !== undefined;
      return found ? { read: 'found', points: factor.points } : { read: null, points: 0 };
    }
    case 'choice': {
      const option = fields[factor.field];
      return option === undefined ? { read: null, points: 0 } : { read: option, points: factor.points[option] ?? 0 };
    }
    case 'amount': {
      const text = fields[factor.field];
      if (text === undefined) return { read: null, points: 0 };
      const amount = Number(text);
      const tier = [...factor.tiers].sort((a, b) => b.from - a.from).find(({ from }) => amount >= from);
      return { read: amount, points: tier?.points ?? 0 };
    }
    case 'distance': {
      const { miles } = enriched;
      if (miles === undefined) return { read: null, points: 0 };
      const tier = [...factor.tiers].sort((a, b) => a.upTo - b.upTo).find(({ upTo }) => miles <= upTo);
      return { read: miles, points: tier?.points ?? 0 };
    }
  }
}

/** Whether a lead is worth so much that managers hear of it at once. */
export function isHighValue({ highValue }: Pick<ScoreCard, 'highValue'>, fields: Scored['fields']): boolean {
  return highValue !== undefined && Number(fields[highValue.field] ?? 0) > highValue.over;
}
