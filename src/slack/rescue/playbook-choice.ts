import type { Playbooks } from '../../tenants/index.ts';
import { option } from '../views.ts';

/** What enquiries become: every playbook, the standard one unless somebody chooses. Pure. */
export const playbookChoice = ({ all, standard }: Pick<Playbooks, 'all' | 'standard'>) => ({
  type: 'static_select' as const,
  options: all.map(({ key, name }) => option(name, key)),
  initial_option: option(standard.name, standard.key),
});
