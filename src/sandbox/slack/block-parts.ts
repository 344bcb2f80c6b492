import { z } from 'zod';

/*
 * The small parts Block Kit is made of, with Slack's limits (docs.slack.dev, "Block Kit reference"). Objects are strict
 * because Slack refuses unknown properties ("invalid additional property").
 */

/** `plain_text` of 1 to `max` characters. */
export function plainText(max: number) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
}

function markdownText(max: number) {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });
}

/** Either kind of text of 1 to `max` characters. */
export function anyText(max: number) {
  return z.discriminatedUnion('type', [plainText(max), markdownText(max)]);
}

/** Slack's reference now says 150 for `value`, the published types 75; the stricter holds here. */
const OPTION_VALUE_MAX = 75;

export const plainOption = z.strictObject({
  text: plainText(75),
  value: z.string().min(1).max(OPTION_VALUE_MAX),
  description: plainText(75).optional(),
  url: z.url().max(3000).optional(),
});

/** Options of check boxes and radio buttons may be written in mrkdwn. */
export const richOption = z.strictObject({
  text: anyText(75),
  value: z.string().min(1).max(OPTION_VALUE_MAX),
  description: anyText(75).optional(),
});

export type Option = z.infer<typeof richOption> | z.infer<typeof plainOption>;

/** The options of a select: either a flat list or groups, never both, at most 100 of each. */
export const selectOptions = {
  options: z.array(plainOption).min(1).max(100).optional(),
  option_groups: z
    .array(z.strictObject({ label: plainText(75), options: z.array(plainOption).min(1).max(100) }))
    .min(1)
    .max(100)
    .optional(),
};

export const actionable = { action_id: z.string().min(1).max(255).optional() };
export const focusable = { focus_on_load: z.boolean().optional() };
export const placeholdable = { placeholder: plainText(150).optional() };
export const dispatchable = {
  dispatch_action_config: z
    .strictObject({ trigger_actions_on: z.array(z.enum(['on_enter_pressed', 'on_character_entered'])).optional() })
    .optional(),
};
export const confirmable = {
  confirm: z
    .strictObject({
      title: plainText(100).optional(),
      text: anyText(300),
      confirm: plainText(30).optional(),
      deny: plainText(30).optional(),
      style: z.enum(['primary', 'danger']).optional(),
    })
    .optional(),
};
export const conversationFilter = {
  default_to_current_conversation: z.boolean().optional(),
  filter: z
    .strictObject({
      include: z
        .array(z.enum(['im', 'mpim', 'private', 'public']))
        .min(1)
        .optional(),
      exclude_external_shared_channels: z.boolean().optional(),
      exclude_bot_users: z.boolean().optional(),
    })
    .optional(),
};
export const respondable = { response_url_enabled: z.boolean().optional() };
export const countable = { max_selected_items: z.number().int().min(1).optional() };

/** The picture of an image block or element: a public address or a file in Slack, one of the two. */
export const picture = {
  image_url: z.string().min(1).max(3000).optional(),
  slack_file: z
    .union([z.strictObject({ url: z.string().min(1) }), z.strictObject({ id: z.string().min(1) })])
    .optional(),
};

export function hasOnePicture(image: { image_url?: unknown; slack_file?: unknown }): boolean {
  return (image.image_url === undefined) !== (image.slack_file === undefined);
}
