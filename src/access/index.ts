/** Who may come in by the API: keys, sign-ins and tokens, and answers that are given once. */
export { type Answered, type AnswerLog, createAnswerLog } from './answers.ts';
export { createKeyBook, type KeyBook } from './keys.ts';
export { createSignIns, Locked, type SignIns, Unauthorised } from './sign-in.ts';
export type { ApiKey, Caller } from './types.ts';
