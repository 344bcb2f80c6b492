/** Playbooks: lines of business as data, read from files once and checked as a whole. */
export { loadPlaybooks } from './load.ts';
export { mayMove } from './pipeline.ts';
export { plainValue, splitBody, unusableValues } from './placeholders.ts';
export type {
  Cadence,
  CadenceStep,
  ConsentText,
  Field,
  FieldType,
  FollowUpEnd,
  NoticeKey,
  Pipeline,
  Playbook,
  Playbooks,
  Stage,
  Template,
  TemplateCategory,
} from './types.ts';
export { toWhatsAppBody, type WhatsAppBody, whatsAppVariables } from './whatsapp.ts';
