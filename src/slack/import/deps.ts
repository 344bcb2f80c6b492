import type { Imports } from '../../leads/index.ts';
import type { CardDeps } from '../card/index.ts';
import type { Outlets } from '../card/outlets.ts';

/** What bringing in files stands on. */
export interface ImportDeps extends CardDeps {
  imports: Imports;
  outlets: Outlets;
}

export const FILE = 'import_file';
export const COLUMNS = 'import_columns';
export const CONFIRM = 'import_confirm';
export const PROBLEMS = 'import_problems';
export const WITHDRAW = 'import_withdraw';
