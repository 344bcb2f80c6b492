import type { Lexicon } from '../concepts.ts';
import { german } from './de/index.ts';
import { english } from './en/index.ts';
import { spanish } from './es/index.ts';
import { hindi } from './hi/index.ts';
import { swedish } from './sv/index.ts';

/** The lexica of all languages read, English first. */
export const lexica: readonly Lexicon[] = [english, swedish, spanish, german, hindi];
