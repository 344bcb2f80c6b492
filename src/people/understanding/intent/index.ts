export { type Classified, classify, languageOf } from './classify.ts';
export type { Intent } from './concepts.ts';
