import { z } from 'zod';
import type { FormValues } from './feature.ts';

/* What people entered, as Slack sends it: by block id, by action id (docs.slack.dev, "view.state"). */

const option = z.object({ value: z.string() });

const element = z.object({
  value: z.string().nullish(),
  selected_option: option.nullish(),
  selected_options: z.array(option).nullish(),
  selected_user: z.string().nullish(),
  selected_channel: z.string().nullish(),
  selected_conversation: z.string().nullish(),
  selected_date: z.string().nullish(),
  // through Slack Connect a file comes as an id alone
  files: z.array(z.object({ id: z.string(), mimetype: z.string().default(''), size: z.number().default(0) })).nullish(),
});
type Entered = z.infer<typeof element>;

export const stateValues = z.record(z.string(), z.record(z.string(), element));
export type StateValues = z.infer<typeof stateValues>;

const choiceIn = (entered: Entered | undefined): string =>
  entered?.selected_option?.value ??
  entered?.selected_user ??
  entered?.selected_channel ??
  entered?.selected_conversation ??
  entered?.selected_date ??
  '';

/** Reads values by block id; an input that is not there is as empty as one that was left empty. */
export function formValues(state: StateValues): FormValues {
  const first = (name: string) => Object.values(state[name] ?? {})[0];
  return {
    text: (name) => first(name)?.value ?? '',
    choice: (name) => choiceIn(first(name)),
    checked: (name) => first(name)?.selected_options?.map((each) => each.value) ?? [],
    files: (name) => first(name)?.files ?? [],
  };
}

/** What a button, menu or overflow entry carries. */
export function actionValue(action: object): string {
  const read = element.safeParse(action);
  return read.success ? (read.data.value ?? choiceIn(read.data)) : '';
}
