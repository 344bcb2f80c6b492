import type { Language } from './language.ts';
import { german } from './lexicon-de.ts';
import { english } from './lexicon-en.ts';
import { spanish } from './lexicon-es.ts';
import { hindi } from './lexicon-hi.ts';
import { romance } from './lexicon-others.ts';
import { swedish } from './lexicon-sv.ts';

/** The languages whose rules are run on every message, English first. */
export const languages: readonly Language[] = [english, swedish, spanish, german, hindi, romance];
