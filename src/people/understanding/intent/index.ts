export { type Classified, classify, languageOf } from './classify.ts';
export { INTENTS, type Intent } from './concepts.ts';
