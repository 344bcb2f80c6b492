import type { Language } from './language.ts';
import { english } from './lexicon-en.ts';

/** The languages whose rules are run on every message, English first. */
export const languages: readonly Language[] = [english];
