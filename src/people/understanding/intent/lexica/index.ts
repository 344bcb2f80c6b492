import type { Lexicon } from '../concepts.ts';
import { german } from './de.ts';
import { english } from './en.ts';
import { spanish } from './es.ts';
import { hindi } from './hi.ts';
import { swedish } from './sv.ts';

/** The lexica of all languages read, English first. */
export const lexica: readonly Lexicon[] = [english, swedish, spanish, german, hindi];
