/** Playbooks: lines of business as data, read from files once and checked as a whole. */
export { loadPlaybooks } from './load.ts';
export { mayMove } from './pipeline.ts';
export { plainValue, splitBody, unusableValues } from './placeholders.ts';
export type {
  CadenceStep,
  Field,
  FieldType,
  NoticeKey,
  Playbook,
  Playbooks,
  Template,
} from './types.ts';
export { toWhatsAppBody, whatsAppVariables } from './whatsapp.ts';
