export { type Classified, classify, languageOf } from './classify.ts';
export type { Intent, Language } from './concepts.ts';
