/** Changes of settings: what they are, what they would do, who has to agree, and how they come to count. */

export { BRAND_PREVIEW, brandingAfter, colourNote } from './branding.ts';
export { createSettingChanges } from './changes.ts';
export type { Change } from './diff.ts';
export { isPageAddress } from './entered.ts';
export { languageName, placeWords, stepWords } from './entries.ts';
export type { Entered, FormField } from './field.ts';
export { type Group, groupNamed, groupOf, groupsOf } from './groups.ts';
export { type PlanDifference, planDifference, type Touched } from './plan-difference.ts';
export type { SettingChange } from './store.ts';
export { groupSummary } from './summaries.ts';
export type {
  Decision,
  Diverted,
  Draft,
  Outcome,
  SenderPort,
  SettingChanges,
  SettingVersion,
} from './types.ts';
export { partsOf } from './units.ts';
export { type ChangeLine, changeLines } from './words.ts';
export { exportSettings, importSettings } from './yaml.ts';
