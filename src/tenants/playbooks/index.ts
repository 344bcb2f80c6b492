/** Playbooks: lines of business as data, read from files once and checked as a whole. */
export { answersFor, asksAmount, conditionWords, isMeantFor, meansTheSame } from './condition.ts';
export { fileWords } from './file-words.ts';
export { playbookJsonSchemas } from './json-schemas.ts';
export { loadPlaybooks, playbooksOf, readPlaybooks } from './load.ts';
export type { Meaning } from './meanings.ts';
export type { NoticeKey } from './notice-keys.ts';
export { type Overlay, overlayFindings, tenantPlaybook, tenantPlaybooks } from './overlay.ts';
export { mayMove, movesTo, type OpenStage, openStages } from './pipeline.ts';
export {
  maxValueLength,
  OPTIONAL_LINK,
  plainValue,
  splitBody,
  unusableValues,
  withoutOptionalLink,
} from './placeholders.ts';
export { stepSchema } from './schema.ts';
export type {
  Amounts,
  Band,
  Cadence,
  CadenceStep,
  Condition,
  Factor,
  Field,
  FieldType,
  FormWords,
  Playbook,
  PlaybookSource,
  Playbooks,
  ScoreCard,
  Stage,
  Template,
} from './types.ts';
export { textsOfStep } from './types.ts';
export { weightOf } from './weight.ts';
export { toWhatsAppBody, whatsAppVariables } from './whatsapp.ts';
