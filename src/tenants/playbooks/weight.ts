import type { Factor } from './types.ts';

/** The most points a factor gives by its playbook. Pure. */
export function weightOf(factor: Factor): number {
  switch (factor.by) {
    case 'given':
      return factor.points;
    case 'choice':
      return Math.max(0, ...Object.values(factor.points));
    case 'amount':
    case 'distance':
      return Math.max(0, ...factor.tiers.map(({ points }) => points));
  }
}
